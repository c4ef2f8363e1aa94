import type { PromptRow } from '../../services/adapters/http/contract/prompts.ts';

/** What a lead wants to see. */
export type PromptsChoice = {
  language: PromptRow['language'];
  show: 'lacking' | 'recorded' | 'all';
  kind: 'sentences' | 'fragments';
  search: string;
};

export const atFirst: PromptsChoice = { language: 'zh-CN', show: 'lacking', kind: 'sentences', search: '' };

export function chosenPrompts(prompts: readonly PromptRow[], choice: PromptsChoice): PromptRow[] {
  const search = choice.search.trim().toLowerCase();
  return prompts.filter(
    ({ language, recorded, fragment, id, text }) =>
      language === choice.language &&
      fragment === (choice.kind === 'fragments') &&
      (choice.show === 'all' || recorded === (choice.show === 'recorded')) &&
      (search === '' || id.includes(search) || text.toLowerCase().includes(search)),
  );
}
