import { describe, expect, test } from 'vitest';
import { cardinal, normaliseForSpeech } from '../../infra/prompts/normalise.ts';
import { PROMPT_LANGUAGES, readPromptTexts } from '../../infra/prompts/texts.ts';
import { fragmentIds } from '../../services/ivr/speak.ts';

const zh = (text: string) => normaliseForSpeech(text, 'zh-CN');

describe('prompts are written as people say them', () => {
  test('numbers that identify are spelled, with 幺 for one', () => {
    expect(zh('欢迎致电95598')).toBe('欢迎致电九五五九八');
    expect(zh('10050')).toBe('幺零零五零');
    expect(zh('工号1001为您服务')).toBe('工号幺零零幺为您服务');
    expect(zh('尾号是21')).toBe('尾号是二幺');
  });

  test('amounts are cardinals, two before a measure word is 两', () => {
    expect(zh('前面还有2位，大约12分钟')).toBe('前面还有两位，大约十二分钟');
    expect(zh('22个')).toBe('二十二个');
    expect(zh('2200元')).toBe('两千二百元');
    expect(zh('请按1')).toBe('请按一');
  });

  test('percent, minus, decimals, years and times', () => {
    expect(zh('95%，-5度，3.5元')).toBe('百分之九十五，负五度，三点五元');
    expect(zh('2026年10月2日 8:30')).toBe('二零二六年十月二日 八点三十分');
    expect(zh('2:00')).toBe('两点');
  });

  test('characters that the voice reads wrongly are replaced by ones that sound right', () => {
    expect(zh('请重新选择，重听请按9')).toBe('请虫新选择，虫听请按九');
  });

  test.each([
    [0, '零'],
    [10, '十'],
    [12, '十二'],
    [110, '一百一十'],
    [1002, '一千零二'],
    [20_000, '两万'],
    [10_050, '一万零五十'],
  ])('%i is %s', (value, words) => expect(cardinal(value)).toBe(words));

  test('English spells long numbers', () => {
    expect(normaliseForSpeech('hotline 95598, 24 hours', 'en')).toBe('hotline 9 5 5 9 8, 24 hours');
  });

  test('the shipped texts are complete in every language and leave no digit to the Mandarin voice', () => {
    const texts = readPromptTexts('dialplans/prompts');
    const [first, ...others] = PROMPT_LANGUAGES.map((language) => {
      const fragments = new Set<string>(fragmentIds(language));
      return Object.keys(texts[language])
        .filter((id) => !fragments.has(id))
        .sort();
    });
    expect(first?.length).toBeGreaterThan(10);
    for (const other of others) expect(other).toEqual(first);
    for (const text of Object.values(texts['zh-CN'])) expect(zh(text)).not.toMatch(/\d/);
  });
});
