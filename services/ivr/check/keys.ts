import { backKey, personKey, repeatKey } from '../flow.ts';
import type { NodeText } from '../flow-text.ts';
import type { CheckedFlow } from './model.ts';
import { nodePath } from './model.ts';
import type { Problem } from './problem.ts';
import { problemIn } from './report.ts';

const meanings: Readonly<Record<string, string>> = {
  [personKey]: 'a person',
  [repeatKey]: 'repeat',
  [backKey]: 'back',
};

/** Keys that would mean two things: 0, 9 and * have one meaning everywhere. And keys that could never be pressed, or that nobody is told of. */
export function keyProblems(flow: CheckedFlow): Problem[] {
  return [...flow.nodes].flatMap(([name, node]) => {
    if (node === null) return [];
    const problem = (field: PropertyKey[], what: string, more: Partial<Problem> = {}) =>
      problemIn(flow, { kind: 'keys', at: nodePath(name, ...field), what, ...more });
    switch (node.kind) {
      case 'menu':
        return menuKeys(flow, node).map(([key, what, severity]) =>
          problem(key === null ? ['keys'] : ['keys', key], what, { severity }),
        );
      case 'enqueue':
        return Object.entries(node.keys).flatMap(([key, to]) => {
          if (to === 'repeat' || to === 'back')
            return [
              problem(
                ['keys', key],
                `in a queue there is nothing to go ${to === 'back' ? 'back to' : 'through again'} by key`,
              ),
            ];
          return key in meanings ? [problem(['keys', key], everywhere(key), another)] : [];
        });
      case 'survey':
        return Object.keys(node.scores)
          .filter((key) => key in meanings)
          .map((key) => problem(['scores', key], everywhere(key), another));
      case 'collect':
        return collectProblems(node).map(([field, what, severity]) => problem([field], what, { severity }));
      default:
        return [];
    }
  });
}

const everywhere = (key: string) => `${key} means ${meanings[key]} everywhere`;
const another = { suggestion: 'take another key' };

type Found<Field> = [Field, string, Problem['severity']];

function menuKeys(flow: CheckedFlow, menu: Extract<NodeText, { kind: 'menu' }>): Found<string | null>[] {
  const found: Found<string | null>[] = [];
  const right: Readonly<Record<string, string>> = {
    [personKey]: flow.head.person,
    [repeatKey]: 'repeat',
    [backKey]: 'back',
  };
  for (const [key, to] of Object.entries(menu.keys)) {
    const everywhereElse = right[key];
    if (everywhereElse !== undefined && to !== everywhereElse)
      found.push([key, `${everywhere(key)}: it cannot lead to "${to}" here`, 'error']);
    if (everywhereElse === undefined && (to === 'repeat' || to === 'back'))
      found.push([
        key,
        `${to} is key ${to === 'repeat' ? repeatKey : backKey} everywhere: a second key for it can be taken out`,
        'warning',
      ]);
  }
  if (Object.keys(menu.keys).every((key) => key in meanings))
    found.push([null, 'offers nothing to choose: an announcement would do', 'warning']);
  return found;
}

function collectProblems(collect: Extract<NodeText, { kind: 'collect' }>): Found<string>[] {
  const found: Found<string>[] = [];
  if (collect.minDigits > collect.maxDigits)
    found.push(['minDigits', `is ${collect.minDigits}, more than maxDigits (${collect.maxDigits})`, 'error']);
  if (collect.minDigits === 1)
    found.push([
      'minDigits',
      'with one digit a lone 0 is a person and a lone 9 repeats: neither can be entered here; a menu would do, or more digits',
      'warning',
    ]);
  return found;
}
