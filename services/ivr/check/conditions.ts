import type { ConditionText } from '../flow-text.ts';
import type { CheckedFlow } from './model.ts';
import { nodePath } from './model.ts';
import { didYouMean } from './nearest.ts';
import type { Problem } from './problem.ts';
import { problemIn } from './report.ts';
import type { Path } from './source.ts';
import type { Surroundings } from './surroundings.ts';

/** One question of a branch, with the field in which it stands; `not`, `all` and `any` are taken apart. */
export type Asked = { readonly condition: ConditionText; readonly at: Path };

/** Every single question that the branches of a flow ask. */
export function askedBy(flow: CheckedFlow): Asked[] {
  return [...flow.nodes].flatMap(([name, node]) =>
    node?.kind === 'branch'
      ? node.when.flatMap((one, i) => takenApart(one.if, nodePath(name, 'when', i, 'if')))
      : [],
  );
}

function takenApart(condition: ConditionText, at: Path): Asked[] {
  if ('not' in condition) return takenApart(condition.not, [...at, 'not']);
  if ('all' in condition) return condition.all.flatMap((one, i) => takenApart(one, [...at, 'all', i]));
  if ('any' in condition) return condition.any.flatMap((one, i) => takenApart(one, [...at, 'any', i]));
  return [{ condition, at }];
}

/** Hours, holidays and switches that the calendar does not have; times of day that are none. */
export function conditionProblems(flow: CheckedFlow, around: Surroundings): Problem[] {
  return askedBy(flow).flatMap(({ condition, at }) => {
    const unknown = (what: string, name: string, known: ReadonlySet<string>): Problem[] =>
      known.has(name)
        ? []
        : [
            problemIn(flow, {
              kind: 'name',
              at,
              what: `the calendar has no ${what} "${name}"`,
              suggestion:
                didYouMean(name, known) ?? (known.size > 0 ? `there are ${[...known].join(', ')}` : null),
            }),
          ];
    if ('hours' in condition) return unknown('hours', condition.hours, around.hours);
    if ('holiday' in condition)
      return condition.holiday === true ? [] : unknown('holiday', condition.holiday, around.holidays);
    if ('switch' in condition) return unknown('switch', condition.switch, around.switches);
    if ('time' in condition) return timeProblems(flow, condition.time, at);
    return [];
  });
}

function timeProblems(flow: CheckedFlow, span: string, at: Path): Problem[] {
  const [from = '', to = ''] = span.split('-');
  const wrong = [from, to].filter((time) => !/^([01]\d|2[0-3]):[0-5]\d$/.test(time) && time !== '24:00');
  const problem = (what: string) => problemIn(flow, { kind: 'schema', at, what });
  if (wrong.length > 0) return [problem(`${wrong.join(' and ')}: there is no such time of day`)];
  return from === to ? [problem('begins and ends at the same time: it never holds')] : [];
}
