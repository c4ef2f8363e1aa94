import type { EventOf, HotlineEvent } from '../../events/events.ts';
import type { CallId, QueueId } from '../../events/ids.ts';
import { elapsedMs, type Instant, instant } from '../../events/instant.ts';
import type { Explanation, RingExplained, WaitExplained } from './explanation.ts';
import { freeAt, type Team } from './team.ts';
import { type RingOnRecord, type Segment, waitSpans } from './wait-spans.ts';
import { whyEnded } from './why-ended.ts';

/** Whom a caller waited for: who serves the queue and has the skills that were asked for, at a moment. */
export type Wanted = {
  readonly queue: QueueId;
  readonly skills: readonly string[];
  /** The overflow step; 0 at the beginning. */
  readonly step: number;
  readonly at: Instant;
};

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
    step: stepsOf(visitId, events).findLast((one) => one.at <= at)?.step ?? 0,
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
  const { visitId, queue, position, skills = [], centre = null } = visit;
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
    centre,
    spans: waitSpans(
      queuedAt,
      until,
      ringsOf(visitId, events),
      segmentsOf(visit, events, (step, at) => teamOf({ queue, skills, step, at })),
    ),
    steps: stepsOf(visitId, events),
    told: events
      .filter((one) => one.type === 'WaitAnnounced')
      .filter((one) => one.visitId === visitId)
      .map(({ at, position, expectedWaitMs }) => ({ at, position, expectedWaitMs })),
  };
}

const stepsOf = (visitId: string, events: readonly HotlineEvent[]) =>
  events
    .filter((one) => one.type === 'VisitStepReached')
    .filter((one) => one.visitId === visitId)
    .map(({ at, step, because }) => ({ at, step, because }));

/** Each overflow step widens the choice of agents; before it does, the router may have waited for one of them. */
function segmentsOf(
  { visitId, at: queuedAt }: EventOf<'CallQueued'>,
  events: readonly HotlineEvent[],
  teamAt: (step: number, at: Instant) => Team | null,
): Segment[] {
  const waited = events
    .filter((one) => one.type === 'LastAgentWaitEnded')
    .find((one) => one.visitId === visitId);
  const steps = [{ at: queuedAt, step: 0 }, ...stepsOf(visitId, events)];
  if (waited) steps.push({ at: waited.at, step: steps.findLast((one) => one.at <= waited.at)?.step ?? 0 });
  return steps
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, step }) => ({
      from: at,
      team: teamAt(step, at),
      waitsFor: waited && at < waited.at ? waited.agent : null,
    }));
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
