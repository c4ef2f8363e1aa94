/**
 * The counts and sums every KPI of a queue is made of. Cohort rule: a visit's counts belong to the interval in which
 * the visit *entered* its queue (kpi.md, house rules). Durations are whole milliseconds.
 */
export type KpiCounts = {
  offered: number;
  answered: number;
  answeredInThreshold: number;
  /** All abandonments, the short ones included. */
  abandoned: number;
  shortAbandoned: number;
  flowOut: number;
  /** Wait of answered and of abandoned visits. */
  waitAnsweredMs: number;
  waitAbandonedMs: number;
  ringMs: number;
  /** Conversations that ended. */
  handled: number;
  talkMs: number;
  holdMs: number;
  wrapUpMs: number;
  /** Wrap-ups that ended; `handleMs` is talk + hold + wrap-up of these. */
  wrappedUp: number;
  handleMs: number;
};

export const noCounts = (): KpiCounts => ({
  offered: 0,
  answered: 0,
  answeredInThreshold: 0,
  abandoned: 0,
  shortAbandoned: 0,
  flowOut: 0,
  waitAnsweredMs: 0,
  waitAbandonedMs: 0,
  ringMs: 0,
  handled: 0,
  talkMs: 0,
  holdMs: 0,
  wrapUpMs: 0,
  wrappedUp: 0,
  handleMs: 0,
});

/** Two sets of counts as one: intervals of a queue, or queues of the centre. */
export function addCounts(a: KpiCounts, b: KpiCounts): KpiCounts {
  const sum = noCounts();
  for (const key of Object.keys(sum) as (keyof KpiCounts)[]) sum[key] = a[key] + b[key];
  return sum;
}

/** Visits that have left their queue; `offered` less those still waiting. */
export const settledVisits = (counts: KpiCounts): number =>
  counts.answered + counts.abandoned + counts.flowOut;
