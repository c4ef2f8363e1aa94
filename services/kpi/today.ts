import type { EventOf, HotlineEvent } from '../events/events.ts';
import type { AgentId, CallId, QueueId, VisitId } from '../events/ids.ts';
import { after, type Instant } from '../events/instant.ts';
import { countEvent, countRing } from './count-event.ts';
import { type KpiCounts, noCounts } from './counts.ts';
import type { KpiThresholds } from './kpi.ts';

/**
 * The day's counts per queue, live. A visit belongs to the day on which it entered its queue, and so do its
 * conversation and the wrap-up after it; what began yesterday never counts for today. Conversations and wrap-ups do not
 * say when their visit began, so those of today's visits are remembered while they last (at most one per agent), and
 * all are forgotten at midnight. Plain data: it is kept in snapshots.
 */
export type Today = {
  /** Local date, YYYY-MM-DD. */
  readonly day: string;
  readonly queues: Readonly<Record<QueueId, KpiCounts>>;
  /** Visits of today that were answered and whose conversation goes on. */
  readonly conversations: readonly VisitId[];
  /** Agents who wrap up a conversation of today, with its call. */
  readonly wrappingUp: readonly { readonly agent: AgentId; readonly callId: CallId }[];
  /** The thresholds under which visits of today that still wait have entered: they hold though the centre is edited meanwhile. */
  readonly enteredUnder?: Readonly<Record<VisitId, KpiThresholds>>;
};

export type TodayRules = {
  /** The centre's local date of a moment, YYYY-MM-DD. */
  readonly localDay: (at: Instant) => string;
  /** A queue's thresholds; undefined for a queue that is not configured any more, whose events then do not count. */
  readonly thresholdsOf: (queue: QueueId) => KpiThresholds | undefined;
};

export const createToday = (day: string): Today => ({ day, queues: {}, conversations: [], wrappingUp: [] });

/** The counts of one queue; zeros when nothing has happened there today. */
export const countsToday = (today: Today, queue: QueueId): KpiCounts => today.queues[queue] ?? noCounts();

/** A new day begins with nothing. A clock set back across midnight does not bring yesterday back. */
export const rollOver = (today: Today, day: string): Today => (day > today.day ? createToday(day) : today);

/** Folds the next event in. Events that no KPI is made of change nothing, except that they may begin the day. */
export function foldToday(today: Today, event: HotlineEvent, rules: TodayRules): Today {
  const eventDay = rules.localDay(event.at);
  const current = rollOver(today, eventDay);
  switch (event.type) {
    case 'CallQueued':
      return eventDay === current.day ? entered(count(current, event, rules), event, rules) : current;
    case 'VisitEnded': {
      if (event.callback !== undefined) return current;
      if (rules.localDay(event.queuedAt) !== current.day) return current;
      const { [event.visitId]: thresholds, ...enteredUnder } = current.enteredUnder ?? {};
      const counted = count({ ...current, enteredUnder }, event, rules, thresholds);
      if (event.outcome !== 'answered') return counted;
      return { ...counted, conversations: [...counted.conversations, event.visitId] };
    }
    case 'CallConnected':
      if (event.direct !== undefined) {
        // One more conversation of a visit: counts for the day of that visit.
        const queuedAt = event.queuedAt ?? after(event.at, -event.waitMs);
        if (rules.localDay(queuedAt) !== current.day) return current;
        return { ...current, conversations: [...current.conversations, event.visitId] };
      }
      if (event.callback !== undefined) {
        // A callback has no visit: its conversation counts for the day on which it was begun.
        if (rules.localDay(after(event.at, -event.waitMs)) !== current.day) return current;
        const counted = recount(current, event.queue, rules, (counts) => countRing(counts, event.ringMs));
        return { ...counted, conversations: [...counted.conversations, event.visitId] };
      }
      // Stands for AgentRingEnded(answered), which comes in the same step but before the visit is known to be of today.
      return current.conversations.includes(event.visitId)
        ? recount(current, event.queue, rules, (counts) => countRing(counts, event.ringMs))
        : current;
    case 'ConversationEnded': {
      if (!current.conversations.includes(event.visitId)) return current;
      // One of them: a caller who was passed on has several.
      const conversations = current.conversations.toSpliced(current.conversations.indexOf(event.visitId), 1);
      const wrappingUp = [...current.wrappingUp, { agent: event.agent, callId: event.callId }];
      return count({ ...current, conversations, wrappingUp }, event, rules);
    }
    case 'WrapUpEnded': {
      if (event.queue === null) return current;
      const wrappingUp = current.wrappingUp.filter(
        ({ agent, callId }) => agent !== event.agent || callId !== event.callId,
      );
      if (wrappingUp.length === current.wrappingUp.length) return current;
      return count({ ...current, wrappingUp }, event, rules);
    }
    default:
      return current;
  }
}

type QueueEvent = EventOf<'CallQueued' | 'VisitEnded' | 'ConversationEnded' | 'WrapUpEnded'>;

function entered(today: Today, event: EventOf<'CallQueued'>, rules: TodayRules): Today {
  const thresholds = rules.thresholdsOf(event.queue);
  if (thresholds === undefined || event.callback !== undefined) return today;
  const { serviceLevelThresholdMs, shortAbandonMs } = thresholds;
  const under = { ...today.enteredUnder, [event.visitId]: { serviceLevelThresholdMs, shortAbandonMs } };
  return { ...today, enteredUnder: under };
}

const count = (today: Today, event: QueueEvent, rules: TodayRules, under?: KpiThresholds): Today =>
  event.queue === null
    ? today
    : recount(today, event.queue, rules, (counts, now) => countEvent(counts, event, under ?? now));

function recount(
  today: Today,
  queue: QueueId,
  rules: TodayRules,
  change: (counts: KpiCounts, thresholds: KpiThresholds) => KpiCounts,
): Today {
  const thresholds = rules.thresholdsOf(queue);
  if (thresholds === undefined) return today;
  const counts = change(countsToday(today, queue), thresholds);
  return { ...today, queues: { ...today.queues, [queue]: counts } };
}
