import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Language } from '../events/vocabulary.ts';
import { estimatedSpeechMs, languages } from '../ivr/check/surroundings.ts';
import { CentreError, readText } from './centre-file.ts';
import { readYaml } from './read-yaml.ts';

/** Language → prompt → how long it takes to be said. */
export type PromptLengths = Readonly<Record<Language, ReadonlyMap<string, number>>>;

/** Rendered prompts are 16-bit mono at 8 kHz, behind a header of 44 bytes. */
const bytesPerMs = 16;
const headerBytes = 44;

/**
 * Every prompt with its length: measured where it has been rendered into `soundsDir`, estimated from its text elsewhere. The texts themselves are
 * checked where they are spoken (infra/prompts/texts.ts).
 * @throws {CentreError} when a file is no list of prompts.
 */
export function readPromptLengths(promptsDir: string, soundsDir: string | null): PromptLengths {
  const lengthsIn = (language: Language): ReadonlyMap<string, number> => {
    return new Map(
      Object.entries(readPromptTexts(promptsDir, language)).map(([id, text]) => {
        const rendered = soundsDir === null ? null : renderedMs(join(soundsDir, language, `${id}.wav`));
        return [id, rendered ?? estimatedSpeechMs(text, language)];
      }),
    );
  };
  const [first, second] = languages.map(lengthsIn);
  return { 'zh-CN': first ?? new Map(), en: second ?? new Map() };
}

/** Prompts and fragments of one language, id → text. @throws {CentreError} when a file is no list of prompts. */
export function readPromptTexts(promptsDir: string, language: Language): Record<string, string> {
  const fragments = join(promptsDir, 'fragments', `${language}.yaml`);
  return {
    ...readTexts(join(promptsDir, `${language}.yaml`)),
    ...(existsSync(fragments) ? readTexts(fragments) : {}),
  };
}

function readTexts(file: string): Record<string, string> {
  const read = readYaml(readText(file));
  if ('problems' in read) throw new CentreError(read.problems.map((problem) => `${file}: ${problem}`));
  const parsed = z.record(z.string(), z.unknown()).safeParse(read.content);
  if (!parsed.success)
    throw new CentreError([`${file}: the whole file: is no list of prompts, each with its text`]);
  return Object.fromEntries(
    Object.entries(parsed.data).map(([id, text]) => [id, typeof text === 'string' ? text : '']),
  );
}

/** The length of a rendered prompt's 8 kHz file; null: it is not there. */
export function renderedMs(file: string): number | null {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat ? Math.max(0, Math.round((stat.size - headerBytes) / bytesPerMs)) : null;
}
