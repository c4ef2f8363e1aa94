import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { asId, type PromptId } from '../../services/events/ids.ts';
import type { Language } from '../../services/events/vocabulary.ts';
import type { Spoken } from '../../services/ivr/flow.ts';
import { speakExpectedWait, speakPlace } from '../../services/ivr/speak/waiting.ts';
import { fragmentIds, speakValue } from '../../services/ivr/speak.ts';
import { saidInWords } from '../support/said-in-words.ts';

const here = { today: '2026-11-22', timeZone: 'Asia/Shanghai' };
const variable = 'value';
const speak = (spoken: Spoken, value: string, language: Language = 'zh-CN') =>
  speakValue(spoken, new Map([[variable, value]]), language, here);
const words = (spoken: Spoken, value: string, language: Language = 'zh-CN') => {
  const { prompts, problem } = speak(spoken, value, language);
  return problem ?? saidInWords(prompts, language);
};
const amount: Spoken = { kind: 'amount', variable };
const digits: Spoken = { kind: 'digits', variable };
const plain: Spoken = { kind: 'count', variable, of: null };
const day: Spoken = { kind: 'date', variable };
const time: Spoken = { kind: 'time', variable };

describe('numbers', () => {
  test.each([
    ['0', '零', 'zero'],
    ['2', '二', 'two'],
    ['10', '十', 'ten'],
    ['11', '十一', 'eleven'],
    ['101', '一百零一', 'one hundred and one'],
    ['110', '一百一十', 'one hundred and ten'],
    ['112', '一百一十二', 'one hundred and twelve'],
    ['1001', '一千零一', 'one thousand and one'],
    ['1010', '一千零一十', 'one thousand and ten'],
    ['10000', '一万', 'ten thousand'],
    ['10010', '一万零一十', 'ten thousand and ten'],
    ['20000', '两万', 'twenty thousand'],
    ['22222', '两万两千二百二十二', 'twenty-two thousand two hundred and twenty-two'],
    [
      '99999999',
      '九千九百九十九万九千九百九十九',
      'ninety-nine million nine hundred and ninety-nine thousand nine hundred and ninety-nine',
    ],
    ['100001000', '一亿零一千', 'one hundred million one thousand'],
  ])('%s is %s, %s', (value, inMandarin, inEnglish) => {
    expect(words(plain, value)).toBe(inMandarin);
    expect(words(plain, value, 'en')).toBe(inEnglish.replaceAll('-', ' '));
  });

  test('two of something is 两, the second in line is 二', () => {
    const of = asId<PromptId>('unit-year');
    expect(words({ kind: 'count', variable, of }, '2')).toBe('两年');
    expect(words({ kind: 'count', variable, of }, '12')).toBe('十二年');
    expect(saidInWords(speakPlace(2, 'zh-CN'), 'zh-CN')).toContain('第二位');
  });

  test('numbers that identify are spelled, one as 幺, without what is put between digits', () => {
    expect(words(digits, '13800138000')).toBe('幺三八零零幺三八零零零');
    expect(words(digits, '+86 010-95598')).toBe('八六零幺零九五五九八');
    expect(words(digits, '0012', 'en')).toBe('zero zero one two');
  });

  test.each(['', '12a', '-3', '1.5', '壹', '9'.repeat(33)])(
    '"%s" is no count: nothing is said, and told',
    (value) => {
      expect(speak(plain, value)).toMatchObject({ prompts: [], problem: expect.stringContaining('value:') });
      if (!/^9+$/.test(value)) expect(speak(digits, value.replace('-3', 'x')).problem).not.toBeNull();
    },
  );
});

describe('money', () => {
  test.each([
    ['0', '零元', 'zero yuan'],
    ['0.00', '零元', 'zero yuan'],
    ['0.05', '五分', 'five fen'],
    ['0.20', '两角', 'twenty fen'],
    ['2.00', '两元', 'two yuan'],
    ['128.50', '一百二十八元五角', 'one hundred and twenty eight yuan and fifty fen'],
    ['128.5000', '一百二十八元五角', 'one hundred and twenty eight yuan and fifty fen'],
    ['100.05', '一百元零五分', 'one hundred yuan and five fen'],
    ['12.34', '十二元三角四分', 'twelve yuan and thirty four fen'],
    ['20000', '两万元', 'twenty thousand yuan'],
  ])('%s is %s, %s', (value, inMandarin, inEnglish) => {
    expect(words(amount, value)).toBe(inMandarin);
    expect(words(amount, value, 'en')).toBe(inEnglish);
  });

  test.each(['-12.30', '12.345', '1e3', 'abc', '', '1,000', '1234567890123'])(
    '"%s" is no amount to be said: a sign, parts of a fen, words and separators are refused',
    (value) => expect(speak(amount, value)).toMatchObject({ prompts: [], problem: expect.any(String) }),
  );

  test('any amount is heard as itself: its words in either language lead back to it', () => {
    const anyFen = fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: 1e14 - 1 }));
    fc.assert(
      fc.property(anyFen, (fen) => {
        const text = `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
        expect(fenInMandarin(words(amount, text))).toBe(fen);
        expect(fenInEnglish(words(amount, text, 'en'))).toBe(fen);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('days and times', () => {
  test.each([
    ['2026-11-22', '今天', 'today'],
    ['2026-11-23', '明天', 'tomorrow'],
    ['2026-11-21', '昨天', 'yesterday'],
    ['2026-12-02', '十二月二号', 'December the second'],
    ['2027-01-01', '二零二七年一月一号', 'January the first twenty twenty seven'],
    ['2005-05-31', '二零零五年五月三十一号', 'May the thirty-first two thousand and five'],
    ['2026-12-02T18:30', '十二月二号', 'December the second'],
    ['2026-12-01T18:30:00Z', '十二月二号', 'December the second'],
    ['2026-12-02 02:30:00+08', '十二月二号', 'December the second'],
  ])('the day of %s is %s, %s', (value, inMandarin, inEnglish) => {
    expect(words(day, value)).toBe(inMandarin);
    expect(words(day, value, 'en')).toBe(inEnglish);
  });

  test('without knowing what day it is, the year is always said', () => {
    const values = new Map([[variable, '2026-11-22']]);
    expect(saidInWords(speakValue(day, values, 'zh-CN').prompts, 'zh-CN')).toBe('二零二六年十一月二十二号');
  });

  test.each(['2026-02-29', '2026-13-01', '2026-00-10', '2026-1-1', 'tomorrow', '', '2026-02-29T10:00:00Z'])(
    '"%s" is no day',
    (value) => expect(speak(day, value)).toMatchObject({ prompts: [], problem: expect.any(String) }),
  );

  test('2028-02-29 is one', () => {
    expect(words(day, '2028-02-29')).toBe('二零二八年二月二十九号');
  });

  test.each([
    ['00:00', '凌晨零点', 'midnight'],
    ['00:05', '凌晨零点零五分', 'twelve oh five a.m.'],
    ['08:30', '早上八点半', 'eight thirty a.m.'],
    ['09:30', '上午九点半', 'nine thirty a.m.'],
    ['12:00', '中午十二点', 'noon'],
    ['14:00', '下午两点', 'two p.m.'],
    ['18:45', '晚上六点四十五分', 'six forty five p.m.'],
    ['2026-12-01T10:30:00Z', '晚上六点半', 'six thirty p.m.'],
  ])('%s is %s, %s', (value, inMandarin, inEnglish) => {
    expect(words(time, value)).toBe(inMandarin);
    expect(words(time, value, 'en')).toBe(inEnglish);
  });

  test.each(['24:00', '9:30', '12:60', 'noon', ''])('"%s" is no time', (value) =>
    expect(speak(time, value)).toMatchObject({ prompts: [], problem: expect.any(String) }),
  );
});

describe('what a waiting caller is told', () => {
  test.each([
    [1, '下一位就是您'],
    [3, '第三位'],
    [12, '第十二位'],
  ])('place %i: %s', (place, inWords) =>
    expect(saidInWords(speakPlace(place, 'zh-CN'), 'zh-CN')).toContain(inWords),
  );
  test.each([
    [20_000, '不到一分钟'],
    [61_000, '两分钟'],
    [10 * 60_000, '十分钟'],
    [11 * 60_000, '十五分钟'],
    [31 * 60_000, '超过半小时'],
  ])('%i ms: %s', (waitMs, inWords) =>
    expect(saidInWords(speakExpectedWait(waitMs, 'zh-CN'), 'zh-CN')).toContain(inWords),
  );
});

test.each(['zh-CN', 'en'] as const)('the fragments in %s are exactly those that values need', (language) => {
  const file = parse(readFileSync(`dialplans/prompts/fragments/${language}.yaml`, 'utf8')) as object;
  expect(Object.keys(file).sort()).toEqual([...fragmentIds(language)].sort());
});

test('whatever a value is, saying it ends, and names only fragments there are', () => {
  const known = { 'zh-CN': new Set(fragmentIds('zh-CN')), en: new Set(fragmentIds('en')) };
  const kinds: Spoken[] = [amount, digits, plain, day, time];
  const anyText = fc.oneof(
    fc.string(),
    fc.date({ noInvalidDate: true }).map((d) => d.toISOString()),
    fc.nat().map(String),
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      anyText,
      fc.constantFrom('zh-CN' as const, 'en' as const),
      (spoken, value, language) => {
        const { prompts, problem } = speak(spoken, value, language);
        expect(prompts.length > 0).toBe(problem === null);
        for (const prompt of prompts) expect(known[language]).toContain(prompt);
      },
    ),
  );
});

/** Reads Mandarin money the other way round, independently of how it was made. */
function fenInMandarin(text: string): number {
  const [yuan, rest] = text.includes('元') ? (text.split('元') as [string, string]) : ['', text];
  const part = (unit: string) => {
    const [, digit] = new RegExp(`([一二两三四五六七八九])${unit}`).exec(rest) ?? [];
    return digit ? digitOf(digit) : 0;
  };
  return wholeInMandarin(yuan) * 100 + part('角') * 10 + part('分');
}
const digitOf = (character: string): number =>
  character === '两' ? 2 : '零一二三四五六七八九'.indexOf(character);
function wholeInMandarin(text: string): number {
  let total = 0;
  let group = 0;
  let digit = 0;
  for (const character of text) {
    const place = { 十: 10, 百: 100, 千: 1000 }[character];
    if (place) {
      group += (digit || 1) * place;
      digit = 0;
    } else if (character === '万' || character === '亿') {
      total += (group + digit) * (character === '万' ? 1e4 : 1e8);
      [group, digit] = [0, 0];
    } else digit = digitOf(character);
  }
  return total + group + digit;
}

/** Reads English money the other way round. */
function fenInEnglish(text: string): number {
  const [yuan, fen] = text.includes('yuan') ? (text.split('yuan') as [string, string]) : ['', text];
  return wholeInEnglish(yuan) * 100 + wholeInEnglish(fen);
}
function wholeInEnglish(text: string): number {
  const ones =
    'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
      ' ',
    );
  const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
  const units: Record<string, number> = { thousand: 1e3, million: 1e6, billion: 1e9 };
  let total = 0;
  let group = 0;
  for (const word of text.split(' ')) {
    if (ones.includes(word)) group += ones.indexOf(word);
    else if (tens.includes(word)) group += (tens.indexOf(word) + 2) * 10;
    else if (word === 'hundred') group *= 100;
    else if (units[word]) {
      total += group * units[word];
      group = 0;
    }
  }
  return total + group;
}
