import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { languages } from '../ivr/check/surroundings.ts';
import { fragmentIds } from '../ivr/speak.ts';
import { readPromptTexts, renderedMs } from './prompt-lengths.ts';
import type { PromptsPort } from './prompts-port.ts';

/** The prompts of `promptsDir` (texts, recordings) as they are rendered in `soundsDir`. Read anew each time: files change under it. */
export function promptShelf(promptsDir: string, soundsDir: string): PromptsPort {
  const list: PromptsPort['list'] = () =>
    languages.flatMap((language) => {
      const fragments = new Set<string>(fragmentIds(language));
      return Object.entries(readPromptTexts(promptsDir, language)).map(([id, text]) => ({
        language,
        id,
        text,
        fragment: fragments.has(id),
        recorded: existsSync(join(promptsDir, 'recorded', language, `${id}.wav`)),
        lengthMs: renderedMs(join(soundsDir, language, `${id}.wav`)),
      }));
    });
  return {
    list,
    async sound(language, id) {
      // Only what is named in a file is looked for on the disk.
      if (!Object.hasOwn(readPromptTexts(promptsDir, language), id)) return null;
      const file = join(soundsDir, language, `${id}.wav16`);
      return existsSync(file) ? readFile(file) : null;
    },
  };
}
