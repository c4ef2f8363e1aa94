import type { Edge } from './exits.ts';
import type { Place, Ref } from './model.ts';
import { nodePath } from './model.ts';
import type { Problem } from './problem.ts';
import type { Graph } from './reach.ts';
import { problemIn } from './report.ts';

/**
 * Ways round and round on which the caller has no part.
 * 1. Without anything that takes time: nodes that say nothing and lead to each other, lookups that fail at once, queues that hand a
 *    caller on to each other when they are full. The call would never come to rest.
 * 2. With something said, but the same for ever to a caller who presses nothing (a line that is dead, a telephone on the table). Waiting
 *    in a queue again and again is no such way: that caller waits for a person, and hears the music.
 */
export function endlessLoops(graph: Graph): Problem[] {
  const atOnce = circles(
    graph,
    (place, edge) => edge.by === 'full' || (edge.by === 'itself' && !says(place)),
  );
  const passive = circles(graph, (_, edge) => edge.by === 'itself' || edge.by === 'failures');
  const told = new Set(atOnce.flat());
  return [
    ...atOnce.map((circle) =>
      inWords(graph, circle, 'lead to each other for ever, without anything being said'),
    ),
    ...passive
      .filter((circle) => !circle.some((ref) => told.has(ref)))
      .map((circle) => inWords(graph, circle, 'lead a caller who presses nothing round for ever')),
  ];
}

/** Whether time passes here before the caller goes on, every time. */
const says = ({ node }: Place): boolean =>
  node === null ||
  node.kind === 'transfer' ||
  ('prompts' in node && node.prompts.length > 0 && !(node.kind === 'announce' && node.once !== undefined));

function inWords(graph: Graph, circle: readonly Ref[], what: string): Problem {
  const places = circle.map((ref) => graph.places.get(ref)).filter((place) => place !== undefined);
  const [first] = places;
  if (!first) throw new Error('a circle has no node');
  const sameFlow = places.every(({ flow }) => flow === first.flow);
  const names = places.map(({ flow, name }) => (sameFlow ? name : `${flow.id}/${name}`));
  const alone = names.length === 1;
  return problemIn(first.flow, {
    kind: 'loop',
    at: nodePath(first.name),
    what: alone
      ? `${names[0]} ${what.replace(/^lead/, 'leads').replace('each other', 'itself')}`
      : `${names.join(' → ')} → ${names[0]}: these ${what}`,
    suggestion: `${alone ? 'lead on' : 'let one of them lead'} to a person or to a hang-up`,
  });
}

/** One circle for each set of nodes that lead to each other by ways that count. */
function circles(graph: Graph, counts: (place: Place, edge: Edge) => boolean): Ref[][] {
  const next = (ref: Ref): Ref[] => {
    const place = graph.places.get(ref);
    return place ? (graph.edges.get(ref) ?? []).filter((e) => counts(place, e)).map((e) => e.toRef) : [];
  };
  return groups([...graph.places.keys()], next)
    .filter((group) => group.length > 1 || group.some((ref) => next(ref).includes(ref)))
    .map((group) => circleIn(group, next));
}

/** The shortest way round from the first of a group back to it. */
function circleIn(group: readonly Ref[], next: (ref: Ref) => Ref[]): Ref[] {
  const [start] = group;
  if (start === undefined) return [];
  const within = new Set(group);
  const cameFrom = new Map<Ref, Ref>();
  const open = [start];
  for (let at = open.shift(); at !== undefined; at = open.shift())
    for (const to of next(at)) {
      if (to === start) {
        const circle = [at];
        for (let ref = at; ref !== start; ) {
          ref = cameFrom.get(ref) ?? start;
          circle.unshift(ref);
        }
        return circle;
      }
      if (!within.has(to) || cameFrom.has(to)) continue;
      cameFrom.set(to, at);
      open.push(to);
    }
  return [...group];
}

/** Strongly connected groups (Tarjan), without recursion; members in the order of the file. */
function groups(all: readonly Ref[], next: (ref: Ref) => Ref[]): Ref[][] {
  const order = new Map(all.map((ref, i) => [ref, i]));
  const index = new Map<Ref, number>();
  const low = new Map<Ref, number>();
  const stack: Ref[] = [];
  const onStack = new Set<Ref>();
  const found: Ref[][] = [];
  const enter = (ref: Ref) => {
    index.set(ref, index.size);
    low.set(ref, index.get(ref) ?? 0);
    stack.push(ref);
    onStack.add(ref);
    return { ref, rest: next(ref) };
  };
  for (const root of all) {
    if (index.has(root)) continue;
    const work = [enter(root)];
    for (let top = work.at(-1); top; top = work.at(-1)) {
      const to = top.rest.pop();
      if (to !== undefined) {
        if (!index.has(to)) work.push(enter(to));
        else if (onStack.has(to)) low.set(top.ref, Math.min(low.get(top.ref) ?? 0, index.get(to) ?? 0));
        continue;
      }
      work.pop();
      const parent = work.at(-1);
      if (parent) low.set(parent.ref, Math.min(low.get(parent.ref) ?? 0, low.get(top.ref) ?? 0));
      if (low.get(top.ref) !== index.get(top.ref)) continue;
      const group = stack.splice(stack.indexOf(top.ref));
      for (const ref of group) onStack.delete(ref);
      found.push(group.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)));
    }
  }
  return found.toSorted((a, b) => (order.get(a[0] ?? '') ?? 0) - (order.get(b[0] ?? '') ?? 0));
}
