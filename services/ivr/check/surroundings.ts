import type { Language } from '../../events/vocabulary.ts';

/** What flows may refer to, and what else the checker has to know of the centre. */
export type Surroundings = {
  readonly queues: ReadonlySet<string>;
  readonly skills: ReadonlySet<string>;
  /** Language → prompt → how long it takes to be said. */
  readonly prompts: Readonly<Record<Language, ReadonlyMap<string, number>>>;
  readonly hours: ReadonlySet<string>;
  readonly holidays: ReadonlySet<string>;
  readonly switches: ReadonlySet<string>;
  readonly lookups: ReadonlyMap<string, KnownLookup>;
  /** Language → the prompts that spoken values are put together from. */
  readonly fragments: Readonly<Record<Language, Iterable<string>>>;
  /** Whether the centre lets this outside number be called. */
  readonly mayDial: (number: string) => boolean;
};

/** As much of a lookup as flows depend on (ivr/lookups.ts). */
export type KnownLookup = {
  readonly parameters: readonly string[];
  readonly results: ReadonlyMap<string, KnownType>;
};

export type KnownType =
  | { readonly kind: 'text' | 'digits' | 'amount' | 'count' | 'date' | 'time' }
  | { readonly kind: 'code'; readonly codes: readonly string[] };

export const languages: readonly Language[] = ['zh-CN', 'en'];

/**
 * How long a text takes to be said where no rendered prompt can be measured: 3.2 characters a second in Chinese, 14 in English, where
 * a digit takes as long as four letters (measured on the demo's prompts with the voice in the box: 3.2 to 3.9, and 11 to 18).
 */
export function estimatedSpeechMs(text: string, language: Language): number {
  const length = [...text.trim()].length;
  if (language === 'zh-CN') return Math.round((length / 3.2) * 1_000);
  return Math.round(((length + 3 * (text.match(/\d/g)?.length ?? 0)) / 14) * 1_000);
}

/** How long a value takes to be said that is known only when the call runs: a long one of its kind, by the voice in the box. */
export const valueSpeechMs = {
  amount: 5_000,
  digits: 6_000,
  count: 2_500,
  date: 4_000,
  time: 3_000,
} as const;
