import type { QueueId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import { isInTime, isShort } from '../kpi/count-event.ts';
import { type KpiCounts, noCounts } from '../kpi/counts.ts';
import type { KpiThresholds } from '../kpi/kpi.ts';
import type { Scenario } from './scenario.ts';

/** The counts of one queue in one interval: of the visits that entered it then (kpi.md, cohorts). */
export type IntervalCounts = { readonly from: Instant; readonly counts: KpiCounts };

/** A queue's books during a simulation: the same counts as production keeps, by the same rules of what is in time and what is short. */
export class QueueTally {
  readonly queue: QueueId;
  readonly thresholds: KpiThresholds;
  readonly #startsAt: number;
  readonly #intervalMs: number;
  readonly #intervals: KpiCounts[] = [];

  constructor(
    queue: QueueId,
    thresholds: KpiThresholds,
    scenario: Pick<Scenario, 'startsAt' | 'endsAt' | 'intervalMs'>,
  ) {
    this.queue = queue;
    this.thresholds = thresholds;
    this.#startsAt = scenario.startsAt;
    this.#intervalMs = scenario.intervalMs;
    for (let at: number = scenario.startsAt; at < scenario.endsAt; at += scenario.intervalMs)
      this.#intervals.push(noCounts());
  }

  offered(queuedAt: number): void {
    this.#of(queuedAt).offered++;
  }

  answered(queuedAt: number, waitMs: number, ringMs: number): void {
    const counts = this.#of(queuedAt);
    counts.answered++;
    if (isInTime(waitMs, this.thresholds)) counts.answeredInThreshold++;
    counts.waitAnsweredMs += waitMs;
    counts.ringMs += ringMs;
  }

  abandoned(queuedAt: number, waitMs: number): void {
    const counts = this.#of(queuedAt);
    counts.abandoned++;
    if (isShort(waitMs, this.thresholds)) counts.shortAbandoned++;
    counts.waitAbandonedMs += waitMs;
  }

  flowedOut(queuedAt: number): void {
    this.#of(queuedAt).flowOut++;
  }

  talked(queuedAt: number, talkMs: number): void {
    const counts = this.#of(queuedAt);
    counts.handled++;
    counts.talkMs += talkMs;
  }

  wrappedUp(queuedAt: number, talkMs: number, wrapUpMs: number): void {
    const counts = this.#of(queuedAt);
    counts.wrappedUp++;
    counts.wrapUpMs += wrapUpMs;
    counts.handleMs += talkMs + wrapUpMs;
  }

  intervals(): IntervalCounts[] {
    return this.#intervals.map((counts, n) => ({
      from: (this.#startsAt + n * this.#intervalMs) as Instant,
      counts,
    }));
  }

  /** Visits that an overflow brings here after the end belong to the last interval. */
  #of(queuedAt: number): KpiCounts {
    const n = Math.floor((queuedAt - this.#startsAt) / this.#intervalMs);
    return this.#intervals[Math.min(n, this.#intervals.length - 1)] as KpiCounts;
  }
}
