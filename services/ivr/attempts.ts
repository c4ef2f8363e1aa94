import { type FlowNode, personKey, repeatKey } from './flow.ts';
import type { Listener, Walker } from './walker.ts';

type Collect = Extract<FlowNode, { kind: 'collect' }>;

/** Nothing, or nothing of use: said so and asked again, until it has been often enough. */
export function failedAttempt(
  walker: Walker,
  node: Listener,
  because: 'invalid-key' | 'no-input' | 'invalid-entry',
): void {
  const attempt = walker.position.attempts + 1;
  walker.push({ kind: 'attempt-failed', because, attempt });
  if (attempt >= node.maxAttempts) return walker.enter(node.onFailure);
  const apology =
    because === 'no-input' ? node.noInput : node.kind === 'collect' ? node.invalidEntry : node.invalidKey;
  const prompts = walker.words([...apology, ...node.prompts]);
  if (prompts.length > 0) walker.push({ kind: 'play', prompts });
  else walker.enter(node.onFailure);
}

/**
 * The entry is complete: ended by #, by its last possible digit (`last`), or by a pause. A lone 0 or 9 means what it means everywhere.
 */
export function judgeEntry(walker: Walker, node: Collect, last: string): void {
  const entry = walker.position.digits + last;
  if (entry === personKey) return walker.enter(walker.flow.person);
  if (entry === repeatKey) return walker.enter(walker.position.node);
  const fits =
    entry.length >= node.minDigits &&
    entry.length <= node.maxDigits &&
    (node.check === null || node.check.test(entry));
  if (!fits) return failedAttempt(walker, node, 'invalid-entry');
  walker.set({ [node.into]: entry });
  walker.enter(node.next);
}
