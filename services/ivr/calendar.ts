import type { Instant } from '../events/instant.ts';
import type { Language } from '../events/vocabulary.ts';

/** When the centre is open, what days are holidays, how callers are greeted, what leads can switch. From `dialplans/calendar.yaml`, checked. */
export type Calendar = {
  readonly hours: ReadonlyMap<string, OpeningHours>;
  /** Day (YYYY-MM-DD) → the holiday it belongs to. */
  readonly holidays: ReadonlyMap<string, string>;
  readonly holidayNames: ReadonlyMap<string, Readonly<Record<Language, string>>>;
  /** Saturdays and Sundays on which people work, to make up for a holiday: they go by Monday's hours. */
  readonly workdays: ReadonlySet<string>;
  /** The first that fits is said; together they cover the day. */
  readonly greetings: readonly Greeting[];
  /** What a lead can turn on and off for a hotline, with the words that screens show. */
  readonly switches: ReadonlyMap<string, Readonly<Record<Language, string>>>;
};

/** Minutes after local midnight; `toMinute` is outside already, and at most 1440. */
export type Span = { readonly fromMinute: number; readonly toMinute: number };

export type OpeningHours = {
  /** By weekday, 1 Monday … 7 Sunday; seven entries, an empty one is a closed day. */
  readonly week: ReadonlyMap<number, readonly Span[]>;
  /** On holidays; null: as on any such weekday. */
  readonly onHolidays: readonly Span[] | null;
};

/** `holiday` null: on any day. `span` null: at any time. */
export type Greeting = {
  readonly greeting: string;
  readonly holiday: string | null;
  readonly span: Span | null;
};

/** A moment as the centre's wall clock shows it. */
export type LocalMoment = {
  /** YYYY-MM-DD. */
  readonly day: string;
  /** 1 Monday … 7 Sunday. */
  readonly weekday: number;
  readonly minuteOfDay: number;
};

/** What a flow may ask of the calendar at one moment. */
export type CalendarNow = {
  readonly today: string;
  readonly minuteOfDay: number;
  readonly holiday: string | null;
  /** A given variable of every call: the prompt `greeting-<name>` says it. */
  readonly greeting: string;
  readonly inHours: (hours: string) => boolean;
};

/** The calendar at this moment. Pure and total. */
export function calendarAt(calendar: Calendar, moment: LocalMoment): CalendarNow {
  const holiday = calendar.holidays.get(moment.day) ?? null;
  return {
    today: moment.day,
    minuteOfDay: moment.minuteOfDay,
    holiday,
    greeting: greetingAt(calendar, holiday, moment.minuteOfDay),
    inHours: (hours) => isOpen(calendar, hours, moment, holiday),
  };
}

function isOpen(calendar: Calendar, name: string, moment: LocalMoment, holiday: string | null): boolean {
  const hours = calendar.hours.get(name);
  // The checker knows every name; one that an old version of a flow still asks for must not shut callers out.
  if (!hours) return true;
  const weekday = calendar.workdays.has(moment.day) ? 1 : moment.weekday;
  const spans =
    holiday !== null && hours.onHolidays !== null ? hours.onHolidays : (hours.week.get(weekday) ?? []);
  return spans.some((span) => within(span, moment.minuteOfDay));
}

function greetingAt(calendar: Calendar, holiday: string | null, minute: number): string {
  const fits = ({ holiday: only, span }: Greeting) =>
    (only === null || only === holiday) && (span === null || within(span, minute));
  return calendar.greetings.find(fits)?.greeting ?? '';
}

const within = ({ fromMinute, toMinute }: Span, minute: number): boolean =>
  minute >= fromMinute && minute < toMinute;

/**
 * Makes the function that tells a moment's local day, weekday and minute in a time zone such as `Asia/Shanghai`.
 * @throws {RangeError} when the runtime does not know the zone.
 */
export function localMomentIn(timeZone: string): (at: Instant) => LocalMoment {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  // Zones differ from UTC by whole minutes, so nothing here changes within one; formatting each time costs microseconds.
  // Asked for turn about of now and of when calls began: the newest minutes are kept.
  const known = new Map<number, LocalMoment>();
  return (at) => {
    const minute = Math.floor(at / 60_000);
    const before = known.get(minute);
    if (before) return before;
    const moment = momentOf(format.formatToParts(at));
    if (known.size >= keptMinutes) known.delete(known.keys().next().value as number);
    known.set(minute, moment);
    return moment;
  };
}

/** As long as most calls last. */
const keptMinutes = 60;

function momentOf(parts: readonly Intl.DateTimeFormatPart[]): LocalMoment {
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? '0';
  const day = `${of('year')}-${of('month')}-${of('day')}`;
  return { day, weekday: weekdayOf(day), minuteOfDay: Number(of('hour')) * 60 + Number(of('minute')) };
}

/** 1 Monday … 7 Sunday. @param day YYYY-MM-DD */
export const weekdayOf = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
