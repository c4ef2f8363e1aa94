import { type Instant, instant } from '../events/instant.ts';

const quarterHourMs = 900_000;
/** No zone is further than this from UTC. */
const furthestMs = 15 * 3_600_000;
const longestDayMs = 25 * 3_600_000;

/**
 * When a local day (YYYY-MM-DD) begins and ends, by the function that tells the day of a moment (kpi/local-day.ts). Days begin at a quarter
 * of an hour of UTC everywhere. Null for what is no day.
 */
export function dayBounds(
  day: string,
  localDay: (at: Instant) => string,
): { from: Instant; to: Instant } | null {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight)) return null;
  let from: number | null = null;
  for (let at = midnight - furthestMs; at <= midnight + furthestMs + longestDayMs; at += quarterHourMs) {
    const isIt = localDay(instant(at)) === day;
    if (isIt && from === null) from = at;
    if (!isIt && from !== null) return { from: instant(from), to: instant(at) };
  }
  return null;
}
