import { type Tongue, upTo } from './tongue.ts';

/** Mandarin: 一百二十八元五角, 幺 in numbers that identify, 两 before what is counted, 上午九点半. */
export const mandarin: Tongue = {
  amount({ yuan, jiao, fen }) {
    const said: string[] = [];
    if (yuan > 0 || (jiao === 0 && fen === 0)) said.push(...measured(yuan), 'unit-yuan');
    if (jiao > 0) said.push(...measured(jiao), 'unit-jiao');
    // 一百元零五分: the empty place of jiao is said, as in a bank
    if (fen > 0 && jiao === 0 && yuan > 0) said.push('n-0', `n-${fen}`, 'unit-fen');
    else if (fen > 0) said.push(...(jiao > 0 ? [`n-${fen}`] : measured(fen)), 'unit-fen');
    return said;
  },
  digits: (digits) => [...digits].map((digit) => (digit === '1' ? 'd-1' : `n-${digit}`)),
  count: (value, isMeasured) => (isMeasured ? measured(value) : cardinal(value)),
  day: ({ year, month, day }, sayYear) => [
    ...(sayYear ? [...[...String(year)].map((digit) => `n-${digit}`), 'unit-year'] : []),
    `month-${month}`,
    `day-${day}`,
  ],
  nearDay: (day) => [`day-${day}`],
  time({ hour, minute }) {
    const onTheClock = hour > 12 ? hour - 12 : hour;
    const said = [`time-${partOfDay(hour)}`, `hour-${onTheClock}`];
    if (minute === 30) said.push('time-half');
    else if (minute > 0) said.push(...(minute < 10 ? ['n-0'] : []), ...cardinal(minute), 'unit-minute');
    return said;
  },
  fragments: [
    ...[0, ...upTo(10)].map((n) => `n-${n}`),
    ...upTo(8).map((n) => `n-${(n + 1) * 10}`),
    ...upTo(9).flatMap((n) => [`n-${n * 100}`, `n-${n * 1000}`]),
    ...['n-liang', 'n-one-ten', 'n-wan', 'n-yi', 'd-1'],
    ...['unit-yuan', 'unit-jiao', 'unit-fen', 'unit-year', 'unit-minute'],
    ...upTo(12).map((n) => `month-${n}`),
    ...upTo(31).map((n) => `day-${n}`),
    ...['day-yesterday', 'day-today', 'day-tomorrow'],
    ...[0, ...upTo(12)].map((n) => `hour-${n}`),
    ...['small-hours', 'early', 'morning', 'noon', 'afternoon', 'evening', 'half'].map((n) => `time-${n}`),
  ],
};

/** 凌晨, 早上, 上午, 中午, 下午, 晚上: as people divide the day. */
function partOfDay(hour: number): string {
  if (hour < 6) return 'small-hours';
  if (hour < 9) return 'early';
  if (hour < 12) return 'morning';
  if (hour < 13) return 'noon';
  return hour < 18 ? 'afternoon' : 'evening';
}

const measured = (value: number): string[] => (value === 2 ? ['n-liang'] : cardinal(value));

/** 10010 → 一万零一十: groups of four places, 零 once for empty places in between. */
function cardinal(value: number): string[] {
  if (value === 0) return ['n-0'];
  const said: string[] = [];
  for (const [unit, fragment] of [
    [1e8, 'n-yi'],
    [1e4, 'n-wan'],
    [1, null],
  ] as const) {
    const group = Math.floor(value / unit) % 10_000;
    if (group === 0) continue;
    if (said.length > 0 && (group < 1000 || skipped(value, unit))) said.push('n-0');
    said.push(...(fragment && group === 2 ? ['n-liang'] : belowTenThousand(group, said.length > 0)));
    if (fragment) said.push(fragment);
  }
  return said;
}

/** Whether the group of four places above this one is empty, or ends in an empty place that 零 stands for. */
const skipped = (value: number, unit: number): boolean => Math.floor(value / (unit * 10_000)) % 10_000 === 0;

function belowTenThousand(value: number, afterOthers: boolean): string[] {
  const said: string[] = [];
  let gap = false;
  for (const place of [1000, 100, 10, 1]) {
    const digit = Math.floor(value / place) % 10;
    if (digit === 0) {
      gap = said.length > 0;
      continue;
    }
    if (gap) said.push('n-0');
    gap = false;
    // 十二 at the start, 一百一十二 after others
    if (place === 10 && digit === 1 && (afterOthers || said.length > 0)) said.push('n-one-ten');
    else said.push(`n-${digit * place}`);
  }
  return said;
}
