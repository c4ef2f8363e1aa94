import { type Edge, entriesOf } from './exits.ts';
import type { CheckedFlow, Place, Ref } from './model.ts';
import { nodePath, refOf } from './model.ts';
import type { Problem } from './problem.ts';
import { problemIn } from './report.ts';

/** The nodes of all flows with the ways between them. */
export type Graph = {
  readonly places: ReadonlyMap<Ref, Place>;
  readonly edges: ReadonlyMap<Ref, readonly Edge[]>;
};

/** Everything that can be got to from these nodes, themselves included, by ways that count. */
export function reachable(graph: Graph, from: Iterable<Ref>, counts = (_: Edge) => true): Set<Ref> {
  const seen = new Set<Ref>();
  const open = [...from].filter((ref) => graph.places.has(ref));
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    for (const edge of graph.edges.get(at) ?? []) if (counts(edge)) open.push(edge.toRef);
  }
  return seen;
}

/** Nodes no caller can get to: from any flow's start, by key 0, by losing an agent, or after one. */
export function unreachable(graph: Graph, flows: Iterable<CheckedFlow>): Problem[] {
  const all = [...flows];
  const seen = reachable(
    graph,
    all.flatMap((flow) => entriesOf(flow).map(({ node }) => refOf(flow.id, node))),
  );
  return [...graph.places]
    .filter(([ref]) => !seen.has(ref))
    .map(([, { flow, name }]) =>
      problemIn(flow, {
        kind: 'unreachable',
        at: nodePath(name),
        what: 'no caller can get here',
        suggestion: 'lead a key or a `next` here, or take it out',
      }),
    );
}

/** Nodes from which no call can end: neither with a person, nor elsewhere, nor by hanging up. */
export function deadEnds(graph: Graph): Problem[] {
  const backwards = new Map<Ref, Ref[]>();
  for (const [from, edges] of graph.edges)
    for (const { toRef } of edges) {
      const before = backwards.get(toRef);
      if (before) before.push(from);
      else backwards.set(toRef, [from]);
    }
  const good = new Set<Ref>();
  const open = [...graph.places].filter(([, place]) => isEnd(place)).map(([ref]) => ref);
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (good.has(at)) continue;
    good.add(at);
    open.push(...(backwards.get(at) ?? []));
  }
  return [...graph.places]
    .filter(([ref, { node }]) => node !== null && !good.has(ref))
    .map(([, { flow, name }]) =>
      problemIn(flow, {
        kind: 'dead-end',
        at: nodePath(name),
        what: 'from here a call cannot end: it reaches neither a person nor a hang-up',
      }),
    );
}

/** Nothing is known of where a node leads that cannot be read, or that leads to what is not there. */
function isEnd({ flow, node }: Place): boolean {
  if (node === null) return true;
  switch (node.kind) {
    case 'hang-up':
    case 'enqueue':
    case 'transfer':
    case 'goto':
      return true;
    default:
      return 'next' in node && !flow.nodes.has(node.next);
  }
}
