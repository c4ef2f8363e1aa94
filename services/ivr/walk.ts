import type { NodeName } from '../events/ids.ts';
import type { FlowContext } from './context.ts';
import { exitsOf } from './exits.ts';
import type { Flow } from './flow.ts';
import { atStart, type FlowAction, type FlowPosition, flowStep } from './interpreter.ts';

/** What happened to a caller who pressed these keys; `.` is a silence as long as the menu listens. */
export type Walk = { steps: string[]; end: 'enqueue' | 'hang-up' | 'still-listening' };

/** Walks a flow by keys, as a caller would who lets every prompt end before pressing. Pure; bounded by the keys given. */
export function walk(flow: Flow, keys: readonly string[]): Walk {
  const steps: string[] = [];
  let position: FlowPosition = atStart(flow.start);
  const context: FlowContext = {
    values: new Map(),
    inHours: () => true,
    holiday: null,
    minuteOfDay: 600,
    switchedOn: () => false,
    today: '2026-03-02',
    timeZone: 'Asia/Shanghai',
    flowOf: () => flow,
  };
  let end: Walk['end'] = 'still-listening';
  let playing = false;

  const take = (actions: readonly FlowAction[]) => {
    for (const action of actions) {
      if (action.kind === 'entered')
        position = { ...atStart(action.node), trail: action.trail ?? position.trail };
      if (action.kind === 'attempt-failed') position = { ...position, attempts: action.attempt };
      playing = action.kind === 'play';
      if (action.kind === 'enqueue' || action.kind === 'hang-up') end = action.kind;
      steps.push(inWords(action));
    }
  };
  const listenOut = () => {
    while (playing && end === 'still-listening')
      take(flowStep(flow, position, { kind: 'prompt-finished' }, context));
  };

  take(flowStep(flow, position, { kind: 'enter', node: flow.start }, context));
  listenOut();
  for (const key of keys) {
    if (end !== 'still-listening') break;
    steps.push(key === '.' ? 'caller is silent' : `caller presses ${key}`);
    take(flowStep(flow, position, key === '.' ? { kind: 'silence' } : { kind: 'key', key }, context));
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
      return [`joins queue ${action.to.queue}`, ...action.prompts.map((p) => `hears ${p}`)].join(', ');
    case 'hang-up':
      return 'is hung up';
    case 'close':
      return [...action.prompts.map((p) => `hears ${p}`), `is hung up, ${action.outcome}`].join(', ');
    case 'set':
    case 'survey-answered':
    case 'look-up':
    case 'leave-queue':
    case 'offer-callback':
    case 'record':
    case 'transfer':
      return action.kind;
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
