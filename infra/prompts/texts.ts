import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readYaml } from '../../services/runtime/read-yaml.ts';

/** Languages prompts exist in; also the names of their folders. */
export const PROMPT_LANGUAGES = ['zh-CN', 'en'] as const;
export type PromptLanguage = (typeof PROMPT_LANGUAGES)[number];

export type PromptTexts = Readonly<Record<PromptLanguage, Readonly<Record<string, string>>>>;

const Texts = z.record(z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/), z.string().trim().min(1).max(1000));

/** What is spoken for a text, and in which language: `[en] For English …` in zh-CN.yaml is spoken by the English voice. */
export function spokenAs(text: string, language: PromptLanguage): { text: string; language: PromptLanguage } {
  const other = PROMPT_LANGUAGES.find((one) => text.startsWith(`[${one}] `));
  return other ? { text: text.slice(other.length + 3), language: other } : { text, language };
}

/**
 * Reads `<language>.yaml` of every language, and the words that values are put together from in `fragments/<language>.yaml`. Languages
 * have the same prompts, but each its own fragments.
 * @throws Error naming file and id when one is malformed, when a language lacks a prompt that another has, or has an id twice.
 */
export function readPromptTexts(dir: string): PromptTexts {
  const texts = { 'zh-CN': readOne(dir, 'zh-CN'), en: readOne(dir, 'en') };
  const ids = new Set(PROMPT_LANGUAGES.flatMap((language) => Object.keys(texts[language])));
  for (const language of PROMPT_LANGUAGES) {
    const missing = [...ids].filter((id) => !Object.hasOwn(texts[language], id));
    if (missing.length > 0)
      throw new Error(`${join(dir, `${language}.yaml`)}: missing ${missing.join(', ')}`);
  }
  return { 'zh-CN': withFragments(dir, 'zh-CN', texts['zh-CN']), en: withFragments(dir, 'en', texts.en) };
}

function withFragments(dir: string, language: PromptLanguage, texts: Record<string, string>) {
  const fragmentsDir = join(dir, 'fragments');
  if (!existsSync(join(fragmentsDir, `${language}.yaml`))) return texts;
  const fragments = readOne(fragmentsDir, language);
  const twice = Object.keys(fragments).filter((id) => Object.hasOwn(texts, id));
  if (twice.length > 0)
    throw new Error(
      `${join(fragmentsDir, `${language}.yaml`)}: ${twice.join(', ')}: there is a prompt of that name`,
    );
  return { ...texts, ...fragments };
}

function readOne(dir: string, language: PromptLanguage): Record<string, string> {
  const file = join(dir, `${language}.yaml`);
  const result = Texts.safeParse(parsed(file));
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'file'}: ${issue.message}`);
  throw new Error(`${file}: ${problems.join('; ')}`);
}

function parsed(file: string): unknown {
  const read = readYaml(readFileSync(file, 'utf8'));
  if ('problems' in read) throw new Error(`${file}: ${read.problems.join('; ')}`);
  return read.content;
}
