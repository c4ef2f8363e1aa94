import type { ConditionText } from '../flow-text.ts';
import type { Place, Ref } from './model.ts';
import { nodePath, refOf } from './model.ts';
import type { Problem } from './problem.ts';
import type { Graph } from './reach.ts';
import { problemIn } from './report.ts';
import type { Path } from './source.ts';

/**
 * The week is covered: of every branch on opening hours, the way that is taken when it is closed leads to a person, a message, a callback,
 * or to something the caller is asked, or else to a hang-up that says `outcome: closed`. Anything else would look as if callers had given up.
 */
export function hoursProblems(graph: Graph): Problem[] {
  return [...graph.places.values()].flatMap(({ flow, name, node }) => {
    if (node?.kind !== 'branch' || !node.when.some((one) => asksHours(one.if))) return [];
    return closedExits(node).flatMap(({ to, at }) => {
      const cutOff = cutOffAt(graph, refOf(flow.id, to));
      if (cutOff === null) return [];
      return [
        problemIn(flow, {
          kind: 'hours',
          at: nodePath(name, ...at),
          what: `out of hours callers are cut off at "${cutOff.name}" as if they had given up`,
          suggestion: `say "outcome: closed" there, or lead to a person, a voicemail or a callback`,
        }),
      ];
    });
  });
}

const asksHours = (condition: ConditionText): boolean => {
  if ('hours' in condition) return true;
  if ('not' in condition) return asksHours(condition.not);
  if ('all' in condition) return condition.all.some(asksHours);
  return 'any' in condition && condition.any.some(asksHours);
};

type Branch = { when: readonly { if: ConditionText; next: string }[]; otherwise: string };

/** The ways that may be taken when no hours are open, whatever else is the case. */
function closedExits(branch: Branch): { to: string; at: Path }[] {
  const exits: { to: string; at: Path }[] = [];
  for (const [i, { if: condition, next }] of branch.when.entries()) {
    const holds = whenClosed(condition);
    // Ways that have nothing to do with the hours are taken when it is open too: they are not about being closed.
    if (holds !== false && asksHours(condition)) exits.push({ to: next, at: ['when', i, 'next'] });
    if (holds === true) return exits;
  }
  return [...exits, { to: branch.otherwise, at: ['otherwise'] }];
}

/** Three-valued: null is what depends on something else. */
function whenClosed(condition: ConditionText): boolean | null {
  if ('hours' in condition) return false;
  if ('not' in condition) {
    const inner = whenClosed(condition.not);
    return inner === null ? null : !inner;
  }
  if ('all' in condition) {
    const parts = condition.all.map(whenClosed);
    return parts.includes(false) ? false : parts.includes(null) ? null : true;
  }
  if ('any' in condition) {
    const parts = condition.any.map(whenClosed);
    return parts.includes(true) ? true : parts.includes(null) ? null : false;
  }
  return null;
}

/** The hang-up that a caller may come to by itself from here, which does not say that it is closed. */
function cutOffAt(graph: Graph, from: Ref): Place | null {
  const seen = new Set<Ref>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const place = graph.places.get(at);
    if (seen.has(at) || !place?.node) continue;
    seen.add(at);
    const { node } = place;
    if (node.kind === 'hang-up' && node.outcome === undefined) return place;
    if (!passedByItself.has(node.kind) || ('serves' in node && node.serves)) continue;
    for (const edge of graph.edges.get(at) ?? []) if (edge.by === 'itself') open.push(edge.toRef);
  }
  return null;
}

const passedByItself: ReadonlySet<string> = new Set(['announce', 'say', 'set', 'goto', 'branch', 'lookup']);
