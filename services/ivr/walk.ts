import type { NodeName } from '../events/ids.ts';
import type { Flow, FlowNode } from './flow.ts';
import { type FlowAction, flowStep } from './interpreter.ts';

/** What happened to a caller who pressed these keys; `.` is a silence as long as the menu listens. */
export type Walk = { steps: string[]; end: 'enqueue' | 'hang-up' | 'still-listening' };

/** Walks a flow by keys, as a caller would who lets every prompt end before pressing. Pure; bounded by the keys given. */
export function walk(flow: Flow, keys: readonly string[]): Walk {
  const steps: string[] = [];
  let position = { node: flow.start, attempts: 0 };
  let end: Walk['end'] = 'still-listening';
  let playing = false;

  const take = (actions: readonly FlowAction[]) => {
    for (const action of actions) {
      if (action.kind === 'entered') position = { node: action.node, attempts: 0 };
      if (action.kind === 'attempt-failed') position = { ...position, attempts: action.attempt };
      playing = action.kind === 'play';
      if (action.kind === 'enqueue' || action.kind === 'hang-up') end = action.kind;
      steps.push(inWords(action));
    }
  };
  const listenOut = () => {
    while (playing && end === 'still-listening') take(flowStep(flow, position, { kind: 'prompt-finished' }));
  };

  take(flowStep(flow, position, { kind: 'enter', node: flow.start }));
  listenOut();
  for (const key of keys) {
    if (end !== 'still-listening') break;
    steps.push(key === '.' ? 'caller is silent' : `caller presses ${key}`);
    take(flowStep(flow, position, key === '.' ? { kind: 'silence' } : { kind: 'key', key }));
    listenOut();
  }
  return { steps, end };
}

function inWords(action: FlowAction): string {
  switch (action.kind) {
    case 'entered':
      return `enters ${action.node}`;
    case 'key-judged':
      return `key ${action.result}`;
    case 'attempt-failed':
      return `attempt ${action.attempt} failed: ${action.because}`;
    case 'served':
      return 'is served';
    case 'play':
      return `hears ${action.prompts.join(', ')}`;
    case 'listen':
      return `is listened to for ${action.ms / 1000} s`;
    case 'enqueue':
      return [`joins queue ${action.queue}`, ...action.prompts.map((p) => `hears ${p}`)].join(', ');
    case 'hang-up':
      return 'is hung up';
    default:
      return action satisfies never;
  }
}

/** The flow as a Mermaid flowchart. */
export function mermaid(flow: Flow): string {
  const lines = [`flowchart TD`, `  start((${flow.id})) --> ${idOf(flow.start)}`];
  for (const [name, node] of flow.nodes) {
    lines.push(`  ${idOf(name)}["${name} · ${node.kind}${node.kind === 'enqueue' ? ` ${node.queue}` : ''}"]`);
    for (const [label, to] of exitsOf(name, node))
      lines.push(`  ${idOf(name)} -- "${label}" --> ${idOf(to)}`);
  }
  return lines.join('\n');
}

// "end" and "start" mean something to Mermaid.
const idOf = (name: NodeName) => `n_${name.replaceAll(/\W/g, '_')}`;

function exitsOf(name: NodeName, node: FlowNode): [string, NodeName][] {
  switch (node.kind) {
    case 'announce':
      return [['then', node.next]];
    case 'menu':
      return [
        ...[...node.keys].map(([key, to]): [string, NodeName] => [
          key,
          to.kind === 'repeat' ? name : to.node,
        ]),
        [`after ${node.maxAttempts} failures`, node.onFailure],
      ];
    case 'enqueue':
      return [
        ['waited too long', node.onTimeout],
        ['queue full', node.onFull],
      ];
    case 'hang-up':
      return [];
    default:
      return node satisfies never;
  }
}
