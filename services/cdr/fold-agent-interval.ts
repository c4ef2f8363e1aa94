import type { EventOf } from '../events/events.ts';
import type { EventId } from '../events/ids.ts';
import { type Instant, instant } from '../events/instant.ts';
import type { AgentStateInterval } from './call-record.ts';

/** An interval, named after the event that opened it. */
export type AgentIntervalFold = AgentStateInterval & { intervalId: EventId };

/** What one change did: the interval it closed, if any, and the one that is open now. */
export type IntervalChange = { closed: AgentIntervalFold | null; open: AgentIntervalFold };

/**
 * Closes the agent's open interval and opens the next one. A change that leaves state, reason and call as they were
 * (another phone registered, one more missed ring) does not split the interval.
 */
export function foldAgentInterval(
  open: AgentIntervalFold | null,
  event: EventOf<'AgentStateChanged'>,
): IntervalChange {
  if (open !== null && sameSituation(open, event)) return { closed: null, open };
  const next: AgentIntervalFold = {
    intervalId: event.eventId,
    agent: event.agent,
    state: event.state,
    reason: event.reason,
    callId: event.callId,
    startedAt: event.at,
    endedAt: null,
  };
  if (open === null) return { closed: null, open: next };
  return { closed: { ...open, endedAt: notBefore(open.startedAt, event.at) }, open: next };
}

function sameSituation(open: AgentIntervalFold, event: EventOf<'AgentStateChanged'>): boolean {
  return open.state === event.state && open.reason === event.reason && open.callId === event.callId;
}

/** A clock set back must not make an interval end before it began. */
function notBefore(start: Instant, at: Instant): Instant {
  return instant(Math.max(start, at));
}
