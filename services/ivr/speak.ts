import { asId, type PromptId } from '../events/ids.ts';
import type { Language } from '../events/vocabulary.ts';
import type { Spoken } from './flow.ts';
import { english } from './speak/english.ts';
import { mandarin } from './speak/mandarin.ts';
import {
  type Day,
  type Reading,
  readAmount,
  readCount,
  readDay,
  readDigits,
  readTime,
} from './speak/readings.ts';
import type { NearDay, Tongue } from './speak/tongue.ts';

/** What is played for something said. `problem`: the value is not what it should be, and nothing is said for it. */
export type Speech = { readonly prompts: readonly PromptId[]; readonly problem: string | null };

/** Where and when it is said: `today` (YYYY-MM-DD, local) decides whether a day's year is said; null: it always is. */
export type Here = { readonly today: string | null; readonly timeZone: string };
const anywhere: Here = { today: null, timeZone: 'Asia/Shanghai' };

/** A prompt, or a value of the call as the prompts that say it in this language. Pure; never throws for a value, whatever it is. */
export function speakValue(
  spoken: Spoken,
  values: ReadonlyMap<string, string>,
  language: Language,
  here: Here = anywhere,
): Speech {
  const tongue = tongues[language];
  switch (spoken.kind) {
    case 'prompt':
      return { prompts: [spoken.prompt], problem: null };
    case 'choice': {
      const { variable, prompts, otherwise } = spoken;
      return { prompts: [prompts.get(values.get(variable) ?? '') ?? otherwise], problem: null };
    }
    case 'amount':
      return said(spoken.variable, readAmount(valueToSay(spoken, values)), (money) => tongue.amount(money));
    case 'digits':
      return said(spoken.variable, readDigits(valueToSay(spoken, values)), (digits) => tongue.digits(digits));
    case 'count': {
      const { variable, of } = spoken;
      return said(variable, readCount(valueToSay(spoken, values)), (count) => [
        ...tongue.count(count, of !== null),
        ...(of === null ? [] : [of]),
      ]);
    }
    case 'date':
      return said(spoken.variable, readDay(valueToSay(spoken, values), here.timeZone), (day) =>
        dayIn(tongue, day, here.today),
      );
    case 'time':
      return said(spoken.variable, readTime(valueToSay(spoken, values), here.timeZone), (time) =>
        tongue.time(time),
      );
    default:
      return spoken satisfies never;
  }
}

/** All of it, in order. `problems`: what could not be said. */
export function speakAll(
  all: readonly Spoken[],
  values: ReadonlyMap<string, string>,
  language: Language,
  here: Here = anywhere,
): { prompts: PromptId[]; problems: string[] } {
  const speeches = all.map((spoken) => speakValue(spoken, values, language, here));
  return {
    prompts: speeches.flatMap(({ prompts }) => prompts),
    problems: speeches.flatMap(({ problem }) => problem ?? []),
  };
}

/** Every fragment that saying values may need in this language: prompts that must exist besides those a flow names. */
export const fragmentIds = (language: Language): readonly PromptId[] =>
  tongues[language].fragments.map((id) => asId<PromptId>(id));

/** How each language says values. */
export const tongues: Readonly<Record<Language, Tongue>> = { 'zh-CN': mandarin, en: english };

const valueToSay = (spoken: { variable: string }, values: ReadonlyMap<string, string>): string =>
  values.get(spoken.variable) ?? '';

function said<Value>(variable: string, reading: Reading<Value>, inWords: (value: Value) => string[]): Speech {
  if ('problem' in reading) return { prompts: [], problem: `${variable}: ${reading.problem}` };
  return { prompts: inWords(reading.value).map((id) => asId<PromptId>(id)), problem: null };
}

function dayIn(tongue: Tongue, day: Day, today: string | null): string[] {
  if (today === null) return tongue.day(day, true);
  const daysAhead = Math.round((utc(day) - Date.parse(`${today}T00:00:00Z`)) / 86_400_000);
  const near = nearDays.get(daysAhead);
  return near ? tongue.nearDay(near) : tongue.day(day, String(day.year) !== today.slice(0, 4));
}

const utc = ({ year, month, day }: Day): number => Date.UTC(year, month - 1, day);
const nearDays: ReadonlyMap<number, NearDay> = new Map([
  [-1, 'yesterday'],
  [0, 'today'],
  [1, 'tomorrow'],
]);
