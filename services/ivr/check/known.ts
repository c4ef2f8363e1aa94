import { givenVariables } from '../flow.ts';
import type { ConditionText } from '../flow-text.ts';
import { type Edge, entriesOf } from './exits.ts';
import type { CheckedFlow, Place, Ref } from './model.ts';
import { nodePath, refOf } from './model.ts';
import type { Problem } from './problem.ts';
import type { Graph } from './reach.ts';
import { problemIn } from './report.ts';
import { spokenOf, variableOf } from './spoken.ts';
import type { Surroundings } from './surroundings.ts';

type Facts = ReadonlySet<string>;

/**
 * Values that are said though a caller may get there without their being known: nothing would be said in their place. A value is known behind
 * the `onFound` of its lookup, behind its collect or set, and behind a branch that asks for it (or for another of the same lookup). A
 * warning only: what a flow remembers in other ways is not seen.
 */
export function unknownValueWarnings(
  graph: Graph,
  flows: Iterable<CheckedFlow>,
  around: Surroundings,
): Problem[] {
  const known = knownAt(graph, [...flows], around);
  return [...graph.places].flatMap(([ref, { flow, name, node }]) => {
    const facts = known.get(ref);
    if (!node || !facts) return [];
    const told = new Set<string>();
    return spokenOf(node).flatMap(({ spoken, at }) => {
      const value = variableOf(spoken);
      if (value === null || value.as === 'choice' || facts.has(value.variable) || told.has(value.variable))
        return [];
      told.add(value.variable);
      return [
        problemIn(flow, {
          kind: 'variable',
          severity: 'warning',
          at: nodePath(name, ...at),
          what: `"${value.variable}" may not be known here, and then nothing is said for it`,
          suggestion: `come here only where it was found, or ask first: { value: ${value.variable}, known: true }`,
        }),
      ];
    });
  });
}

/** What is known at each node that can be got to, whichever way a caller came: a forward analysis to the greatest fixed point. */
function knownAt(graph: Graph, flows: readonly CheckedFlow[], around: Surroundings): ReadonlyMap<Ref, Facts> {
  const learnt = learns(around);
  const known = new Map<Ref, Facts>();
  const open: Ref[] = [];
  const arrive = (ref: Ref, facts: Facts) => {
    const before = known.get(ref);
    const now = before ? both(before, facts) : facts;
    if (before && now.size === before.size) return;
    known.set(ref, now);
    open.push(ref);
  };
  for (const flow of flows)
    for (const { node } of entriesOf(flow)) {
      const ref = refOf(flow.id, node);
      if (graph.places.has(ref)) arrive(ref, new Set(givenVariables));
    }
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    const place = graph.places.get(ref);
    const facts = known.get(ref);
    if (!place || !facts) continue;
    for (const edge of graph.edges.get(ref) ?? []) arrive(edge.toRef, either(facts, learnt(place, edge)));
  }
  return known;
}

/** What is learnt by taking a way on. */
function learns(around: Surroundings): (place: Place, edge: Edge) => Facts {
  const nothing: Facts = new Set();
  const withIt = siblings(around);
  return ({ node }, edge) => {
    const [field, index] = edge.field;
    if (node?.kind === 'lookup' && field === 'onFound')
      return new Set(around.lookups.get(node.lookup)?.results.keys());
    if (node?.kind === 'collect' && field === 'next') return new Set([node.into]);
    if (node?.kind === 'set') return new Set(Object.keys(node.set));
    if (node?.kind !== 'branch') return nothing;
    const before = field === 'when' ? node.when.slice(0, Number(index)) : node.when;
    const facts = before.reduce<Facts>((sum, one) => either(sum, provenBy(one.if, false)), nothing);
    const taken = field === 'when' ? node.when[Number(index)] : undefined;
    const all = taken ? either(facts, provenBy(taken.if, true)) : facts;
    return new Set([...all].flatMap((variable) => [variable, ...withIt(variable)]));
  };
}

/** What must be known when a condition holds, or does not. */
function provenBy(condition: ConditionText, holds: boolean): Facts {
  if ('not' in condition) return provenBy(condition.not, !holds);
  if ('all' in condition || 'any' in condition) {
    const parts = ('all' in condition ? condition.all : condition.any).map((one) => provenBy(one, holds));
    const each = 'all' in condition ? holds : !holds;
    return parts.reduce((sum, one) => (each ? either(sum, one) : both(sum, one)));
  }
  if (!('value' in condition)) return new Set();
  if ('known' in condition) return new Set(condition.known === holds ? [condition.value] : []);
  const empty = 'is' in condition && [condition.is].flat().includes('');
  return new Set(holds && !empty ? [condition.value] : []);
}

const either = (one: Facts, other: Facts): Facts => new Set([...one, ...other]);
const both = (one: Facts, other: Facts): Facts => new Set([...one].filter((fact) => other.has(fact)));

/** What a lookup tells, it tells together: of one variable, those that every lookup tells with it. */
function siblings(around: Surroundings): (variable: string) => Iterable<string> {
  const lookups = [...around.lookups.values()];
  return (variable) => {
    const tellers = lookups.filter(({ results }) => results.has(variable));
    const [first, ...others] = tellers;
    return [...(first?.results.keys() ?? [])].filter((one) =>
      others.every(({ results }) => results.has(one)),
    );
  };
}
