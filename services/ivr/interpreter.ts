import type { FlowAction, FlowInput } from './actions.ts';
import { failedAttempt, judgeEntry } from './attempts.ts';
import type { FlowContext } from './context.ts';
import type { Flow } from './flow.ts';
import { keyPressed } from './keys.ts';
import type { FlowPosition, LookupResult } from './position.ts';
import { listens, nodeOf, Walker } from './walker.ts';

export type { FlowAction, FlowInput } from './actions.ts';
export { atStart, type FlowPosition } from './position.ts';

/**
 * One step of a flow: pure, total. Moves from node to node until something takes time (a prompt, a key, a lookup, the queue) or
 * the call is to end. An input that means nothing at this node leads to nothing.
 */
export function flowStep(
  flow: Flow,
  position: FlowPosition,
  input: FlowInput,
  context: FlowContext,
): FlowAction[] {
  const walker = new Walker(flow, position, context);
  step(walker, input);
  return walker.actions;
}

function step(walker: Walker, input: FlowInput): void {
  if (input.kind === 'enter') return walker.enter(input.node);
  const node = nodeOf(walker.flow, walker.position.node);
  switch (input.kind) {
    case 'prompt-finished':
      return promptFinished(walker, node);
    case 'silence':
      if (!listens(node)) return;
      if (node.kind === 'collect' && walker.position.digits !== '') return judgeEntry(walker, node, '');
      return failedAttempt(walker, node, 'no-input');
    case 'key':
      return keyPressed(walker, node, input.key);
    case 'lookup-ended':
      // Whoever is being asked to wait a moment hears it out.
      if (node.kind === 'lookup' && !walker.position.playing) walker.enter(leadsTo(node, input.result));
      return;
    case 'done':
      return done(walker, node, input.ok);
    default:
      input satisfies never;
  }
}

function promptFinished(walker: Walker, node: ReturnType<typeof nodeOf>): void {
  switch (node.kind) {
    case 'announce':
    case 'say':
      if (node.once !== null) walker.set({ [node.once]: 'yes' });
      if (node.serves) walker.push({ kind: 'served' });
      return walker.enter(node.next);
    case 'menu':
    case 'survey':
    case 'collect':
      return walker.push({ kind: 'listen', ms: node.listenMs });
    case 'lookup':
      if (walker.position.lookup !== null) walker.enter(leadsTo(node, walker.position.lookup));
      return;
    case 'offer-callback':
      return walker.enter(node.next);
    case 'voicemail':
      return walker.push({ kind: 'record', node });
    case 'transfer':
      return walker.push(walker.transferTo(node));
    case 'hang-up':
      return walker.push({ kind: 'hang-up' });
    case 'enqueue':
    case 'branch':
    case 'set':
    case 'goto':
      return;
    default:
      node satisfies never;
  }
}

function done(walker: Walker, node: ReturnType<typeof nodeOf>, ok: boolean): void {
  switch (node.kind) {
    case 'offer-callback': {
      if (!ok) return walker.enter(node.onFailure);
      // It is promised only now: what is said of it is true.
      const prompts = walker.words(node.prompts);
      return prompts.length > 0 ? walker.push({ kind: 'play', prompts }) : walker.enter(node.next);
    }
    case 'voicemail':
      return walker.enter(ok ? node.next : node.onFailure);
    case 'transfer':
      return ok ? undefined : walker.enter(node.onFailure);
    default:
      return;
  }
}

function leadsTo(
  node: Extract<ReturnType<typeof nodeOf>, { kind: 'lookup' }>,
  result: LookupResult,
): Flow['start'] {
  switch (result) {
    case 'found':
      return node.onFound;
    case 'not-found':
      return node.onNotFound;
    case 'failed':
      return node.onFailure;
    default:
      return result satisfies never;
  }
}
