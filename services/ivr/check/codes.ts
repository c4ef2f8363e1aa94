import { askedBy } from './conditions.ts';
import type { CheckedFlow } from './model.ts';
import { nodePath } from './model.ts';
import { didYouMean } from './nearest.ts';
import type { Problem } from './problem.ts';
import { problemIn } from './report.ts';
import type { Path } from './source.ts';
import { spokenOf } from './spoken.ts';
import type { Surroundings } from './surroundings.ts';
import type { Origin } from './variables.ts';

/** Codes of lookups that a flow asks for, or has a prompt for, and that never come. */
export function codeProblems(
  flow: CheckedFlow,
  origins: ReadonlyMap<string, ReadonlySet<Origin>>,
  around: Surroundings,
): Problem[] {
  const problem = (variable: string, value: string, at: Path): Problem[] => {
    const codes = codesOf(variable, origins, around);
    if (codes === null || value === '' || codes.has(value)) return [];
    const what = `"${variable}" is never "${value}"`;
    const suggestion = didYouMean(value, codes) ?? `it is one of ${[...codes].join(', ')}`;
    return [problemIn(flow, { kind: 'variable', at, what, suggestion })];
  };
  const asked = askedBy(flow).flatMap(({ condition, at }) =>
    'is' in condition
      ? [condition.is].flat().flatMap((one) => problem(condition.value, one, [...at, 'is']))
      : [],
  );
  const chosen = [...flow.nodes].flatMap(([name, node]) =>
    (node ? spokenOf(node) : []).flatMap(({ spoken, at }) =>
      typeof spoken === 'object' && 'choice' in spoken
        ? Object.keys(spoken.prompts).flatMap((value) =>
            problem(spoken.choice, value, nodePath(name, ...at, 'prompts', value)),
          )
        : [],
    ),
  );
  return [...asked, ...chosen];
}

/** All values a variable can have, null when they are not known. */
function codesOf(
  variable: string,
  origins: ReadonlyMap<string, ReadonlySet<Origin>>,
  around: Surroundings,
): ReadonlySet<string> | null {
  const of = origins.get(variable);
  if (of?.size !== 1 || !of.has('code')) return null;
  const types = [...around.lookups.values()].map(({ results }) => results.get(variable));
  return new Set(types.flatMap((type) => (type?.kind === 'code' ? type.codes : [])));
}
