/**
 * What the texts a call knows mean: amounts, digits, counts, days, times. Pure. Each answers the value, or why the text is not one;
 * nothing is rounded or guessed, for a caller acts on what is said.
 */
export type Reading<Value> = { readonly value: Value } | { readonly problem: string };
export type Money = { readonly yuan: number; readonly jiao: number; readonly fen: number };
export type Day = { readonly year: number; readonly month: number; readonly day: number };
export type TimeOfDay = { readonly hour: number; readonly minute: number };

/** Numbers at or above this have no words here. */
export const tooLarge = 1e12;

/** "128.50" → 128 yuan 5 jiao 0 fen. A sign is refused: what is owed and what is left are different sentences. */
export function readAmount(text: string): Reading<Money> {
  const parts = /^(\d{1,12})(?:\.(\d{1,6}))?$/.exec(text.trim());
  if (!parts) return { problem: `"${text}" is no amount such as 128.50` };
  const decimals = parts[2] ?? '';
  if (/[1-9]/.test(decimals.slice(2))) return { problem: `"${text}" has parts of a fen` };
  return {
    value: { yuan: Number(parts[1]), jiao: Number(decimals[0] ?? 0), fen: Number(decimals[1] ?? 0) },
  };
}

/** Digits as they are, without what people put between them: "010-95598" → 01095598. */
export function readDigits(text: string): Reading<string> {
  const digits = text.trim().replaceAll(/^\+|[\s-]/g, '');
  return /^\d{1,32}$/.test(digits) ? { value: digits } : { problem: `"${text}" is not 1 to 32 digits` };
}

export function readCount(text: string): Reading<number> {
  return /^\d{1,12}$/.test(text.trim())
    ? { value: Number(text) }
    : { problem: `"${text}" is no whole number` };
}

const stamp = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** From YYYY-MM-DD or a timestamp. One that names its offset is taken to the centre's time zone; one that does not is local already. */
export function readDay(text: string, timeZone: string): Reading<Day> {
  const local = localParts(text.trim(), timeZone);
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(local?.day ?? text.trim());
  const [year, month, day] = (parts ?? []).slice(1).map(Number);
  if (year === undefined || month === undefined || day === undefined || year < 1000)
    return { problem: `"${text}" is no day such as 2026-10-01` };
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month))
    return { problem: `"${text}" is a day that does not exist` };
  return { value: { year, month, day } };
}

/** From HH:MM or a timestamp; seconds are not said. */
export function readTime(text: string, timeZone: string): Reading<TimeOfDay> {
  const local = localParts(text.trim(), timeZone);
  const parts = /^(\d\d):(\d\d)(?::\d\d)?$/.exec(local?.time ?? text.trim());
  const [hour, minute] = (parts ?? []).slice(1).map(Number);
  if (hour === undefined || minute === undefined || hour > 23 || minute > 59)
    return { problem: `"${text}" is no time such as 09:30` };
  return { value: { hour, minute } };
}

function localParts(text: string, timeZone: string): { day: string; time: string } | null {
  const [, day, time, offset] = stamp.exec(text) ?? [];
  if (day === undefined || time === undefined) return null;
  if (offset === undefined) return { day, time };
  const written = `${day}T${time}:00`;
  const at = Date.parse(`${written}${isoOffset(offset)}`);
  // Date.parse takes the 29th of a short February, and 24:00, for the day after.
  if (Number.isNaN(at) || !new Date(`${written}Z`).toISOString().startsWith(written))
    return { day: text, time: text };
  const parts = new Map(
    localFormat(timeZone)
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  return { day: `${of('year')}-${of('month')}-${of('day')}`, time: `${of('hour')}:${of('minute')}` };
}

/** Postgres writes +08, ISO 8601 +08:00. */
const isoOffset = (offset: string): string =>
  offset === 'Z' ? 'Z' : `${offset.slice(0, 3)}:${offset.slice(3).replace(':', '').padEnd(2, '0')}`;

const formats = new Map<string, Intl.DateTimeFormat>();
function localFormat(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(timeZone, made);
  return made;
}

export const daysIn = (year: number, month: number): number =>
  month === 2
    ? year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
      ? 29
      : 28
    : [4, 6, 9, 11].includes(month)
      ? 30
      : 31;
