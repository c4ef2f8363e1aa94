import type { NodeText } from '../flow-text.ts';
import { hearsKeys } from './exits.ts';
import type { CheckedFlow, Place, Ref } from './model.ts';
import { nodePath, refOf } from './model.ts';
import type { Problem } from './problem.ts';
import { type Graph, reachable } from './reach.ts';
import { problemIn } from './report.ts';
import { speechMs } from './speech-length.ts';
import type { Surroundings } from './surroundings.ts';

export const mostKeysToPerson = 3;
export const mostSpeechToPersonMs = 30_000;

/**
 * A person is near, from wherever a caller is asked for keys:
 * - keys: those that have to be pressed until the caller is in a queue. Key 0 works everywhere, so it is one, and one for each further
 *   node that wants a key on the way from `person` to the queue.
 * - speech: what has to be heard until then. Key 0 need not wait for the end of what is being said, unless that says `bargeIn: false`; then
 *   comes all that is said on the way from `person` to the queue, on the longest way, in the language in which it takes longest.
 *
 * And `person` leads to a queue by itself, `agentLost` is one: a caller is not to be asked again there.
 */
export function personProblems(graph: Graph, flow: CheckedFlow, around: Surroundings): Problem[] {
  const { person, agentLost } = flow.head;
  const problems: Problem[] = [];
  const lost = flow.nodes.get(agentLost);
  if (lost && lost.kind !== 'enqueue')
    problems.push(
      problemIn(flow, { kind: 'person', at: ['agentLost'], what: `"${agentLost}" is no enqueue node` }),
    );
  const personPlace = graph.places.get(refOf(flow.id, person));
  if (!personPlace) return problems;
  const way = wayToQueue(graph, refOf(flow.id, person), around);
  if (way === null)
    return [
      ...problems,
      problemIn(flow, {
        kind: 'person',
        at: ['person'],
        what: `"${person}" is no enqueue node and leads to none by itself`,
        suggestion: 'name an enqueue node, or one that leads to it without a key',
      }),
    ];
  for (const [name, node] of flow.nodes) {
    if (node === null || !hearsKeys(node)) continue;
    const speech = (node.bargeIn ? 0 : speechMs(node, around)) + way.speechMs;
    if (speech > mostSpeechToPersonMs)
      problems.push(
        problemIn(flow, {
          kind: 'person',
          at: nodePath(name),
          what: `a person is ${seconds(speech)} s of speech away, more than ${seconds(mostSpeechToPersonMs)} s`,
          suggestion: node.bargeIn
            ? `say less on the way from "${person}" to its queue`
            : 'let keys cut this short (bargeIn: true), or say less',
        }),
      );
    if (1 + way.keys > mostKeysToPerson)
      problems.push(
        problemIn(flow, {
          kind: 'person',
          at: nodePath(name),
          what: `a person is ${1 + way.keys} keys away, more than ${mostKeysToPerson}`,
          suggestion: `ask less on the way from "${person}" to its queue`,
        }),
      );
  }
  return problems;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(0);

type Way = { readonly keys: number; readonly speechMs: number };

/** The longest way from here to a queue, by what comes by itself and by keys that are asked for; null when none leads there. */
function wayToQueue(graph: Graph, from: Ref, around: Surroundings): Way | null {
  const onTheWay = reachable(graph, [from], (edge) => edge.by === 'itself');
  if (![...onTheWay].some((ref) => isQueue(graph.places.get(ref)))) return null;
  const found = new Map<Ref, Way | null>();
  const longest = (ref: Ref, passed: ReadonlySet<Ref>): Way | null => {
    const known = found.get(ref);
    if (known !== undefined) return known;
    const place = graph.places.get(ref);
    if (!place?.node || passed.has(ref)) return null;
    if (isQueue(place)) return { keys: 0, speechMs: 0 };
    const here = speechMs(place.node, around);
    const further = new Set([...passed, ref]);
    const ways = (graph.edges.get(ref) ?? [])
      .filter((edge) => edge.by === 'itself' || (edge.by === 'key' && edge.label !== '0'))
      .map((edge) => ({ way: longest(edge.toRef, further), key: edge.by === 'key' ? 1 : 0 }))
      .flatMap(({ way, key }) => (way ? [{ keys: way.keys + key, speechMs: way.speechMs + here }] : []));
    const worst = ways.length === 0 ? null : worstOf(ways);
    found.set(ref, worst);
    return worst;
  };
  return longest(from, new Set());
}

const worstOf = (ways: readonly Way[]): Way => ({
  keys: Math.max(...ways.map(({ keys }) => keys)),
  speechMs: Math.max(...ways.map(({ speechMs }) => speechMs)),
});

const isQueue = (place: Place | undefined): boolean =>
  (place?.node satisfies NodeText | null | undefined)?.kind === 'enqueue';
