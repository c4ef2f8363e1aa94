import { givenVariables } from '../flow.ts';
import type { NodeText } from '../flow-text.ts';
import { codeProblems } from './codes.ts';
import { askedBy } from './conditions.ts';
import type { CheckedFlow } from './model.ts';
import { nodePath } from './model.ts';
import { didYouMean } from './nearest.ts';
import type { Problem } from './problem.ts';
import { problemIn } from './report.ts';
import type { Path } from './source.ts';
import { type SpokenAs, spokenOf, variableOf } from './spoken.ts';
import { type KnownType, languages, type Surroundings } from './surroundings.ts';

/** Where a variable's values may come from, as far as that says what they look like. */
export type Origin = KnownType['kind'] | 'keyed' | 'set' | 'given';

/** As what values of each origin can be spoken. What a flow sets itself, or finds out by choice, is the flow's own affair. */
const speakable: Readonly<Record<Origin, readonly SpokenAs[]>> = {
  text: ['choice'],
  digits: ['digits', 'choice'],
  amount: ['amount'],
  count: ['count', 'digits', 'choice'],
  date: ['date', 'time'],
  time: ['time'],
  code: ['choice'],
  keyed: ['digits', 'count', 'choice'],
  set: ['amount', 'digits', 'count', 'date', 'time', 'choice'],
  given: ['digits', 'choice'],
};

type Used = { readonly variable: string; readonly at: Path; readonly as?: SpokenAs };

/** Variables that are used and that nobody sets, or that are spoken as what they are not; languages there are not. */
export function variableProblems(flows: Iterable<CheckedFlow>, around: Surroundings): Problem[] {
  const all = [...flows];
  const origins = originsIn(all, around);
  return all.flatMap((flow) => [
    ...usedIn(flow).flatMap((used) => usedWrongly(flow, used, origins)),
    ...languageProblems(flow),
    ...codeProblems(flow, origins, around),
  ]);
}

function usedWrongly(
  flow: CheckedFlow,
  used: Used,
  origins: ReadonlyMap<string, ReadonlySet<Origin>>,
): Problem[] {
  const of = origins.get(used.variable);
  if (!of)
    return [
      problemIn(flow, {
        kind: 'variable',
        at: used.at,
        what: `nobody sets "${used.variable}": no collect, set or lookup does`,
        suggestion: didYouMean(used.variable, origins.keys()),
      }),
    ];
  const { as } = used;
  const wrong = as === undefined ? [] : [...of].filter((origin) => !speakable[origin].includes(as));
  if (as === undefined || wrong.length === 0) return [];
  const ways = [...new Set(wrong.flatMap((origin) => speakable[origin]))];
  return [
    problemIn(flow, {
      kind: 'variable',
      at: used.at,
      what: `"${used.variable}" is ${wrong.map((origin) => originWords[origin]).join(' or ')}, and cannot be said as ${as}`,
      suggestion: `say it as ${ways.join(' or ')}`,
    }),
  ];
}

const originWords: Readonly<Record<Origin, string>> = {
  text: 'free text of a lookup',
  digits: 'digits of a lookup',
  amount: 'an amount of a lookup',
  count: 'a count of a lookup',
  date: 'a date of a lookup',
  time: 'a time of a lookup',
  code: 'a code of a lookup',
  keyed: 'keyed in',
  set: 'set by the flow',
  given: 'known from the start',
};

function originsIn(flows: readonly CheckedFlow[], around: Surroundings): Map<string, Set<Origin>> {
  const origins = new Map<string, Set<Origin>>();
  const add = (variable: string, origin: Origin) => {
    const known = origins.get(variable);
    if (known) known.add(origin);
    else origins.set(variable, new Set([origin]));
  };
  for (const variable of givenVariables) add(variable, 'given');
  for (const flow of flows)
    for (const node of flow.nodes.values()) {
      if (node?.kind === 'collect') add(node.into, 'keyed');
      if (node?.kind === 'set') for (const variable of Object.keys(node.set)) add(variable, 'set');
      if (node?.kind === 'announce' && node.once !== undefined) add(node.once, 'set');
      if (node?.kind === 'lookup')
        for (const [result, type] of around.lookups.get(node.lookup)?.results ?? []) add(result, type.kind);
    }
  return origins;
}

function usedIn(flow: CheckedFlow): Used[] {
  const asked = askedBy(flow).flatMap(({ condition, at }): Used[] =>
    'value' in condition ? [{ variable: condition.value, at: [...at, 'value'] }] : [],
  );
  const nodes = [...flow.nodes].flatMap(([name, node]): Used[] =>
    node === null ? [] : usedBy(node).map((used) => ({ ...used, at: nodePath(name, ...used.at) })),
  );
  return [...asked, ...nodes];
}

function usedBy(node: NodeText): Used[] {
  const spoken = spokenOf(node).flatMap(({ spoken, at }): Used[] => {
    const value = variableOf(spoken);
    return value === null ? [] : [{ ...value, at }];
  });
  switch (node.kind) {
    case 'lookup':
      return [
        ...spoken,
        ...Object.entries(node.with).map(([parameter, variable]) => ({ variable, at: ['with', parameter] })),
      ];
    case 'offer-callback':
      return [...spoken, { variable: node.number, at: ['number'] }];
    case 'transfer':
      // A number is checked in entries.ts.
      return /^[a-z][A-Za-z0-9]{0,40}$/.test(node.to)
        ? [...spoken, { variable: node.to, at: ['to'] }]
        : spoken;
    default:
      return spoken;
  }
}

function languageProblems(flow: CheckedFlow): Problem[] {
  return [...flow.nodes].flatMap(([name, node]) => {
    const language = node?.kind === 'set' ? node.set.language : undefined;
    if (language === undefined || languages.some((one) => one === language)) return [];
    return [
      problemIn(flow, {
        kind: 'variable',
        at: nodePath(name, 'set', 'language'),
        what: `there are no prompts in "${language}"`,
        suggestion: didYouMean(language, languages) ?? `write one of ${languages.join(', ')}`,
      }),
    ];
  });
}
