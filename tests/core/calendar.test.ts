import { describe, expect, test } from 'vitest';
import { instant } from '../../services/events/instant.ts';
import { calendarAt, localMomentIn } from '../../services/ivr/calendar.ts';
import { loadCalendar, parseCalendar } from '../../services/runtime/calendar-file.ts';
import { CentreError } from '../../services/runtime/centre-file.ts';

const shipped = loadCalendar('dialplans/calendar.yaml');
const inShanghai = localMomentIn('Asia/Shanghai');
/** @param local such as 2026-02-17T00:00, in Shanghai */
const at = (local: string) => calendarAt(shipped, inShanghai(instant(Date.parse(`${local}:00+08:00`))));

describe('greeting by time of day and holiday (ANS-04)', () => {
  test.each([
    ['2026-11-23T08:30', 'morning'],
    ['2026-11-23T04:59', 'hello'],
    ['2026-11-23T05:00', 'morning'],
    ['2026-11-23T11:29', 'morning'],
    ['2026-11-23T11:30', 'noon'],
    ['2026-11-23T13:00', 'afternoon'],
    ['2026-11-23T17:59', 'afternoon'],
    ['2026-11-23T18:00', 'evening'],
    ['2026-11-23T23:59', 'evening'],
    ['2026-02-14T23:59', 'evening'],
    ['2026-02-15T00:00', 'new-year'],
    ['2026-02-17T00:00', 'new-year'],
    ['2026-02-23T23:59', 'new-year'],
    ['2026-02-24T00:00', 'hello'],
    ['2027-02-06T08:30', 'new-year'],
    ['2026-10-01T12:00', 'festival'],
    ['2026-04-05T08:30', 'morning'],
  ])('%s: %s', (local, greeting) => expect(at(local).greeting).toBe(greeting));
});

describe('opening hours', () => {
  test.each([
    ['a Monday morning, on the minute', '2026-11-23T08:00', true],
    ['a minute before', '2026-11-23T07:59', false],
    ['its last minute', '2026-11-23T19:59', true],
    ['closing time', '2026-11-23T20:00', false],
    ['a Sunday early', '2026-11-22T08:30', false],
    ['a Sunday worked for a holiday: as a Monday', '2026-09-20T08:30', true],
    ['National Day, a Thursday: the holiday hours', '2026-10-01T08:30', false],
    ['National Day later in the morning', '2026-10-01T09:00', true],
  ])('%s', (_, local, open) => expect(at(local).inHours('business-desk')).toBe(open));

  test('a desk that is closed on holidays is', () => {
    expect(at('2026-10-08T10:00').inHours('english-desk')).toBe(true);
    expect(at('2026-10-01T10:00').inHours('english-desk')).toBe(false);
  });

  test('the local day is the centre’s: 16:00 UTC begins the next one in Shanghai', () => {
    const moment = (iso: string) => inShanghai(instant(Date.parse(iso)));
    expect(moment('2026-09-30T15:59:59Z')).toEqual({ day: '2026-09-30', weekday: 3, minuteOfDay: 1439 });
    expect(moment('2026-09-30T16:00:00Z')).toEqual({ day: '2026-10-01', weekday: 4, minuteOfDay: 0 });
    expect(at('2026-09-30T23:59').holiday).toBeNull();
    expect(at('2026-10-01T00:00').holiday).toBe('national-day');
  });

  test('hours that an old flow asks for and nobody keeps any more shut nobody out', () => {
    expect(at('2026-10-01T03:00').inHours('gone')).toBe(true);
  });
});

test('holidays by the moon are where the Chinese calendar has them', () => {
  const lunar = new Intl.DateTimeFormat('en-u-ca-chinese', {
    timeZone: 'UTC',
    month: 'numeric',
    day: 'numeric',
  });
  const daysOf = (holiday: string) =>
    [...shipped.holidays].filter(([, name]) => name === holiday).map(([day]) => lunar.format(new Date(day)));
  for (const [holiday, day] of [
    ['spring-festival', '1/1'],
    ['dragon-boat', '5/5'],
    ['mid-autumn', '8/15'],
  ] as const)
    expect(daysOf(holiday).filter((one) => one === day)).toHaveLength(2);
});

describe('a calendar that is wrong is refused with every problem', () => {
  const good = `
hours: { desk: { week: { mon-sun: ["08:00-20:00"] } } }
holidays: { one: { name: { zh-CN: 一, en: One }, days: ["2026-10-01"] } }
greetings: [{ greeting: hello }]
`;
  const problems = (text: string) => {
    try {
      parseCalendar(text, 'calendar.yaml');
      return [];
    } catch (error) {
      if (error instanceof CentreError) return error.problems;
      throw error;
    }
  };
  test('the good one is taken', () => expect(problems(good)).toEqual([]));
  test.each([
    ['a day left out', 'mon-sun: [', 'mon-sat: [', 'nothing is said of sun'],
    ['days the wrong way round', 'mon-sun: [', 'sun-mon: [', 'ends before it begins'],
    ['a span past midnight', '08:00-20:00', '20:00-08:00', 'ends before it begins'],
    ['an hour that is none', '08:00-20:00', '08:00-25:00', '25:00 is no time of day'],
    ['overlapping spans', '"08:00-20:00"', '"08:00-12:00", "11:00-20:00"', 'overlap'],
    ['a day that does not exist', '2026-10-01', '2026-02-29', 'neither a day'],
    [
      'a greeting for no holiday',
      '{ greeting: hello }',
      '{ greeting: hello }, { greeting: x, holiday: two }',
      'no holiday "two"',
    ],
    [
      'a time without a greeting',
      '{ greeting: hello }',
      '{ greeting: hello, time: "05:00-24:00" }',
      'nobody is greeted at 00:00',
    ],
    [
      'a working day that is a holiday',
      'greetings:',
      'workdays: ["2026-10-01"]\ngreetings:',
      'is a holiday: one',
    ],
    [
      'a working day on a Monday',
      'greetings:',
      'workdays: ["2026-11-23"]\ngreetings:',
      'people work then anyway',
    ],
    ['something unknown', 'greetings:', 'extra: 1\ngreetings:', 'extra'],
  ])('%s', (_, from, to, problem) => {
    expect(problems(good.replace(from, to)).join('\n')).toContain(problem);
  });
  test('two problems are told at once', () => {
    expect(
      problems(good.replace('08:00-20:00', '08:00-25:00').replace('2026-10-01', '2026-02-29')),
    ).toHaveLength(2);
  });
});
