import { hearsKeys } from './exits.ts';
import type { CheckedFlow } from './model.ts';
import { nodePath } from './model.ts';
import { didYouMean } from './nearest.ts';
import type { Problem } from './problem.ts';
import { problemIn } from './report.ts';
import type { Path } from './source.ts';
import { promptsOf, spokenOf, variableOf } from './spoken.ts';
import { languages, type Surroundings } from './surroundings.ts';

/** Prompts that do not exist in every language; `say` without a value to say, `announce` with one. */
export function promptProblems(flow: CheckedFlow, around: Surroundings): Problem[] {
  return [...flow.nodes].flatMap(([name, node]) => {
    if (node === null) return [];
    const problems: Problem[] = [];
    // Those that stand there by default have no line of their own: each is told of once a node.
    const seen = new Set<string>();
    for (const said of spokenOf(node))
      for (const { prompt, at } of promptsOf(said)) {
        if (seen.has(prompt)) continue;
        seen.add(prompt);
        problems.push(...missing(flow, prompt, nodePath(name, ...at), around));
      }
    if (hearsKeys(node) && !node.prompts.some((spoken) => typeof spoken === 'string' || 'choice' in spoken))
      problems.push(
        problemIn(flow, {
          kind: 'schema',
          at: nodePath(name, 'prompts'),
          what: 'nothing is asked when the value is not known: here are no fixed words',
          suggestion: 'add a prompt with the question',
        }),
      );
    if (node.kind !== 'say' && node.kind !== 'announce') return problems;
    const values = node.prompts.filter((spoken) => variableOf(spoken) !== null).length;
    if (node.kind === 'say' && values === 0)
      problems.push(
        problemIn(flow, {
          kind: 'schema',
          at: nodePath(name, 'prompts'),
          what: 'says no value, only fixed words',
          suggestion: 'make it an announce, or add a value such as { amount: balance }',
        }),
      );
    if (node.kind === 'announce' && values > 0)
      problems.push(
        problemIn(flow, {
          kind: 'schema',
          at: nodePath(name, 'prompts'),
          what: 'an announcement says fixed words, and here is a value',
          suggestion: 'make it a say',
        }),
      );
    return problems;
  });
}

function missing(flow: CheckedFlow, prompt: string, at: Path, around: Surroundings): Problem[] {
  const without = languages.filter((language) => !around.prompts[language].has(prompt));
  if (without.length === 0) return [];
  const nowhere = without.length === languages.length;
  return [
    problemIn(flow, {
      kind: 'prompt',
      at,
      what: nowhere
        ? `there is no prompt "${prompt}"`
        : `prompt "${prompt}" does not exist in ${without.join(', ')}`,
      suggestion: nowhere
        ? didYouMean(prompt, around.prompts[flow.head.language].keys())
        : `add it to dialplans/prompts/${without[0]}.yaml`,
    }),
  ];
}

/** Fragments of spoken values that do not exist as prompts: every caller may need them. One problem for each language. */
export function fragmentProblems(flows: Iterable<CheckedFlow>, around: Surroundings): Problem[] {
  const speaking = [...flows].find((flow) =>
    [...flow.nodes.values()].some(
      (node) => node && spokenOf(node).some(({ spoken }) => typeof spoken !== 'string'),
    ),
  );
  if (!speaking) return [];
  return languages.flatMap((language) => {
    const lacking = [...around.fragments[language]].filter((id) => !around.prompts[language].has(id));
    if (lacking.length === 0) return [];
    const some = lacking.slice(0, 8).join(', ') + (lacking.length > 8 ? `, … (${lacking.length})` : '');
    return [
      problemIn(speaking, {
        kind: 'prompt',
        at: [],
        what: `says values, and these prompts they are put together from do not exist in ${language}: ${some}`,
        suggestion: `add them to the prompts of ${language} in dialplans/prompts`,
      }),
    ];
  });
}
