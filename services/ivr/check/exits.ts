import { overflowExits } from '../flow.ts';
import type { NodeText } from '../flow-text.ts';
import type { CheckedFlow, CheckedFlows, Place, Ref } from './model.ts';
import { refOf } from './model.ts';
import type { Path } from './source.ts';

/**
 * One way on from a node. `by`, what makes the caller take it:
 * - `key`: the caller presses something, or has keyed in or said what was asked for
 * - `itself`: it comes by itself, at once or when all is said
 * - `failures`: silences and wrong keys
 * - `full`, `waited`: the queue has no room; the longest wait has passed
 */
export type Exit = {
  readonly to: string;
  readonly field: Path;
  readonly label: string;
  readonly by: 'key' | 'itself' | 'failures' | 'full' | 'waited';
};

/** Keys of a menu that do not name a node. */
export const keyWords: ReadonlySet<string> = new Set(['repeat', 'back']);

/** The ways on that a node's text gives, within its flow; what the keys 0, 9 and * do is not among them. */
export function exitsOf(node: NodeText, person: string): Exit[] {
  const itself = (field: string, to: string, label: string): Exit => ({
    to,
    field: [field],
    label,
    by: 'itself',
  });
  const failures = (node: { onFailure?: string | undefined; maxAttempts: number }): Exit => ({
    to: node.onFailure ?? person,
    field: ['onFailure'],
    label: `${node.maxAttempts} failures`,
    by: 'failures',
  });
  switch (node.kind) {
    case 'announce':
    case 'say':
      return [itself('next', node.next, '')];
    case 'set':
      return [itself('next', node.next, '')];
    case 'menu':
      return [...keyed(node.keys), failures(node)];
    case 'collect':
      return [{ to: node.next, field: ['next'], label: node.into, by: 'key' }, failures(node)];
    case 'survey':
      return [{ to: node.next, field: ['next'], label: 'score', by: 'key' }, failures(node)];
    case 'lookup':
      return [
        itself('onFound', node.onFound, 'found'),
        itself('onNotFound', node.onNotFound, 'not found'),
        itself('onFailure', node.onFailure, 'failed'),
      ];
    case 'branch':
      return [
        ...node.when.map(
          ({ next }, i): Exit => ({ to: next, field: ['when', i, 'next'], label: `${i + 1}`, by: 'itself' }),
        ),
        itself('otherwise', node.otherwise, 'otherwise'),
      ];
    case 'enqueue':
      return [
        ...keyed(node.keys),
        { to: node.onTimeout, field: ['onTimeout'], label: 'waited too long', by: 'waited' },
        { to: node.onFull, field: ['onFull'], label: 'full', by: 'full' },
        ...overflowExits.flatMap((exit): Exit[] => {
          const to = node.onOverflow[exit];
          return to === undefined
            ? []
            : [{ to, field: ['onOverflow', exit], label: `overflow: ${exit}`, by: 'full' }];
        }),
      ];
    case 'offer-callback':
      return [itself('next', node.next, 'promised'), itself('onFailure', node.onFailure, 'failed')];
    case 'voicemail':
      return [
        { to: node.next, field: ['next'], label: 'recorded', by: 'key' },
        itself('onFailure', node.onFailure, 'nothing said'),
      ];
    case 'transfer':
      return [itself('onFailure', node.onFailure, 'no answer')];
    case 'goto':
    case 'hang-up':
      return [];
    default:
      return node satisfies never;
  }
}

function keyed(keys: Readonly<Record<string, string>>): Exit[] {
  return Object.entries(keys)
    .filter(([, to]) => !keyWords.has(to))
    .map(([key, to]) => ({ to, field: ['keys', key], label: key, by: 'key' }));
}

/** A way on from one node to another that is there, among all flows. */
export type Edge = Exit & { readonly toRef: Ref };

/** Every way on from a node, the other flow of a goto and key 0 included; what leads nowhere is left out. */
export function edgesOf({ flow, name, node }: Place, flows: CheckedFlows): Edge[] {
  if (node === null)
    return (flow.mentions.get(name) ?? [])
      .filter((to) => flow.nodes.has(to))
      .map((to) => ({ to, toRef: refOf(flow.id, to), field: [], label: '', by: 'key' }));
  if (node.kind === 'goto') return gotoEdge(node, flows);
  const exits = exitsOf(node, flow.head.person);
  const person: Exit = { to: flow.head.person, field: [], label: '0', by: 'key' };
  return (hearsKeys(node) ? [...exits, person] : exits)
    .filter(({ to }) => flow.nodes.has(to))
    .map((exit) => ({ ...exit, toRef: refOf(flow.id, exit.to) }));
}

function gotoEdge(node: Extract<NodeText, { kind: 'goto' }>, flows: CheckedFlows): Edge[] {
  const other = flows.get(node.flow);
  const to = node.node ?? other?.head.start;
  if (!other || to === undefined || !other.nodes.has(to)) return [];
  return [{ to, toRef: refOf(other.id, to), field: ['flow'], label: `flow ${other.id}`, by: 'itself' }];
}

/** Where a caller is asked for keys. */
export const hearsKeys = (node: NodeText): node is Extract<NodeText, { maxAttempts: number }> =>
  node.kind === 'menu' || node.kind === 'collect' || node.kind === 'survey';

/** The nodes at which a flow can be entered, with the field that says so. */
export function entriesOf(flow: CheckedFlow): { field: string; node: string }[] {
  const { start, person, agentLost, afterAgent } = flow.head;
  return [
    { field: 'start', node: start },
    { field: 'person', node: person },
    { field: 'agentLost', node: agentLost },
    ...(afterAgent === undefined ? [] : [{ field: 'afterAgent', node: afterAgent }]),
  ];
}
