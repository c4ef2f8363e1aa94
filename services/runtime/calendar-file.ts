import { z } from 'zod';
import { type Calendar, type OpeningHours, type Span, weekdayOf } from '../ivr/calendar.ts';
import { plainName as name, plainWords } from '../ivr/plain-text.ts';
import { readDay } from '../ivr/speak/readings.ts';
import { CentreError, readText } from './centre-file.ts';
import { readYaml } from './read-yaml.ts';

const words = z.strictObject({
  'zh-CN': plainWords(60),
  en: plainWords(60),
});
const span = z.string().regex(/^\d\d:\d\d-\d\d:\d\d$/, 'a span such as 08:30-17:30');
const weekdays: readonly string[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const weekdaySpan = z
  .string()
  .regex(new RegExp(`^(${weekdays.join('|')})(-(${weekdays.join('|')}))?$`), 'days such as mon, or mon-fri');
const schema = z.strictObject({
  hours: z.record(
    name,
    z.strictObject({
      week: z.record(weekdaySpan, z.array(span)),
      /** On holidays; as on other days unless given. */
      holidays: z.array(span).optional(),
    }),
  ),
  holidays: z.record(name, z.strictObject({ name: words, days: z.array(z.string()).min(1) })),
  workdays: z.array(z.string()).default([]),
  greetings: z
    .array(z.strictObject({ greeting: name, holiday: name.optional(), time: span.optional() }))
    .min(1),
  switches: z.record(name, words).default({}),
});
type CalendarText = z.infer<typeof schema>;
type Told = (where: string, problem: string) => void;

/**
 * Reads and checks `calendar.yaml`.
 * @throws {CentreError} with every problem.
 */
export const loadCalendar = (file: string): Calendar => parseCalendar(readText(file), file);

/**
 * The same for a text that was read already; `file` names it in problems.
 * @throws {CentreError} with every problem.
 */
export function parseCalendar(content: string, file: string): Calendar {
  const read = readYaml(content);
  if ('problems' in read) throw new CentreError(read.problems.map((problem) => `${file}: ${problem}`));
  const parsed = schema.safeParse(read.content);
  if (!parsed.success)
    throw new CentreError(
      parsed.error.issues.map(
        (issue) => `${file}: ${issue.path.join('.') || 'the whole file'}: ${messageOf(issue)}`,
      ),
    );
  const problems: string[] = [];
  const calendar = build(parsed.data, (where, problem) => problems.push(`${file}: ${where}: ${problem}`));
  if (problems.length > 0) throw new CentreError(problems);
  return calendar;
}

const messageOf = (issue: z.core.$ZodIssue): string =>
  issue.code === 'invalid_key' ? issue.issues.map(({ message }) => message).join(', ') : issue.message;

function build(text: CalendarText, told: Told): Calendar {
  const holidays = holidaysOf(text, told);
  return {
    hours: new Map(Object.entries(text.hours).map(([key, hours]) => [key, hoursOf(key, hours, told)])),
    holidays,
    holidayNames: new Map(Object.entries(text.holidays).map(([key, holiday]) => [key, holiday.name])),
    workdays: workdaysOf(text, holidays, told),
    greetings: greetingsOf(text, told),
    switches: new Map(Object.entries(text.switches)),
  };
}

function hoursOf(key: string, text: CalendarText['hours'][string], told: Told): OpeningHours {
  const week = new Map<number, readonly Span[]>();
  for (const [days, texts] of Object.entries(text.week)) {
    const where = `hours.${key}.week.${days}`;
    const spans = spansOf(where, texts, told);
    for (const weekday of weekdaysOf(days, (problem) => told(where, problem))) {
      if (week.has(weekday)) told(where, `${weekdays[weekday - 1]} is there twice`);
      week.set(weekday, spans);
    }
  }
  const missing = weekdays.filter((_, index) => !week.has(index + 1));
  if (missing.length > 0)
    told(`hours.${key}.week`, `nothing is said of ${missing.join(', ')}; a closed day has []`);
  return {
    week,
    onHolidays: text.holidays ? spansOf(`hours.${key}.holidays`, text.holidays, told) : null,
  };
}

function weekdaysOf(text: string, told: (problem: string) => void): number[] {
  const [from = '', to = from] = text.split('-');
  const number = (day: string) => weekdays.indexOf(day) + 1;
  const [first, last] = [number(from), number(to)];
  if (first > last) told('ends before it begins: a week goes from mon to sun');
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

function spansOf(where: string, texts: readonly string[], told: Told): Span[] {
  const spans = texts.map((text) => spanOf(where, text, told)).sort((a, b) => a.fromMinute - b.fromMinute);
  spans.forEach((span, index) => {
    const next = spans[index + 1];
    if (next && next.fromMinute < span.toMinute) told(where, `${texts.join(', ')} overlap`);
  });
  return spans;
}

function spanOf(where: string, text: string, told: Told): Span {
  const [fromMinute = 0, toMinute = 0] = text.split('-').map((clock) => {
    const [hour = 0, minute = 0] = clock.split(':').map(Number);
    if (minute > 59 || hour * 60 + minute > 1440) told(where, `${clock} is no time of day`);
    return hour * 60 + minute;
  });
  if (fromMinute >= toMinute)
    told(where, `${text} ends before it begins; past midnight, write one up to 24:00 and one from 00:00`);
  return { fromMinute, toMinute };
}

function holidaysOf(text: CalendarText, told: Told): Map<string, string> {
  const holidays = new Map<string, string>();
  for (const [key, { days }] of Object.entries(text.holidays))
    for (const range of days) {
      const where = `holidays.${key}.days`;
      const [from = '', to = from] = range.split('..');
      if (!isDay(from) || !isDay(to) || from > to) {
        told(where, `"${range}" is neither a day such as 2026-10-01 nor days such as 2026-10-01..2026-10-07`);
        continue;
      }
      const all = daysBetween(from, to);
      if (all.length > longestHolidayDays) told(where, `${range} is longer than ${longestHolidayDays} days`);
      else
        for (const day of all) {
          const other = holidays.get(day);
          if (other !== undefined) told(where, `${day} is ${other} already`);
          holidays.set(day, key);
        }
    }
  return holidays;
}

const longestHolidayDays = 31;

function workdaysOf(text: CalendarText, holidays: ReadonlyMap<string, string>, told: Told): Set<string> {
  for (const day of text.workdays)
    if (!isDay(day)) told('workdays', `"${day}" is no day such as 2026-02-14`);
    else if (holidays.has(day)) told('workdays', `${day} is a holiday: ${holidays.get(day)}`);
    else if (weekdayOf(day) < 6)
      told('workdays', `${day} is a ${weekdays[weekdayOf(day) - 1]}: people work then anyway`);
  return new Set(text.workdays);
}

function greetingsOf(text: CalendarText, told: Told): Calendar['greetings'] {
  const greetings = text.greetings.map(({ greeting, holiday, time }, index) => {
    const where = `greetings.${index}`;
    if (holiday !== undefined && !Object.hasOwn(text.holidays, holiday))
      told(where, `there is no holiday "${holiday}"`);
    return {
      greeting,
      holiday: holiday ?? null,
      span: time === undefined ? null : spanOf(where, time, told),
    };
  });
  const always = greetings.filter(({ holiday }) => holiday === null);
  const ungreeted = Array.from({ length: 1440 }, (_, minute) => minute).find(
    (minute) =>
      !always.some(({ span }) => span === null || (minute >= span.fromMinute && minute < span.toMinute)),
  );
  if (ungreeted !== undefined)
    told('greetings', `nobody is greeted at ${clock(ungreeted)} on an ordinary day`);
  return greetings;
}

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && 'value' in readDay(text, 'UTC');

function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  const last = Date.parse(`${to}T00:00:00Z`);
  for (let at = Date.parse(`${from}T00:00:00Z`); at <= last; at += 86_400_000)
    days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}
