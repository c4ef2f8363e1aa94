import type { CheckedFlow } from './model.ts';
import { nodePath } from './model.ts';
import { patternProblem } from './pattern.ts';
import type { Problem } from './problem.ts';
import { problemIn } from './report.ts';
import type { Surroundings } from './surroundings.ts';

const telephoneNumber = /^\+?\d{2,20}$/;
const variableName = /^[a-z][A-Za-z0-9]{0,40}$/;

/** Patterns of entries, scores of surveys, numbers of transfers. */
export function entryProblems(flow: CheckedFlow, around: Surroundings): Problem[] {
  return [...flow.nodes].flatMap(([name, node]): Problem[] => {
    switch (node?.kind) {
      case 'collect': {
        const what = node.check === undefined ? null : patternProblem(node.check);
        return what === null ? [] : [problemIn(flow, { kind: 'pattern', at: nodePath(name, 'check'), what })];
      }
      case 'survey':
        return surveyProblems(node).map(([field, what, severity]) =>
          problemIn(flow, { kind: 'survey', at: nodePath(name, field), what, severity }),
        );
      case 'transfer': {
        const problem = (what: string, suggestion: string | null = null) => [
          problemIn(flow, { kind: 'number', at: nodePath(name, 'to'), what, suggestion }),
        ];
        if (!telephoneNumber.test(node.to))
          return variableName.test(node.to)
            ? []
            : problem(`"${node.to}" is neither a telephone number nor the name of a variable`);
        return around.mayDial(node.to)
          ? []
          : problem(
              `${node.to} may not be called from here`,
              'let it be called in centre.yaml (outbound.numbers), or name another number',
            );
      }
      default:
        return [];
    }
  });
}

type Survey = { scores: Readonly<Record<string, number>>; dissatisfiedUpTo: number };

function surveyProblems(survey: Survey): [string, string, Problem['severity']][] {
  const scores = Object.values(survey.scores);
  if (scores.length < 2) return [['scores', 'needs at least two answers to choose from', 'error']];
  const found: [string, string, Problem['severity']][] = [];
  const twice = scores.filter((score, i) => scores.indexOf(score) !== i);
  if (twice.length > 0) found.push(['scores', `two keys give the same score (${twice.join(', ')})`, 'error']);
  if (Math.max(...scores) <= survey.dissatisfiedUpTo)
    found.push(['dissatisfiedUpTo', 'every answer would count as dissatisfied', 'error']);
  if (survey.dissatisfiedUpTo > 0 && Math.min(...scores) > survey.dissatisfiedUpTo)
    found.push(['dissatisfiedUpTo', 'no answer counts as dissatisfied', 'warning']);
  return found;
}
