/** The centre works on one clock, wherever the browser is. */
export const centreTimeZone = 'Asia/Shanghai';

const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: centreTimeZone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

type Fields = Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', string>;

function fieldsOf(at: number): Fields {
  const fields: Fields = { year: '', month: '', day: '', hour: '', minute: '', second: '' };
  for (const { type, value } of parts.formatToParts(at)) {
    if (type in fields) fields[type as keyof Fields] = value;
  }
  return fields;
}

/** `14:03:09` in the centre's time zone. `at` is epoch milliseconds. */
export function timeOfDay(at: number): string {
  const f = fieldsOf(at);
  return `${f.hour}:${f.minute}:${f.second}`;
}

/** `2026-11-21`, the centre's date at that moment. */
export function localDate(at: number): string {
  const f = fieldsOf(at);
  return `${f.year}-${f.month}-${f.day}`;
}

/** `11-21 14:03:09`, or with the year when it is not the year of `now`. */
export function dateTime(at: number, now: number): string {
  const date = localDate(at);
  const shown = date.slice(0, 4) === localDate(now).slice(0, 4) ? date.slice(5) : date;
  return `${shown} ${timeOfDay(at)}`;
}

/** The time of day, with the date in front when that is not the date of `now`. */
export const momentText = (at: number, now: number): string =>
  localDate(at) === localDate(now) ? timeOfDay(at) : dateTime(at, now);

/** The moment a date of the centre begins, as ISO text with its offset. China has kept +08:00 without summer time since 1991. */
export const startOfDate = (date: string): string => `${date}T00:00:00+08:00`;
/** The moment after its last, as ISO text. */
export function endOfDate(date: string): string {
  return new Date(Date.parse(startOfDate(date)) + 24 * 3600 * 1000).toISOString();
}
