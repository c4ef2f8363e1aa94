import type { PromptLanguage } from './texts.ts';

/**
 * Rewrites a prompt so that the synthesiser says it as a person would. Pure.
 * Mandarin voices read 95598 as ninety-five thousand…, drop zeros, say 二位, and guess polyphones wrongly.
 */
export function normaliseForSpeech(text: string, language: PromptLanguage): string {
  const words = numbersInWords(text, language);
  if (language !== 'zh-CN') return words;
  return HOMOPHONES.reduce((done, [proper, sounding]) => done.replace(proper, sounding), words);
}

/** The same without respelling polyphones: voices other than the one in the box know those better. */
export const numbersInWords = (text: string, language: PromptLanguage): string =>
  language === 'zh-CN' ? mandarin(text) : english(text);

const DIGITS = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'] as const;
/** Numbers that identify (telephones, accounts) are spelled; one is said 幺 there, never yī. */
const SPELLED = ['零', '幺', '二', '三', '四', '五', '六', '七', '八', '九'] as const;

/** Measure words before which two is 两. */
const MEASURES = '个|位|次|天|年|分钟|小时|秒|点|遍|条|部|张|家|项|倍|名|通|户|万|千';
/** Words after which a number identifies something, however short it is. */
const IDENTIFIED_BY = '工号|座席|分机|编号|号码|账号|尾号|热线|电话|致电|拨打|验证码';
const SPELLED_FROM_DIGITS = 5;

/** Sounds alike, and is read right where the proper character is not (重 zhòng/chóng, 行 xíng/háng). */
const HOMOPHONES: readonly [RegExp, string][] = [
  [/重新/g, '虫新'],
  [/重听/g, '虫听'],
  [/重复/g, '虫复'],
  [/银行/g, '银航'],
];

function mandarin(text: string): string {
  let spoken = text
    .replace(/(\d{4})年/g, (_, year: string) => `${spellPlain(year)}年`)
    .replace(
      /(\d{1,2}):(\d{2})/g,
      (_, h: string, m: string) => `${measured(h)}点${m === '00' ? '' : `${cardinal(Number(m))}分`}`,
    )
    .replace(/(-?\d+(?:\.\d+)?)%/g, (_, number: string) => `百分之${amount(number)}`)
    .replace(
      new RegExp(`((?:${IDENTIFIED_BY})(?:是|为|：)?)(\\d+)`, 'g'),
      (_, word: string, digits: string) => word + spell(digits),
    );
  spoken = spoken.replace(new RegExp(`(?<!\\d)2(?=${MEASURES})`, 'g'), '两');
  return spoken.replace(/(?<![\d\p{Letter}])-?\d+(?:\.\d+)?|\d+(?:\.\d+)?/gu, (number) =>
    /^\d+$/.test(number) && (number.length >= SPELLED_FROM_DIGITS || /^0\d/.test(number))
      ? spell(number)
      : amount(number),
  );
}

function english(text: string): string {
  return text
    .replace(/\d{5,}|(?<=\b(?:agent|number) )\d+/g, (digits) => [...digits].join(' '))
    .replace(/%/g, ' percent');
}

const spell = (digits: string): string => [...digits].map((digit) => SPELLED[Number(digit)]).join('');
const spellPlain = (digits: string): string => [...digits].map((digit) => DIGITS[Number(digit)]).join('');
const measured = (digits: string): string => (Number(digits) === 2 ? '两' : cardinal(Number(digits)));

function amount(number: string): string {
  const negative = number.startsWith('-');
  const [whole = '0', fraction] = (negative ? number.slice(1) : number).split('.');
  return `${negative ? '负' : ''}${cardinal(Number(whole))}${fraction ? `点${spellPlain(fraction)}` : ''}`;
}

/** 0–99999999 in words: 1002 = 一千零二, 12 = 十二, 20000 = 两万. */
export function cardinal(value: number): string {
  if (value >= 10_000) {
    const high = Math.floor(value / 10_000);
    const low = value % 10_000;
    const words = `${high === 2 ? '两' : cardinal(high)}万`;
    return low === 0 ? words : `${words}${low < 1000 ? '零' : ''}${belowTenThousand(low)}`;
  }
  return belowTenThousand(value);
}

function belowTenThousand(value: number): string {
  if (value === 0) return '零';
  const units = ['千', '百', '十', ''];
  const digits = String(value).padStart(4, '0');
  let words = '';
  let gap = false;
  [...digits].forEach((digit, index) => {
    if (digit === '0') {
      gap = words !== '';
      return;
    }
    words += `${gap ? '零' : ''}${digit === '2' && index === 0 ? '两' : DIGITS[Number(digit)]}${units[index]}`;
    gap = false;
  });
  return value >= 10 && value < 20 ? words.slice(1) : words; // 十二, not 一十二
}
