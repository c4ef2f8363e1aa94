import type { KpiCounts } from '../kpi/counts.ts';

/** What a waiting caller's wait depends on. */
export type Ahead = {
  /** Callers who are served before by the same agents. */
  readonly ahead: number;
  /** Agents at work who may serve this caller: free, ringing, talking or wrapping up. */
  readonly agents: number;
  /** How long a caller occupies an agent, on average: ringing, talk, hold and wrap-up. */
  readonly occupiedMs: number;
  /** How long callers wait until they give up, on average; null when nobody does. */
  readonly patienceMs: number | null;
};

/** How long a caller who stays will still wait. */
export type ExpectedWait = {
  readonly meanMs: number;
  /** Nine of ten wait at most so long: the number to promise. */
  readonly nineOfTenMs: number;
};

/**
 * The wait by the Erlang A model: while all n agents are busy, one becomes free at the rate n/occupied, and each of the j callers ahead
 * gives up at the rate 1/patience. So the caller moves up by one after 1/(n/occupied + j/patience) on average, for j = ahead … 0. Exact for
 * exponential times (a sum of independent exponentials); nine of ten by its mean and variance. Null when nobody is at work, or nothing is
 * known of how long a call takes: then nobody can say.
 */
export function expectedWait({ ahead, agents, occupiedMs, patienceMs }: Ahead): ExpectedWait | null {
  if (agents <= 0 || !(occupiedMs > 0)) return null;
  const served = agents / occupiedMs;
  const givesUp = patienceMs !== null && patienceMs > 0 ? 1 / patienceMs : 0;
  let mean = 0;
  let variance = 0;
  for (let others = 0; others <= ahead; others++) {
    const stepMs = 1 / (served + others * givesUp);
    mean += stepMs;
    variance += stepMs ** 2;
  }
  return { meanMs: Math.round(mean), nineOfTenMs: Math.round(mean + z90 * Math.sqrt(variance)) };
}

/** Nine tenths of a normal distribution lie below mean + z90 deviations; of an exponential one, below 2.30 means, where this says 2.28. */
const z90 = 1.2816;

/**
 * Callers' average patience, as measured: all the time that was waited, over the number who gave up. Those who were answered before they gave
 * up have shown patience too (maximum likelihood for exponential patience, censored by the answer). Null while nobody has given up.
 */
export const patienceOf = (
  counts: Pick<KpiCounts, 'abandoned' | 'waitAnsweredMs' | 'waitAbandonedMs'>,
): number | null =>
  counts.abandoned > 0 ? (counts.waitAnsweredMs + counts.waitAbandonedMs) / counts.abandoned : null;
