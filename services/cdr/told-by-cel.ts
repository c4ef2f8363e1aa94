import type { EventBody } from '../events/events.ts';
import { asId, type HotlineId, type NodeId, type VisitId } from '../events/ids.ts';
import { after, elapsedMs, type Instant } from '../events/instant.ts';
import type { CallOutcome, FlowOutReason, ReleaseParty } from '../events/vocabulary.ts';
import { answererOf, type CelCall, type CelEnd, type CelVisit } from './from-cel.ts';

/** An event with the time at which it happened. */
export type Told = { at: Instant; body: EventBody };

export type TellRules = {
  nodeId: NodeId;
  /** The hotline that a number reaches; null when it is none of ours. */
  hotlineOf: (dialledNumber: string) => HotlineId | null;
};

/** Between a hang-up and Asterisk's leaving the queue for it: within this, the caller left while waiting. */
const sameMomentMs = 250;

/**
 * What the controller would have recorded, had it been there, of a call that is over. `known`: what the record of the call says
 * already: its arrival and all up to its leaving for the fallback; only the rest is told. null when there is none. Hold and wrap-up
 * are unknown and told as none. Empty while the call is not over.
 */
export function eventsToldByCel(
  call: CelCall,
  rules: TellRules,
  known: { readonly answered: boolean } | null,
): Told[] {
  const { callId, caller } = call;
  const ended = caller.ended;
  if (ended === null) return [];
  const hotline = rules.hotlineOf(call.dialledNumber);
  const told: Told[] = [];
  if (known === null) {
    told.push({ at: caller.startedAt, body: arrived(call, hotline, rules.nodeId) });
    if (caller.answeredAt !== null)
      told.push({ at: caller.answeredAt, body: { type: 'CallPickedUp', callId, legId: caller.legId } });
  }
  if (hotline !== null)
    call.visits.forEach((visit, index) => {
      told.push(...visitTold(call, visit, asId(`${callId}-f${index + 1}`), hotline, ended));
    });
  const releaseParty = releasedBy(call, ended);
  told.push({
    at: ended.at,
    body: {
      type: 'CallEnded',
      callId,
      hotline,
      outcome: known?.answered ? 'answered' : outcomeOf(call, ended),
      releaseParty,
      startedAt: caller.startedAt,
    },
  });
  return told.sort((a, b) => a.at - b.at);
}

function arrived(call: CelCall, hotline: HotlineId | null, nodeId: NodeId): EventBody {
  const source = call.source ?? 'trunk';
  return {
    type: 'CallArrived',
    callId: call.callId,
    legId: call.caller.legId,
    nodeId,
    source,
    callerNumber: call.callerNumber,
    dialledNumber: call.dialledNumber,
    hotline,
    sipCallId: call.sipCallId,
    agent: source === 'agent' ? asId(call.account.replace(/-web$/, '')) : null,
    degraded: true,
  };
}

function visitTold(
  call: CelCall,
  visit: CelVisit,
  visitId: VisitId,
  hotline: HotlineId,
  ended: CelEnd,
): Told[] {
  const { callId, caller } = call;
  const { queue, queuedAt } = visit;
  const answerer = answererOf(call, visit);
  const answeredAt = answerer?.answeredAt ?? null;
  const leftAt = answeredAt ?? visit.leftAt ?? ended.at;
  const waitMs = elapsedMs(queuedAt, leftAt);
  const [outcome, flowOutReason] = visitOutcome(visit, ended, answeredAt !== null);
  const told: Told[] = [
    {
      at: queuedAt,
      body: {
        type: 'CallQueued',
        callId,
        legId: caller.legId,
        visitId,
        queue,
        hotline,
        priority: 0,
        position: 1,
        waitUntil: after(queuedAt, visit.maxWaitMs ?? 0),
        because: 'the controller was away',
      },
    },
    ...call.agents
      .filter((leg) => leg.startedAt >= queuedAt && leg.startedAt <= leftAt)
      .flatMap((leg) => ringTold(call, leg, visitId, queue, leg === answerer, leftAt)),
    {
      at: leftAt,
      body: {
        type: 'VisitEnded',
        callId,
        visitId,
        queue,
        hotline,
        outcome,
        flowOutReason,
        queuedAt,
        waitMs,
        agent: answerer?.agent ?? null,
        priority: 0,
      },
    },
  ];
  if (answerer === null || answeredAt === null) return told;
  const { agent, legId: agentLegId } = answerer;
  const apartAt = Math.max(answeredAt, Math.min(ended.at, answerer.ended?.at ?? ended.at)) as Instant;
  const talkMs = elapsedMs(answeredAt, apartAt);
  told.push(
    {
      at: answeredAt,
      body: {
        type: 'CallConnected',
        callId,
        visitId,
        queue,
        agent,
        callerLegId: caller.legId,
        agentLegId,
        bridgeId: asId(''),
        waitMs,
        ringMs: elapsedMs(answerer.startedAt, answeredAt),
      },
    },
    {
      at: apartAt,
      body: {
        type: 'ConversationEnded',
        callId,
        visitId,
        queue,
        agent,
        agentLegId,
        talkMs,
        holdMs: 0,
        releasedBy: releasedBy(call, ended),
        cause: answerer.ended?.reason ?? 'normal',
      },
    },
    {
      at: apartAt,
      body: {
        type: 'WrapUpEnded',
        callId,
        queue,
        agent,
        handleMs: talkMs,
        wrapUpMs: 0,
        because: 'time-is-up',
      },
    },
  );
  return told;
}

function ringTold(
  call: CelCall,
  leg: CelCall['agents'][number],
  visitId: VisitId,
  queue: CelVisit['queue'],
  answered: boolean,
  visitLeftAt: Instant,
): Told[] {
  const { callId, caller } = call;
  const { agent, legId } = leg;
  const endedAt = answered ? visitLeftAt : (leg.ended?.at ?? visitLeftAt);
  const result = answered
    ? 'answered'
    : leg.ended?.reason === 'busy' || leg.ended?.reason === 'declined'
      ? 'declined'
      : leg.ended?.reason === 'unreachable'
        ? 'unreachable'
        : endedAt >= visitLeftAt
          ? 'caller-left'
          : 'no-answer';
  return [
    {
      at: leg.startedAt,
      body: {
        type: 'AgentRingRequested',
        callId,
        visitId,
        queue,
        agent,
        legId,
        bridgeId: asId(''),
        device: /^PJSIP\/.*-web-/.test(leg.channel) ? 'web' : 'sip',
        callerLegId: caller.legId,
        callerNumber: call.callerNumber,
        ringTimeoutMs: elapsedMs(leg.startedAt, endedAt),
        because: 'chosen by the fallback queue',
      },
    },
    {
      at: endedAt,
      body: {
        type: 'AgentRingEnded',
        callId,
        visitId,
        queue,
        agent,
        legId,
        result,
        ringMs: elapsedMs(leg.startedAt, endedAt),
      },
    },
  ];
}

function visitOutcome(
  visit: CelVisit,
  ended: CelEnd,
  answered: boolean,
): ['answered' | 'abandoned' | 'flow_out', FlowOutReason | null] {
  if (answered) return ['answered', null];
  const leftWaiting = visit.leftAt === null || elapsedMs(visit.leftAt, ended.at) <= sameMomentMs;
  if (ended.by === 'party' && leftWaiting && visit.status === null) return ['abandoned', null];
  switch (visit.status) {
    case 'TIMEOUT':
      return ['flow_out', 'max-wait'];
    case 'FULL':
      return ['flow_out', 'queue-full'];
    case 'JOINEMPTY':
    case 'LEAVEEMPTY':
    case 'JOINUNAVAIL':
    case 'LEAVEUNAVAIL':
      return ['flow_out', 'no-agent-signed-in'];
    default:
      return ['flow_out', 'service-lost'];
  }
}

function outcomeOf(call: CelCall, ended: CelEnd): CallOutcome {
  const last = call.visits.at(-1);
  if (call.visits.some((visit) => answererOf(call, visit) !== null)) return 'answered';
  if (last !== undefined)
    return visitOutcome(last, ended, false)[0] === 'abandoned' ? 'abandoned_in_queue' : 'failed';
  if (ended.by === 'party') return 'abandoned_in_ivr';
  return call.source === 'agent' && /^\*1[012]$/.test(call.dialledNumber) ? 'self_served' : 'failed';
}

function releasedBy(call: CelCall, ended: CelEnd): ReleaseParty {
  if (ended.by === 'party') return 'caller';
  return call.agents.some((leg) => leg.answeredAt !== null && leg.ended?.by === 'party') ? 'agent' : 'system';
}

/**
 * The end of a leg in our own words, for legs that ended while the controller was away: a caller's hang-up is `normal`, an
 * end that nobody of theirs made is `failed`.
 */
export function legEndOf(end: CelEnd): CelEnd['reason'] {
  return end.by === 'us' && end.reason === 'normal' ? 'failed' : end.reason;
}
