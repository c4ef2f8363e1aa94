import type { Random } from './random.ts';
import type { Arrivals, Scenario } from './scenario.ts';

/** Gives one moment after the other; infinity when nobody comes any more. */
export type ArrivalStream = () => number;

/** The calls of a queue. With expected numbers it is a Poisson process whose rate changes from interval to interval. */
export function arrivalStream(
  arrivals: Arrivals,
  { startsAt, endsAt, intervalMs }: Pick<Scenario, 'startsAt' | 'endsAt' | 'intervalMs'>,
  random: Random,
): ArrivalStream {
  if (arrivals.kind === 'given') {
    let next = 0;
    return () => arrivals.at[next++] ?? Number.POSITIVE_INFINITY;
  }
  const { perInterval } = arrivals;
  let interval = 0;
  // How much of the interval is over, 0…1, not rounded: rounding must not add up.
  let over = 0;
  return () => {
    // Expected calls until the next one: exponential; it is used up across intervals, whatever their rates.
    let calls = -Math.log(1 - random());
    for (;;) {
      const expected = perInterval[interval];
      if (expected === undefined || startsAt + interval * intervalMs >= endsAt)
        return Number.POSITIVE_INFINITY;
      const left = expected * (1 - over);
      if (calls < left) {
        over += calls / expected;
        const at = Math.floor(startsAt + (interval + over) * intervalMs);
        return at < endsAt ? at : Number.POSITIVE_INFINITY;
      }
      calls -= left;
      interval++;
      over = 0;
    }
  };
}
