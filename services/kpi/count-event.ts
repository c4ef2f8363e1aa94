import type { EventOf, HotlineEvent } from '../events/events.ts';
import type { KpiCounts } from './counts.ts';
import type { KpiThresholds } from './kpi.ts';

/**
 * Adds one event of a queue to the counts; gives back the same object when the event counts for nothing. It does not
 * look at the queue or the day: the caller chooses which counts an event belongs to. Count each event once.
 */
export function countEvent(counts: KpiCounts, event: HotlineEvent, thresholds: KpiThresholds): KpiCounts {
  switch (event.type) {
    case 'CallQueued':
      // Who is called back was counted when they called.
      if (event.callback !== undefined) return counts;
      return { ...counts, offered: counts.offered + 1 };
    case 'VisitEnded':
      if (event.callback !== undefined) return counts;
      return countVisitEnded(counts, event, thresholds);
    case 'AgentRingEnded':
      // Only of those whom a queue rang.
      if (event.direct !== undefined) return counts;
      // Attempts that came to nothing are part of the wait, not of the ring time.
      return event.result === 'answered' ? countRing(counts, event.ringMs) : counts;
    case 'ConversationEnded':
      return {
        ...counts,
        handled: counts.handled + 1,
        talkMs: counts.talkMs + event.talkMs,
        holdMs: counts.holdMs + event.holdMs,
      };
    case 'WrapUpEnded':
      return {
        ...counts,
        wrappedUp: counts.wrappedUp + 1,
        wrapUpMs: counts.wrapUpMs + event.wrapUpMs,
        handleMs: counts.handleMs + event.handleMs,
      };
    default:
      return counts;
  }
}

/** Adds the ringing of a phone that was answered. */
export const countRing = (counts: KpiCounts, ringMs: number): KpiCounts => ({
  ...counts,
  ringMs: counts.ringMs + ringMs,
});

/** At most T is in time: an answer at exactly T counts. */
export const isInTime = (waitMs: number, thresholds: KpiThresholds): boolean =>
  waitMs <= thresholds.serviceLevelThresholdMs;
/** Less than the limit is short: an abandonment at exactly the limit is a real one. */
export const isShort = (waitMs: number, thresholds: KpiThresholds): boolean =>
  waitMs < thresholds.shortAbandonMs;

function countVisitEnded(
  counts: KpiCounts,
  event: EventOf<'VisitEnded'>,
  thresholds: KpiThresholds,
): KpiCounts {
  switch (event.outcome) {
    case 'answered':
      return {
        ...counts,
        answered: counts.answered + 1,
        answeredInThreshold: counts.answeredInThreshold + (isInTime(event.waitMs, thresholds) ? 1 : 0),
        waitAnsweredMs: counts.waitAnsweredMs + event.waitMs,
      };
    case 'abandoned':
      return {
        ...counts,
        abandoned: counts.abandoned + 1,
        shortAbandoned: counts.shortAbandoned + (isShort(event.waitMs, thresholds) ? 1 : 0),
        waitAbandonedMs: counts.waitAbandonedMs + event.waitMs,
      };
    case 'flow_out':
      return { ...counts, flowOut: counts.flowOut + 1 };
    default:
      return event.outcome satisfies never;
  }
}
