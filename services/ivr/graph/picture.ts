import type { NodeName } from '../../events/ids.ts';
import { exitsOf, otherFlowOf } from '../exits.ts';
import { type Flow, type FlowNode, personKey, repeatKey } from '../flow.ts';
import { conditionWords } from './condition-words.ts';

/** A flow as it is drawn: boxes and the ways between them. */
export type Picture = {
  readonly title: string;
  readonly boxes: readonly Box[];
  readonly ways: readonly Way[];
};
export type Box = {
  readonly name: NodeName;
  readonly kind: FlowNode['kind'];
  /** What a person wants to know of it beside its name: the queue, the lookup. */
  readonly detail: string;
  /** `start`, `0`, `agent lost`, `after agent`: how a call gets here from outside. */
  readonly entry: string | null;
};
export type Way = { readonly from: NodeName; readonly to: NodeName; readonly label: string };

/**
 * What is to be drawn of a flow. Ways that are there everywhere are left out, or nothing else would be seen: key 0 and three failures to a person,
 * key 9 back to the same node, key * back.
 */
export function pictureOf(flow: Flow): Picture {
  const entries = new Map<NodeName, string[]>();
  for (const [entry, node] of [
    ['start', flow.start],
    ['key 0', flow.person],
    ['agent lost', flow.agentLost],
    ['after agent', flow.afterAgent],
  ] as const)
    if (node !== null) entries.set(node, [...(entries.get(node) ?? []), entry]);
  const boxes = [...flow.nodes].map(
    ([name, node]): Box => ({
      name,
      kind: node.kind,
      detail: detailOf(node),
      entry: entries.get(name)?.join(', ') ?? null,
    }),
  );
  const ways = [...flow.nodes].flatMap(([name, node]) => waysFrom(flow, name, node));
  return { title: `${flow.id} · version ${flow.version}`, boxes, ways };
}

/** One way to each other node, with all that leads there. */
function waysFrom(flow: Flow, from: NodeName, node: FlowNode): Way[] {
  const labels = new Map<NodeName, string[]>();
  for (const [told, to] of exitsOf(from, node)) {
    const label = shortLabel(node, told);
    const everywhere =
      (to === flow.person && (label === personKey || label.endsWith(' failures'))) ||
      (to === from && label === repeatKey);
    if (!everywhere) labels.set(to, [...(labels.get(to) ?? []), label]);
  }
  return [...labels].map(([to, all]) => ({ from, to, label: all.filter((one) => one !== '').join(', ') }));
}

function shortLabel(node: FlowNode, label: string): string {
  const asked = node.kind === 'branch' ? /^if (\d+)$/.exec(label) : null;
  const condition = node.kind === 'branch' && asked ? node.when[Number(asked[1]) - 1]?.condition : undefined;
  if (condition) return conditionWords(condition);
  return shorter[label] ?? label.replace(/^after (\d+ failures)$/, '$1');
}

const shorter: Readonly<Record<string, string>> = {
  // biome-ignore lint/suspicious/noThenProperty: the label that exitsOf gives to the only way on; nobody awaits a table of labels
  then: '',
  'waited too long': 'waited',
  'queue full': 'full',
};

function detailOf(node: FlowNode): string {
  switch (node.kind) {
    case 'enqueue':
    case 'offer-callback':
    case 'voicemail':
      return node.queue;
    case 'lookup':
      return node.lookup;
    case 'collect':
      return node.into;
    case 'set':
      return Object.entries(node.values)
        .map(([name, value]) => `${name} = ${value}`)
        .join(', ');
    case 'goto': {
      const other = otherFlowOf(node);
      return other ? `${other.flow}${other.node === null ? '' : `/${other.node}`}` : '';
    }
    case 'transfer':
      return node.to;
    case 'hang-up':
      return node.outcome ?? '';
    case 'announce':
    case 'say':
      return [node.serves ? 'serves' : '', node.once === null ? '' : `once: ${node.once}`]
        .filter((word) => word !== '')
        .join(', ');
    case 'menu':
    case 'survey':
    case 'branch':
      return '';
    default:
      return node satisfies never;
  }
}
