import type { NodeText, SpokenText } from '../flow-text.ts';
import { variableOf } from './spoken.ts';
import { languages, type Surroundings, valueSpeechMs } from './surroundings.ts';

/** How long a node's prompts take to be said to their end, in the language in which they take longest. */
export function speechMs(node: NodeText, around: Surroundings): number {
  const said = 'prompts' in node ? node.prompts : [];
  return Math.max(
    ...languages.map((language) =>
      said.reduce((sum, spoken) => sum + spokenMs(spoken, around.prompts[language]), 0),
    ),
  );
}

function spokenMs(spoken: SpokenText, prompts: ReadonlyMap<string, number>): number {
  const promptMs = (id: string) => prompts.get(id) ?? 0;
  if (typeof spoken === 'string') return promptMs(spoken);
  if ('choice' in spoken)
    return Math.max(...[spoken.otherwise, ...Object.values(spoken.prompts)].map(promptMs));
  const value = variableOf(spoken);
  const valueMs = value === null || value.as === 'choice' ? 0 : valueSpeechMs[value.as];
  return valueMs + ('count' in spoken && spoken.of !== undefined ? promptMs(spoken.of) : 0);
}
