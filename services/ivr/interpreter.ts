import type { NodeName, PromptId, QueueId } from '../events/ids.ts';
import type { Flow, FlowNode } from './flow.ts';

/** Where a caller is in a flow. `attempts`: silences and wrong keys at this menu so far. */
export type FlowPosition = { readonly node: NodeName; readonly attempts: number };

export type FlowInput =
  | { kind: 'enter'; node: NodeName }
  | { kind: 'prompt-finished' }
  | { kind: 'key'; key: string }
  | { kind: 'silence' };

/** What is to happen, in order. At most one of play, enqueue, hang-up ends the list: then the flow waits for its next input. */
export type FlowAction =
  | { kind: 'entered'; node: NodeName }
  | { kind: 'key-judged'; result: 'accepted' | 'invalid' | 'ignored' }
  | { kind: 'attempt-failed'; because: 'invalid-key' | 'no-input'; attempt: number }
  | { kind: 'served' }
  | { kind: 'play'; prompts: readonly PromptId[] }
  | { kind: 'listen'; ms: number }
  /** Wait for a person; `prompts` are heard while waiting. */
  | { kind: 'enqueue'; queue: QueueId; priority: number; prompts: readonly PromptId[] }
  | { kind: 'hang-up' };

/**
 * One step of a flow: pure, total. Moves from node to node until something takes time (a prompt, a key, the queue) or
 * the call is to end. Nodes without prompts are passed through at once; the checker refuses loops of such nodes, and the
 * walk is bounded by the number of nodes all the same.
 */
export function flowStep(flow: Flow, position: FlowPosition, input: FlowInput): FlowAction[] {
  if (input.kind === 'enter') return enter(flow, input.node);
  const node = nodeOf(flow, position.node);
  switch (input.kind) {
    case 'prompt-finished':
      if (node.kind === 'menu') return [{ kind: 'listen', ms: node.listenMs }];
      return node.kind === 'enqueue' ? [] : leave(flow, position.node, node);
    case 'silence':
      return node.kind === 'menu' ? failedAttempt(flow, node, position, 'no-input') : [];
    case 'key':
      return key(flow, position, node, input.key);
    default:
      return input satisfies never;
  }
}

/** Keys are heard during every prompt: one pressed while an announcement plays counts at the menu it leads to. */
function key(flow: Flow, position: FlowPosition, node: FlowNode, pressed: string): FlowAction[] {
  const menu = menuAhead(flow, node);
  const target = menu?.keys.get(pressed);
  if (target) {
    const to = target.kind === 'repeat' ? position.node : target.node;
    return [{ kind: 'key-judged', result: 'accepted' }, ...enter(flow, to)];
  }
  if (node.kind !== 'menu') return [{ kind: 'key-judged', result: 'ignored' }];
  return [{ kind: 'key-judged', result: 'invalid' }, ...failedAttempt(flow, node, position, 'invalid-key')];
}

/** The menu itself, or the one that announcements from here lead to. */
function menuAhead(flow: Flow, from: FlowNode): Extract<FlowNode, { kind: 'menu' }> | null {
  let node = from;
  for (let passed = 0; passed <= flow.nodes.size && node.kind === 'announce'; passed++)
    node = nodeOf(flow, node.next);
  return node.kind === 'menu' ? node : null;
}

function failedAttempt(
  flow: Flow,
  menu: Extract<FlowNode, { kind: 'menu' }>,
  position: FlowPosition,
  because: 'invalid-key' | 'no-input',
): FlowAction[] {
  const attempt = position.attempts + 1;
  const failed: FlowAction = { kind: 'attempt-failed', because, attempt };
  if (attempt >= menu.maxAttempts) return [failed, ...enter(flow, menu.onFailure)];
  const apology = because === 'invalid-key' ? menu.invalidKey : menu.noInput;
  return [failed, { kind: 'play', prompts: [...apology, ...menu.prompts] }];
}

function enter(flow: Flow, name: NodeName): FlowAction[] {
  const actions: FlowAction[] = [];
  let at = name;
  for (let passed = 0; passed <= flow.nodes.size; passed++) {
    const node = nodeOf(flow, at);
    actions.push({ kind: 'entered', node: at });
    if (node.kind === 'enqueue') {
      const { queue, priority, prompts } = node;
      return [...actions, { kind: 'enqueue', queue, priority, prompts }];
    }
    if (node.prompts.length > 0) return [...actions, { kind: 'play', prompts: node.prompts }];
    if (node.kind === 'menu') throw new Error(`flow ${flow.id}: menu ${at} says nothing`);
    if (node.kind === 'hang-up') return [...actions, ...leave(flow, at, node)];
    if (node.serves) actions.push({ kind: 'served' });
    at = node.next;
  }
  throw new Error(`flow ${flow.id}: nodes without prompts form a loop through ${name}`);
}

function leave(
  flow: Flow,
  name: NodeName,
  node: Extract<FlowNode, { kind: 'announce' | 'hang-up' }>,
): FlowAction[] {
  switch (node.kind) {
    case 'announce':
      return [...(node.serves ? [{ kind: 'served' } as const] : []), ...enter(flow, node.next)];
    case 'hang-up':
      return [{ kind: 'hang-up' }];
    default:
      throw new Error(`flow ${flow.id}: node ${name} has no way on: ${JSON.stringify(node satisfies never)}`);
  }
}

/** The checker proves that every name exists; a missing one is a bug, not an input. */
function nodeOf(flow: Flow, name: NodeName): FlowNode {
  const node = flow.nodes.get(name);
  if (!node) throw new Error(`flow ${flow.id} version ${flow.version} has no node ${name}`);
  return node;
}
