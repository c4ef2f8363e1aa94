import { join } from 'node:path';
import { promptShelf } from '../../services/runtime/prompt-shelf.ts';
import type { PromptOnShelf } from '../../services/runtime/prompts-port.ts';
import { type IvrCommand, say, WrongUse } from './command.ts';

/** Prompts that lack a studio recording, with their words and length: the list to take to the studio. */
export const prompts: IvrCommand = {
  usage: 'npm run ivr -- prompts [--all]             prompts without a studio recording, or all of them',
  run([option, ...rest], config) {
    if ((option !== undefined && option !== '--all') || rest.length > 0)
      throw new WrongUse(`prompts takes --all, not ${[option, ...rest].join(' ')}`);
    const shelf = promptShelf(
      join(config.repoDir, 'dialplans/prompts'),
      join(config.homeDir, 'sounds'),
    ).list();
    const lacking = shelf.filter(({ recorded }) => !recorded);
    for (const prompt of option === '--all' ? shelf : lacking) say(inWords(prompt));
    say(`${lacking.length} of ${shelf.length} prompts have no recording in dialplans/prompts/recorded`);
    return 0;
  },
};

/** Columns by tabs, so that a spreadsheet takes them. */
function inWords({ language, id, text, recorded, lengthMs }: PromptOnShelf): string {
  const length = lengthMs === null ? 'not rendered' : `${(lengthMs / 1000).toFixed(1)} s`;
  return [language, id, recorded ? 'recorded' : 'synthesis', length, text].join('\t');
}
