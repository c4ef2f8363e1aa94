import { type Tongue, upTo } from './tongue.ts';

/** English: one hundred and twenty-eight yuan fifty, February the second, nine oh five a.m. */
export const english: Tongue = {
  amount({ yuan, jiao, fen }) {
    const cents = jiao * 10 + fen;
    const said: string[] = [];
    if (yuan > 0 || cents === 0) said.push(...cardinal(yuan), 'unit-yuan');
    if (cents > 0) said.push(...(yuan > 0 ? ['n-and'] : []), ...cardinal(cents), 'unit-fen');
    return said;
  },
  digits: (digits) => [...digits].map((digit) => `n-${digit}`),
  count: (value) => cardinal(value),
  day: ({ year, month, day }, sayYear) => [`month-${month}`, `day-${day}`, ...(sayYear ? inYear(year) : [])],
  nearDay: (day) => [`day-${day}`],
  time({ hour, minute }) {
    if (minute === 0 && hour === 0) return ['time-midnight'];
    if (minute === 0 && hour === 12) return ['time-noon'];
    const said = cardinal(hour % 12 === 0 ? 12 : hour % 12);
    if (minute > 0) said.push(...(minute < 10 ? ['n-oh'] : []), ...cardinal(minute));
    return [...said, hour < 12 ? 'time-am' : 'time-pm'];
  },
  fragments: [
    ...[0, ...upTo(19)].map((n) => `n-${n}`),
    ...upTo(8).map((n) => `n-${(n + 1) * 10}`),
    ...['n-hundred', 'n-thousand', 'n-million', 'n-billion', 'n-and', 'n-oh', 'unit-yuan', 'unit-fen'],
    ...upTo(12).map((n) => `month-${n}`),
    ...upTo(31).map((n) => `day-${n}`),
    ...['day-yesterday', 'day-today', 'day-tomorrow'],
    ...['time-midnight', 'time-noon', 'time-am', 'time-pm'],
  ],
};

/** 2026 → twenty twenty-six, 2005 → two thousand and five, 1900 → nineteen hundred. */
function inYear(year: number): string[] {
  if (year % 1000 < 10) return cardinal(year);
  const [century, rest] = [Math.floor(year / 100), year % 100];
  if (rest === 0) return [...cardinal(century), 'n-hundred'];
  return [...cardinal(century), ...(rest < 10 ? ['n-oh'] : []), ...cardinal(rest)];
}

function cardinal(value: number): string[] {
  if (value === 0) return ['n-0'];
  const said: string[] = [];
  for (const [unit, fragment] of [
    [1e9, 'n-billion'],
    [1e6, 'n-million'],
    [1e3, 'n-thousand'],
    [1, null],
  ] as const) {
    const group = Math.floor(value / unit) % 1000;
    if (group === 0) continue;
    if (fragment === null && group < 100 && said.length > 0) said.push('n-and'); // two thousand and five
    said.push(...belowThousand(group));
    if (fragment) said.push(fragment);
  }
  return said;
}

function belowThousand(value: number): string[] {
  const [hundreds, rest] = [Math.floor(value / 100), value % 100];
  const said = hundreds > 0 ? [`n-${hundreds}`, 'n-hundred'] : [];
  if (rest === 0) return said;
  if (hundreds > 0) said.push('n-and');
  if (rest < 20) return [...said, `n-${rest}`];
  return [...said, `n-${rest - (rest % 10)}`, ...(rest % 10 > 0 ? [`n-${rest % 10}`] : [])];
}
