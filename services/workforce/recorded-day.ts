import type { Centre, QueueDefinition } from '../calls/centre.ts';
import { profileOf, servingPlansOf } from '../calls/serving-plans.ts';
import type { AgentStateInterval, QueueVisit } from '../cdr/call-record.ts';
import type { AgentId, QueueId, VisitId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import { isInTime, isShort } from '../kpi/count-event.ts';
import { type KpiCounts, noCounts } from '../kpi/counts.ts';
import { patienceOf } from '../queueing/expected-wait.ts';
import type { Distribution } from './distribution.ts';
import type { KnownCaller, Scenario, SimulatedAgent, SimulatedQueue } from './scenario.ts';

/** A time as it was recorded: who came, how long it took, who was there. */
export type RecordedDay = {
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  /** Those that entered a queue within the time. */
  readonly visits: readonly RecordedVisit[];
  /** Those that ended. */
  readonly conversations: readonly {
    readonly visitId: VisitId;
    readonly queue: QueueId;
    readonly ringMs: number;
    readonly talkMs: number;
    readonly holdMs: number;
    /** Null while it goes on. */
    readonly wrapUpMs: number | null;
  }[];
  /** Those that touch the time. */
  readonly intervals: readonly Pick<AgentStateInterval, 'agent' | 'state' | 'startedAt' | 'endedAt'>[];
};

export type RecordedVisit = Pick<
  QueueVisit,
  'visitId' | 'queue' | 'queuedAt' | 'outcome' | 'waitMs' | 'agent' | 'priority'
>;

/** What a queue's calls took when none was recorded. */
const unknown = { talk: 180_000, wrapUp: 10_000, ring: 4_000 } as const;

/**
 * The day again: the same callers, each with the patience, ringing, talk and wrap-up that were recorded, and the same agents at work at the same
 * times. What nobody can know is drawn: how much longer those would have stayed who were served, by the patience that was measured; and
 * how long those would have talked who were not, from those who did. Served as the centre serves now. Agents may stay longer than
 * recorded, for a call they have.
 */
export function scenarioOfDay(
  day: RecordedDay,
  centre: Pick<Centre, 'queues' | 'agents'>,
  intervalMs: number,
): Scenario {
  const plans = servingPlansOf(centre);
  return {
    name: 'as recorded, served again',
    startsAt: day.startsAt,
    endsAt: day.endsAt,
    intervalMs,
    queues: [...centre.queues.values()].flatMap((queue) => {
      const plan = plans.get(queue.id);
      return plan ? queueOfDay(day, queue, plan) : [];
    }),
    agents: agentsOfDay(day, centre),
  };
}

function queueOfDay(day: RecordedDay, queue: QueueDefinition, plan: SimulatedQueue['plan']): SimulatedQueue {
  const visits = day.visits
    .filter((visit) => visit.queue === queue.id)
    .sort((a, b) => a.queuedAt - b.queuedAt || (a.visitId < b.visitId ? -1 : 1));
  const spoken = day.conversations.filter((one) => one.queue === queue.id);
  const wrapUps = spoken.flatMap(({ wrapUpMs }) => wrapUpMs ?? []);
  const patienceMs = patienceOf(countsOfVisits(visits, queue));
  return {
    plan,
    thresholds: queue,
    arrivals: {
      kind: 'given',
      at: visits.map(({ queuedAt }) => queuedAt),
      callers: callersOf(visits, spoken),
    },
    priority: commonest(visits.map(({ priority }) => priority)) ?? 0,
    patience: patienceMs === null ? null : { kind: 'exponential', meanMs: patienceMs },
    talk: measured(
      spoken.map(({ talkMs, holdMs }) => talkMs + holdMs),
      unknown.talk,
    ),
    wrapUp: measured(wrapUps, unknown.wrapUp),
    ring: measured(
      spoken.map(({ ringMs }) => ringMs),
      unknown.ring,
    ),
    ringTimeoutMs: queue.ringTimeoutMs,
    missedRingAwayMs: 60_000,
    maxWaitMs: queue.maxWaitMs,
    maxWaiting: queue.maxWaiting,
  };
}

/** The first conversation of each visit is the one it was answered with. */
function callersOf(
  visits: readonly RecordedVisit[],
  conversations: RecordedDay['conversations'],
): KnownCaller[] {
  const spoken = new Map(conversations.toReversed().map((one) => [one.visitId, one]));
  return visits.map(({ visitId, priority, outcome, waitMs }): KnownCaller => {
    const one = spoken.get(visitId);
    return {
      visit: visitId,
      priority,
      waitedMs: waitMs ?? 0,
      gaveUp: outcome === 'abandoned',
      ringMs: one?.ringMs ?? null,
      talkMs: one ? one.talkMs + one.holdMs : null,
      wrapUpMs: one?.wrapUpMs ?? null,
    };
  });
}

/** What the records themselves say, to hold the simulation against. Conversations count with their whole queue, not by interval. */
export function recordedCounts(
  day: RecordedDay,
  centre: Pick<Centre, 'queues'>,
): { queue: QueueId; counts: KpiCounts }[] {
  return [...centre.queues.values()].map((queue) => {
    const counts = countsOfVisits(
      day.visits.filter((visit) => visit.queue === queue.id),
      queue,
    );
    for (const { ringMs, talkMs, holdMs, wrapUpMs } of day.conversations.filter(
      (one) => one.queue === queue.id,
    )) {
      counts.ringMs += ringMs;
      counts.handled++;
      counts.talkMs += talkMs;
      counts.holdMs += holdMs;
      if (wrapUpMs === null) continue;
      counts.wrappedUp++;
      counts.wrapUpMs += wrapUpMs;
      counts.handleMs += talkMs + holdMs + wrapUpMs;
    }
    return { queue: queue.id, counts };
  });
}

/** The counts of a queue's visits alone. */
export function countsOfVisits(
  visits: readonly Pick<QueueVisit, 'outcome' | 'waitMs'>[],
  thresholds: Pick<QueueDefinition, 'serviceLevelThresholdMs' | 'shortAbandonMs'>,
): KpiCounts {
  const counts = noCounts();
  for (const { outcome, waitMs } of visits) {
    counts.offered++;
    if (outcome === 'flow_out') counts.flowOut++;
    if (outcome === 'answered') {
      counts.answered++;
      counts.waitAnsweredMs += waitMs ?? 0;
      if (isInTime(waitMs ?? 0, thresholds)) counts.answeredInThreshold++;
    }
    if (outcome === 'abandoned') {
      counts.abandoned++;
      counts.waitAbandonedMs += waitMs ?? 0;
      if (isShort(waitMs ?? 0, thresholds)) counts.shortAbandoned++;
    }
  }
  return counts;
}

function agentsOfDay(day: RecordedDay, { agents }: Pick<Centre, 'agents'>): SimulatedAgent[] {
  return [...agents.values()].flatMap((agent) => {
    const shifts = shiftsOf(day, agent.id);
    return shifts.length === 0 ? [] : { profile: profileOf(agent), shifts };
  });
}

/** When an agent took calls, whatever they were doing with them: states that follow one another are one shift. */
function shiftsOf(day: RecordedDay, agent: AgentId): { from: Instant; to: Instant }[] {
  const there = day.intervals
    .filter((one) => one.agent === agent && isAtWork(one.state))
    .map(({ startedAt, endedAt }) => ({
      from: Math.max(startedAt, day.startsAt) as Instant,
      to: Math.min(endedAt ?? day.endsAt, day.endsAt) as Instant,
    }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from);
  const shifts: { from: Instant; to: Instant }[] = [];
  for (const { from, to } of there) {
    const last = shifts.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to) as Instant;
    else shifts.push({ from, to });
  }
  return shifts;
}

function isAtWork(state: AgentStateInterval['state']): boolean {
  switch (state) {
    case 'available':
    case 'ringing':
    case 'on-call':
    case 'on-hold':
    case 'wrapping-up':
      return true;
    case 'signed-out':
    case 'not-ready':
    case 'unreachable':
      return false;
    default:
      return state satisfies never;
  }
}

const measured = (ms: readonly number[], otherwiseMs: number): Distribution =>
  ms.length > 0 ? { kind: 'measured', ms } : { kind: 'exponential', meanMs: otherwiseMs };

function commonest(values: readonly number[]): number | undefined {
  const often = new Map<number, number>();
  for (const value of values) often.set(value, (often.get(value) ?? 0) + 1);
  return [...often].sort(([a, n], [b, m]) => m - n || a - b)[0]?.[0];
}
