import fc from 'fast-check';
import type { EventBody, HotlineEvent } from '../../services/events/events.ts';
import {
  type AgentId,
  asId,
  type CallId,
  type LegId,
  type QueueId,
  type VisitId,
} from '../../services/events/ids.ts';
import { after, type Instant } from '../../services/events/instant.ts';
import type { CallOutcome, ReleaseParty } from '../../services/events/vocabulary.ts';

/** How one entry into a queue went. Rings that failed come first; their time is part of the wait. */
export type VisitPlan = {
  queue: string;
  /** Before the visit: menu, prompts, or the apology after a lost agent. */
  beforeMs: number;
  waitMs: number;
  missedRings: { agent: string; ringMs: number; result: 'no-answer' | 'declined' | 'unreachable' }[];
  end:
    | { kind: 'waiting' }
    | { kind: 'abandoned'; whileRinging: string | null }
    | { kind: 'flow_out' }
    | {
        kind: 'answered';
        agent: string;
        ringMs: number;
        /** null: they still talk. */
        talk: { talkMs: number; holdMs: number } | null;
        /** null: the agent still wraps up. */
        wrapUpMs: number | null;
      };
};

export type CallPlan = { call: string; arrivedAt: Instant; callerNumber: string; visits: VisitPlan[] };

type Said = { at: Instant; body: EventBody };

/** The events of all these calls in the order of time, numbered from `firstSeq` on as one journal's. */
export function historyOf(calls: readonly CallPlan[], firstSeq = 1): HotlineEvent[] {
  const said = calls.flatMap(eventsOfCall);
  // A stable sort: what one call says at one moment stays in its order.
  said.sort((a, b) => a.at - b.at);
  return numbered(said, firstSeq);
}

/** Gives events their ids and numbers, in the order given. */
export function numbered(said: readonly Said[], firstSeq = 1): HotlineEvent[] {
  return said.map(({ at, body }, index) => ({
    ...body,
    at,
    seq: firstSeq + index,
    eventId: asId(`e${firstSeq + index}`),
  }));
}

/** The events of one call, as the engine would say them; a plan that ends open (waiting, talking) has no end of call. */
export function eventsOfCall(plan: CallPlan): Said[] {
  const said: Said[] = [];
  const call = {
    callId: asId<CallId>(plan.call),
    legId: asId<LegId>(plan.call),
    hotline: asId<never>('95598'),
  };
  let now = plan.arrivedAt;
  const say = (body: EventBody, at: Instant = now): void => {
    said.push({ at, body });
  };
  say({
    ...call,
    type: 'CallArrived',
    nodeId: asId('n1'),
    source: 'trunk',
    callerNumber: plan.callerNumber,
    dialledNumber: '95598',
    sipCallId: `${plan.call}@carrier`,
    agent: null,
  });
  say({ type: 'CallPickedUp', callId: call.callId, legId: call.legId });
  let end: { outcome: CallOutcome; releaseParty: ReleaseParty } | null = {
    outcome: 'abandoned_in_ivr',
    releaseParty: 'caller',
  };
  for (const [index, visit] of plan.visits.entries()) {
    now = after(now, visit.beforeMs);
    const told = tellVisit(plan, visit, index, now);
    said.push(...told.said);
    now = told.leftAt;
    const answeredBefore: boolean = end?.outcome === 'answered';
    end = told.end && answeredBefore ? { ...told.end, outcome: 'answered' } : told.end;
    if (end === null) break;
  }
  if (end === null) return said;
  say({ type: 'LegEnded', callId: call.callId, legId: call.legId, reason: 'normal' });
  say({
    type: 'CallEnded',
    callId: call.callId,
    hotline: call.hotline,
    outcome: end.outcome,
    releaseParty: end.releaseParty,
    startedAt: plan.arrivedAt,
  });
  return said;
}

function tellVisit(plan: CallPlan, visit: VisitPlan, index: number, queuedAt: Instant) {
  const said: Said[] = [];
  const callId = asId<CallId>(plan.call);
  const callerLegId = asId<LegId>(plan.call);
  const queue = asId<QueueId>(visit.queue);
  const visitId = asId<VisitId>(`${plan.call}/v${index + 1}`);
  const inQueue = { callId, visitId, queue };
  const hotline = asId<never>('95598');
  const leftAt = after(queuedAt, visit.waitMs);
  const say = (at: Instant, body: EventBody): void => {
    said.push({ at, body });
  };
  const ring = (agent: string, name: string, at: Instant): LegId => {
    const legId = asId<LegId>(`${visitId}/${name}`);
    say(at, {
      ...inQueue,
      type: 'AgentRingRequested',
      agent: asId(agent),
      legId,
      bridgeId: asId(`${legId}/b`),
      device: 'sip',
      callerLegId,
      callerNumber: plan.callerNumber,
      ringTimeoutMs: 20_000,
      because: 'longest idle of 1',
    });
    return legId;
  };
  say(queuedAt, {
    ...inQueue,
    type: 'CallQueued',
    legId: callerLegId,
    hotline,
    priority: 0,
    position: 1,
    waitUntil: after(queuedAt, 600_000),
    because: 'caller pressed 0',
  });
  let at = queuedAt;
  for (const [number, missed] of visit.missedRings.entries()) {
    const agent = asId<AgentId>(missed.agent);
    const legId = ring(missed.agent, `m${number}`, at);
    at = after(at, Math.min(missed.ringMs, leftAt - at));
    say(at, {
      ...inQueue,
      type: 'AgentRingEnded',
      agent,
      legId,
      result: missed.result,
      ringMs: missed.ringMs,
    });
  }
  const visitEnded = (outcome: 'answered' | 'abandoned' | 'flow_out', agent: AgentId | null): void =>
    say(leftAt, {
      ...inQueue,
      type: 'VisitEnded',
      hotline,
      outcome,
      flowOutReason: outcome === 'flow_out' ? 'max-wait' : null,
      queuedAt,
      waitMs: visit.waitMs,
      agent,
      priority: 0,
    });
  const { end } = visit;
  switch (end.kind) {
    case 'waiting':
      return { said, leftAt, end: null };
    case 'flow_out':
      visitEnded('flow_out', null);
      return { said, leftAt, end: { outcome: 'failed', releaseParty: 'system' } as const };
    case 'abandoned': {
      if (end.whileRinging !== null) {
        const agent = asId<AgentId>(end.whileRinging);
        const legId = ring(end.whileRinging, 'left', at);
        say(leftAt, {
          ...inQueue,
          type: 'AgentRingEnded',
          agent,
          legId,
          result: 'caller-left',
          ringMs: leftAt - at,
        });
      }
      visitEnded('abandoned', null);
      return { said, leftAt, end: { outcome: 'abandoned_in_queue', releaseParty: 'caller' } as const };
    }
    case 'answered': {
      const agent = asId<AgentId>(end.agent);
      const ringMs = Math.min(end.ringMs, leftAt - at);
      const agentLegId = ring(end.agent, 'a', after(leftAt, -ringMs));
      say(leftAt, {
        ...inQueue,
        type: 'AgentRingEnded',
        agent,
        legId: agentLegId,
        result: 'answered',
        ringMs,
      });
      visitEnded('answered', agent);
      const bridgeId = asId<never>(`${agentLegId}/b`);
      const waited = { waitMs: visit.waitMs, ringMs };
      say(leftAt, { ...inQueue, type: 'CallConnected', agent, callerLegId, agentLegId, bridgeId, ...waited });
      if (end.talk === null) return { said, leftAt, end: null };
      const { talkMs, holdMs } = end.talk;
      const endedAt = after(leftAt, talkMs + holdMs);
      const ended = { talkMs, holdMs, releasedBy: 'caller', cause: 'normal' } as const;
      say(endedAt, { ...inQueue, type: 'ConversationEnded', agent, agentLegId, ...ended });
      if (end.wrapUpMs !== null) {
        say(after(endedAt, end.wrapUpMs), {
          type: 'WrapUpEnded',
          callId,
          queue,
          agent,
          handleMs: talkMs + holdMs + end.wrapUpMs,
          wrapUpMs: end.wrapUpMs,
          because: 'time-is-up',
        });
      }
      return { said, leftAt: endedAt, end: { outcome: 'answered', releaseParty: 'caller' } as const };
    }
    default:
      return end satisfies never;
  }
}

const ms = (max: number) => fc.integer({ min: 0, max });
const queues = fc.constantFrom('power-service', 'billing', 'faults');
const agents = fc.constantFrom('1001', '1002', '1003', '1004');

const visitPlans: fc.Arbitrary<VisitPlan> = fc.record({
  queue: queues,
  beforeMs: ms(60_000),
  // Around the thresholds of 5 s and 15 s, and far from them.
  waitMs: fc.oneof(fc.constantFrom(0, 4_999, 5_000, 15_000, 15_001), ms(40_000), ms(1_000_000)),
  missedRings: fc.array(
    fc.record({
      agent: agents,
      ringMs: ms(20_000),
      result: fc.constantFrom('no-answer', 'declined', 'unreachable'),
    }),
    { maxLength: 2 },
  ),
  end: fc.oneof(
    { weight: 1, arbitrary: fc.constant({ kind: 'waiting' } as const) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('abandoned' as const), whileRinging: fc.option(agents) }),
    },
    { weight: 2, arbitrary: fc.constant({ kind: 'flow_out' } as const) },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('answered' as const),
        agent: agents,
        ringMs: ms(20_000),
        talk: fc.option(fc.record({ talkMs: ms(600_000), holdMs: ms(60_000) }), { freq: 6 }),
        wrapUpMs: fc.option(ms(120_000), { freq: 6 }),
      }),
    },
  ),
});

/** Any calls within six hours from `from`, visits of one call one after another. Agents may be in several calls at once: rows don't mind. */
export const callPlans = (from: Instant, calls = { min: 0, max: 25 }): fc.Arbitrary<CallPlan[]> =>
  fc
    .array(
      fc.record({
        arrivedAt: ms(6 * 3_600_000).map((delay) => after(from, delay)),
        callerNumber: fc.constantFrom('13800138000', '13900139000', ''),
        visits: fc.array(visitPlans, { maxLength: 3 }),
      }),
      { minLength: calls.min, maxLength: calls.max },
    )
    .map((calls) =>
      calls.map((call, index) => ({ ...call, call: `c${index + 1}`, visits: call.visits.map(ownAgent) })),
    );

/** An agent does one thing at a time: within a call, each visit here has an agent of its own, so that wrap-ups do not mix. */
function ownAgent(visit: VisitPlan, index: number): VisitPlan {
  if (visit.end.kind !== 'answered') return visit;
  return { ...visit, end: { ...visit.end, agent: `${visit.end.agent}-${index + 1}` } };
}
