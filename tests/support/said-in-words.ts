import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { PromptId } from '../../services/events/ids.ts';
import type { Language } from '../../services/events/vocabulary.ts';

const texts = new Map<Language, Record<string, string>>();

/** What a caller hears for these prompts, as text: fragments and other prompts in the shipped words. Throws for one that is not there. */
export function saidInWords(prompts: readonly PromptId[], language: Language): string {
  const known = texts.get(language) ?? readTexts(language);
  texts.set(language, known);
  return prompts
    .map((prompt) => {
      const text = known[prompt];
      if (text === undefined) throw new Error(`there is no prompt ${prompt} in ${language}`);
      return text;
    })
    .join(language === 'en' ? ' ' : '');
}

function readTexts(language: Language): Record<string, string> {
  const read = (file: string) =>
    parse(readFileSync(`dialplans/prompts/${file}.yaml`, 'utf8')) as Record<string, string>;
  return { ...read(language), ...read(`fragments/${language}`) };
}
