import type { NodeText } from '../flow-text.ts';
import type { CheckedFlow } from './model.ts';
import { nodePath } from './model.ts';
import { didYouMean } from './nearest.ts';
import type { Problem } from './problem.ts';
import { problemIn } from './report.ts';
import { spokenOf } from './spoken.ts';
import type { KnownLookup, Surroundings } from './surroundings.ts';

/** Lookups that are not there, whose parameters do not match, or without which a caller would be told what nobody knows. */
export function lookupProblems(flow: CheckedFlow, around: Surroundings): Problem[] {
  return [...flow.nodes].flatMap(([name, node]) => {
    if (node?.kind !== 'lookup') return [];
    const known = around.lookups.get(node.lookup);
    if (!known)
      return [
        problemIn(flow, {
          kind: 'lookup',
          at: nodePath(name, 'lookup'),
          what: `there is no lookup "${node.lookup}" in lookups.yaml`,
          suggestion: didYouMean(node.lookup, around.lookups.keys()),
        }),
      ];
    return [...parameterProblems(flow, name, node, known), ...fallbackProblems(flow, name, node, known)];
  });
}

type LookupNode = Extract<NodeText, { kind: 'lookup' }>;

function parameterProblems(flow: CheckedFlow, name: string, node: LookupNode, known: KnownLookup): Problem[] {
  const given = Object.keys(node.with);
  const unknown = given.filter((parameter) => !known.parameters.includes(parameter));
  const missing = known.parameters.filter((parameter) => !given.includes(parameter));
  return [
    ...unknown.map((parameter) =>
      problemIn(flow, {
        kind: 'lookup',
        at: nodePath(name, 'with', parameter),
        what: `lookup "${node.lookup}" takes no "${parameter}"`,
        suggestion:
          didYouMean(parameter, known.parameters) ?? `it takes ${known.parameters.join(', ') || 'nothing'}`,
      }),
    ),
    ...missing.map((parameter) =>
      problemIn(flow, {
        kind: 'lookup',
        at: nodePath(name, 'with'),
        what: `lookup "${node.lookup}" also needs "${parameter}"`,
        suggestion: `write ${parameter}: and the variable that holds it`,
      }),
    ),
  ];
}

/** Where a caller goes on when nothing was found, or nobody answered, says nothing that only an answer could have told. */
function fallbackProblems(flow: CheckedFlow, name: string, node: LookupNode, known: KnownLookup): Problem[] {
  return (['onNotFound', 'onFailure'] as const).flatMap((field) => {
    const next = flow.nodes.get(node[field]);
    const why = field === 'onFailure' ? 'the source did not answer' : 'nothing was found';
    const told = next ? spokenOf(next).flatMap(({ spoken }) => Object.values(spoken)) : [];
    const unknown = [...known.results.keys()].filter((result) => told.includes(result));
    if (next?.kind !== 'say' || unknown.length === 0) return [];
    return [
      problemIn(flow, {
        kind: 'lookup',
        at: nodePath(name, field),
        what: `leads to "${node[field]}", which says ${unknown.join(', ')}, though ${why}`,
        suggestion: 'lead to a node that goes on without it',
      }),
    ];
  });
}
