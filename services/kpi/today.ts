import type { EventOf, HotlineEvent } from '../events/events.ts';
import type { AgentId, CallId, QueueId, VisitId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import { countEvent } from './count-event.ts';
import { type KpiCounts, noCounts } from './counts.ts';
import type { KpiThresholds } from './kpi.ts';

/**
 * The day's counts per queue, live. A visit belongs to the day on which it entered its queue, and so do its
 * conversation and the wrap-up after it; what began yesterday never counts for today. So only today's visits are
 * remembered while they are open, and all are forgotten at midnight. Plain data: it is kept in snapshots.
 */
export type Today = {
  /** Local date, YYYY-MM-DD. */
  readonly day: string;
  readonly queues: Readonly<Record<QueueId, KpiCounts>>;
  /** Visits of today whose caller waits, is rung for, or talks. */
  readonly openVisits: Readonly<Record<VisitId, true>>;
  /** Agents who wrap up a conversation of today, with its call. An agent holds at most one. */
  readonly wrappingUp: Readonly<Record<AgentId, CallId>>;
};

export type TodayRules = {
  /** The centre's local date of a moment, YYYY-MM-DD. */
  readonly localDay: (at: Instant) => string;
  /** A queue's thresholds; undefined for a queue that is not configured any more, whose events then do not count. */
  readonly thresholdsOf: (queue: QueueId) => KpiThresholds | undefined;
};

export const createToday = (day: string): Today => ({ day, queues: {}, openVisits: {}, wrappingUp: {} });

/** The counts of one queue; zeros when nothing has happened there today. */
export const countsToday = (today: Today, queue: QueueId): KpiCounts => today.queues[queue] ?? noCounts();

/** A new day begins with nothing. A clock set back across midnight does not bring yesterday back. */
export const rollOver = (today: Today, day: string): Today => (day > today.day ? createToday(day) : today);

/** Folds the next event in. Events that no KPI is made of change nothing, except that they may begin the day. */
export function foldToday(today: Today, event: HotlineEvent, rules: TodayRules): Today {
  const current = rollOver(today, rules.localDay(event.at));
  switch (event.type) {
    case 'CallQueued': {
      if (rules.localDay(event.at) !== current.day) return current;
      return count(remember(current, event.visitId), event, rules);
    }
    case 'AgentRingEnded':
      return current.openVisits[event.visitId] ? count(current, event, rules) : current;
    case 'VisitEnded': {
      if (!current.openVisits[event.visitId]) return current;
      const counted = count(current, event, rules);
      // An answered visit stays open until its conversation ends.
      return event.outcome === 'answered' ? counted : forget(counted, event.visitId);
    }
    case 'ConversationEnded': {
      if (!current.openVisits[event.visitId]) return current;
      const counted = forget(count(current, event, rules), event.visitId);
      return { ...counted, wrappingUp: { ...counted.wrappingUp, [event.agent]: event.callId } };
    }
    case 'WrapUpEnded': {
      if (current.wrappingUp[event.agent] !== event.callId) return current;
      const { [event.agent]: _done, ...wrappingUp } = current.wrappingUp;
      return count({ ...current, wrappingUp }, event, rules);
    }
    default:
      return current;
  }
}

type QueueEvent = EventOf<
  'CallQueued' | 'AgentRingEnded' | 'VisitEnded' | 'ConversationEnded' | 'WrapUpEnded'
>;

function count(today: Today, event: QueueEvent, rules: TodayRules): Today {
  const thresholds = rules.thresholdsOf(event.queue);
  if (thresholds === undefined) return today;
  const counts = countsToday(today, event.queue);
  return { ...today, queues: { ...today.queues, [event.queue]: countEvent(counts, event, thresholds) } };
}

const remember = (today: Today, visitId: VisitId): Today => ({
  ...today,
  openVisits: { ...today.openVisits, [visitId]: true },
});

function forget(today: Today, visitId: VisitId): Today {
  const { [visitId]: _gone, ...openVisits } = today.openVisits;
  return { ...today, openVisits };
}
