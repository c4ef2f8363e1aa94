import type { EventOf, HotlineEvent } from '../../events/events.ts';
import type { CallId, QueueId } from '../../events/ids.ts';
import { elapsedMs, type Instant, instant } from '../../events/instant.ts';
import type { Explanation, RingExplained, WaitExplained } from './explanation.ts';
import { freeAt, type Team } from './team.ts';
import { type RingOnRecord, waitSpans } from './wait-spans.ts';
import { whyEnded } from './why-ended.ts';

/** Whom a caller waited for: who serves the queue and has the skills that were asked for, at a moment. */
export type Wanted = { readonly queue: QueueId; readonly skills: readonly string[]; readonly at: Instant };

/** @returns null when what the agents did is not on record */
export type TeamOf = (wanted: Wanted) => Team | null;

/**
 * Why a call went as it did, told from its recorded events, the oldest first; of a call that lasts, as of `now`. Pure.
 * Callbacks that we make are explained like calls: the customer waited for an agent there, too.
 */
export function explainCall(
  callId: CallId,
  events: readonly HotlineEvent[],
  now: Instant,
  teamOf: TeamOf,
): Explanation {
  const visits = events.filter((one) => one.type === 'CallQueued');
  const wantedOf = ({ visitId, queue, at }: EventOf<'AgentRingRequested'>): Wanted => ({
    queue,
    skills: visits.find((one) => one.visitId === visitId)?.skills ?? [],
    at,
  });
  return {
    callId,
    waits: visits.map((visit) => explainWait(visit, events, now, teamOf)),
    rings: events
      .filter((one) => one.type === 'AgentRingRequested')
      .map((ring) => explainRing(ring, events, teamOf(wantedOf(ring)))),
    ending: whyEnded(events),
  };
}

/** From when until when a call waited in queues: what the agents did then is what an explanation needs. */
export function waitsOf(
  events: readonly HotlineEvent[],
  now: Instant,
): { readonly queues: readonly QueueId[]; readonly from: Instant; readonly to: Instant } | null {
  const visits = events.filter((one) => one.type === 'CallQueued');
  const [first] = visits;
  if (!first) return null;
  const ends = visits.map(({ visitId }) => endOf(events, visitId)?.at ?? now);
  return {
    queues: [...new Set(visits.map(({ queue }) => queue))],
    from: first.at,
    to: instant(Math.max(...ends)),
  };
}

function explainWait(
  visit: EventOf<'CallQueued'>,
  events: readonly HotlineEvent[],
  now: Instant,
  teamOf: TeamOf,
): WaitExplained {
  const { visitId, queue, position, skills = [] } = visit;
  const end = endOf(events, visitId);
  const queuedAt = visit.at;
  const until = end?.at ?? (now > queuedAt ? now : queuedAt);
  return {
    visitId,
    queue,
    queuedAt,
    leftAt: end?.at ?? null,
    waitMs: elapsedMs(queuedAt, until),
    outcome: end?.outcome ?? null,
    flowOutReason: end?.flowOutReason ?? null,
    position,
    skills,
    spans: waitSpans(queuedAt, until, ringsOf(visitId, events), teamOf({ queue, skills, at: queuedAt })),
    told: events
      .filter((one) => one.type === 'WaitAnnounced')
      .filter((one) => one.visitId === visitId)
      .map(({ at, position, expectedWaitMs }) => ({ at, position, expectedWaitMs })),
  };
}

function ringsOf(visitId: string, events: readonly HotlineEvent[]): RingOnRecord[] {
  return (
    events
      .filter((one) => one.type === 'AgentRingRequested')
      // A phone that rings because a colleague asked for this agent is no part of the wait.
      .filter((one) => one.visitId === visitId && one.direct === undefined)
      .map((ring) => {
        const ended = ringEnd(ring, events);
        return { from: ring.at, to: ended?.at ?? null, agent: ring.agent, result: ended?.result ?? null };
      })
  );
}

function explainRing(
  ring: EventOf<'AgentRingRequested'>,
  events: readonly HotlineEvent[],
  team: Team | null,
): RingExplained {
  const ended = ringEnd(ring, events);
  return {
    at: ring.at,
    queue: ring.queue,
    agent: ring.agent,
    because: ring.because,
    alsoFree:
      ring.direct === undefined && team
        ? freeAt(team, ring.at).filter((agent) => agent !== ring.agent)
        : null,
    result: ended?.result ?? null,
    ringMs: ended?.ringMs ?? null,
  };
}

const endOf = (events: readonly HotlineEvent[], visitId: string): EventOf<'VisitEnded'> | undefined =>
  events.filter((one) => one.type === 'VisitEnded').find((one) => one.visitId === visitId);

const ringEnd = (
  { legId }: EventOf<'AgentRingRequested'>,
  events: readonly HotlineEvent[],
): EventOf<'AgentRingEnded'> | undefined =>
  events.filter((one) => one.type === 'AgentRingEnded').find((one) => one.legId === legId);
