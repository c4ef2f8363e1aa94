import type { Instant } from '../events/instant.ts';

/**
 * Makes the function that tells the local date (YYYY-MM-DD) of a moment in a time zone such as `Asia/Shanghai`.
 * @throws {RangeError} when the runtime does not know the zone.
 */
export function localDayIn(timeZone: string): (at: Instant) => string {
  // en-CA writes dates as ISO 8601 does.
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  // Zones differ from UTC by whole minutes, so a day never changes within one; formatting each time costs microseconds.
  let last = { minute: Number.NaN, day: '' };
  return (at) => {
    const minute = Math.floor(at / 60_000);
    if (minute !== last.minute) last = { minute, day: format.format(at) };
    return last.day;
  };
}
