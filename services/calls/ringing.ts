import type { AgentChange } from '../agents/agent.ts';
import type { AgentIntent } from '../events/events.ts';
import {
  type AgentId,
  asId,
  type BridgeId,
  type CallbackId,
  type LegId,
  type QueueId,
  type VisitId,
} from '../events/ids.ts';
import { elapsedMs } from '../events/instant.ts';
import type { Device, LegEndReason, RingResult } from '../events/vocabulary.ts';
import { positionOf, waitsSince } from '../queueing/queue.ts';
import type { Decision } from '../routing/routing-index.ts';
import { type Call, type Leg, type Ring, ringsOf } from './call.ts';
import { callbackNotNeeded, callbackServed } from './callback-ended.ts';
import { cutPromptShort, hangUpLeg } from './closing.ts';
import { consultAnswered } from './consult.ts';
import {
  agentMissed,
  agentReady,
  callbacksInLine,
  customerNotCalled,
  startCallback,
} from './make-callback.ts';
import { passedOnAnswered, passedOnInVain } from './pass-on.ts';
import type { Turn } from './turn.ts';
import { heldUp, isLost } from './world.ts';

/** Rings free agents for waiting callers, as the router says, until it knows of nobody more. */
export function offerWaitingCalls(turn: Turn): void {
  const { router, world, now } = turn;
  if (!router.index.anybodyFree) return;
  for (;;) {
    router.promise(callbacksInLine(turn), now);
    const decision = router.index.next(now);
    if (!decision) break;
    carryOut(turn, decision);
  }
  router.takeBack(world);
}

/** What cannot be done now is not decided again in this step, so that it holds nobody up. */
function carryOut(turn: Turn, { visitId, queue, agents, because }: Decision): void {
  const { world, router } = turn;
  const [agent] = agents;
  const promised = world.callbacks.get(asId<CallbackId>(visitId));
  if (promised) {
    const call = startCallback(turn, promised, because);
    // Where the customer is called first the agent is rung when the customer is there.
    const started = world.callbacks.get(promised.id)?.call !== null;
    if (call) ring(turn, call, { visitId: turn.ids.next('visit') as VisitId, queue, agent, because });
    else if (!started) router.setAside(visitId, null);
    return;
  }
  const visit = world.lines.get(queue)?.find((one) => one.visitId === visitId);
  const call = visit && world.calls.get(visit.callId);
  const canRing = call !== undefined && !isLost(world, call.nodeId);
  const rung = agents.filter((one) => canRing && ring(turn, call, { visitId, queue, agent: one, because }));
  if (rung.length === 0) router.setAside(visitId, call?.id ?? null);
}

/** @returns whether there is a phone to ring */
function ring(
  turn: Turn,
  call: Call,
  { visitId, queue, agent, because }: { visitId: VisitId; queue: QueueId; agent: AgentId; because: string },
): boolean {
  const device = turn.world.agents.get(agent)?.devices[0];
  const definition = turn.rules.centre.queues.get(queue);
  if (!device || !definition) return false;
  const legId = turn.ids.next('leg') as LegId;
  turn.emit({
    type: 'AgentRingRequested',
    callId: call.id,
    visitId,
    queue,
    agent,
    legId,
    bridgeId: turn.ids.next('bridge') as BridgeId,
    device,
    callerLegId: customerNotCalled(turn.world, call) ? null : call.legId,
    callerNumber: call.callerNumber,
    ringTimeoutMs: definition.ringTimeoutMs,
    because,
  });
  turn.changeAgent(agent, { work: { kind: 'ringing', callId: call.id, legId, queue } }, because);
  return true;
}

export function ringStarted(turn: Turn, leg: Leg & { role: 'agent' }): void {
  const asked = turn.world.calls.get(leg.callId)?.consult?.legId === leg.id;
  if (asked || ringOf(turn, leg))
    turn.emit({ type: 'AgentRingStarted', callId: leg.callId, agent: leg.agent, legId: leg.id });
}

/**
 * The agent picked up. If the caller is gone or the ring was given up, the leg is already being ended: the answer came too late.
 * Told again after a reconnection, it changes nothing.
 */
export function ringAnswered(turn: Turn, leg: Leg & { role: 'agent' }): void {
  const stage = turn.world.calls.get(leg.callId)?.stage;
  if (stage?.kind === 'talking' && stage.agentLegId === leg.id) return;
  if (stage?.kind === 'calling' && stage.agent?.legId === leg.id) return;
  if (consultAnswered(turn, leg)) return;
  const found = ringOf(turn, leg);
  if (!found) return hangUpLeg(turn, leg.id, 'answered too late');
  const { call, ring } = found;
  if (call.stage.kind === 'passing') return passedOnAnswered(turn, call, leg, ring);
  if (call.stage.kind !== 'waiting' || call.hotline === null) return;
  if (customerNotCalled(turn.world, call)) {
    endRing(turn, call, ring, 'answered');
    return agentReady(turn, call, leg, ring);
  }
  const { visitId, queue } = call.stage;
  const line = turn.world.lines.get(queue) ?? [];
  const visit = line[positionOf(line, visitId) - 1];
  if (!visit) return;
  const waitMs = elapsedMs(waitsSince(visit), turn.now);
  cutPromptShort(turn, call);
  const ringMs = endRing(turn, call, ring, 'answered');
  for (const other of ringsOf(call.stage)) {
    if (other.legId === leg.id) continue;
    endRing(turn, call, other, 'answered-elsewhere');
    hangUpLeg(turn, other.legId, 'answered elsewhere', { elsewhere: true });
  }
  turn.emit({
    type: 'VisitEnded',
    callId: call.id,
    visitId,
    queue,
    hotline: call.hotline,
    outcome: 'answered',
    flowOutReason: null,
    queuedAt: waitsSince(visit),
    waitMs,
    agent: leg.agent,
    priority: visit.priority,
    ...(visit.callback !== undefined && { callback: visit.callback }),
  });
  turn.emit({
    type: 'CallConnected',
    callId: call.id,
    visitId,
    queue,
    agent: leg.agent,
    callerLegId: call.legId,
    agentLegId: leg.id,
    bridgeId: ring.bridgeId,
    waitMs,
    ringMs,
    ...remembering(turn, queue),
    // Not of one who was called back, and has been passed on to a queue since: that is a visit like any other.
    ...(visit.callback !== undefined && { callback: visit.callback }),
  });
  callbackServed(turn, call);
  callbackNotNeeded(turn, call);
  turn.changeAgent(
    leg.agent,
    { work: { kind: 'talking', callId: call.id, legId: leg.id, queue, held: false }, missedRings: 0 },
    'answered',
  );
}

/** The agent's leg ended before an answer. The caller keeps their place; the agent is judged by how it ended. */
export function ringFailed(turn: Turn, leg: Leg & { role: 'agent' }, reason: LegEndReason): void {
  const found = ringOf(turn, leg);
  if (!found) return;
  // A phone may have been answered in vain while its Asterisk hung, and have given up: whatever is told of it afterwards is not the agent's doing.
  const inVain =
    ringResultOf(reason) !== 'unreachable' && heldUp(turn.world, leg.nodeId, found.ring.requestedAt);
  // A phone that is busy without having rung is in use, say in a conversation that Asterisk made alone: nobody has refused.
  const inUse = reason === 'busy' && !found.ring.rings;
  const result = inVain ? 'failed' : inUse ? 'unreachable' : ringResultOf(reason);
  endRing(turn, found.call, found.ring, result);
  releaseAfterRing(turn, leg.agent, leg.id, result, found.ring.device);
  if (found.call.stage.kind === 'passing') return passedOnInVain(turn, found.call.id, result);
  if (customerNotCalled(turn.world, found.call)) agentMissed(turn, found.call);
}

/** Where callers are to meet whoever helped them last, that is kept in mind. */
export function remembering(turn: Turn, queue: QueueId): { rememberMs?: number } {
  const serving = turn.rules.centre.queues.get(queue)?.serving;
  return serving && serving.plan.stickyWaitMs !== null ? { rememberMs: serving.helpedWithinMs } : {};
}

/** The caller left while the phone rang. The agent is free when the phone has stopped ringing, not before. */
export function ringGivenUp(turn: Turn, call: Call): void {
  for (const ring of ringsOf(call.stage)) {
    endRing(turn, call, ring, 'caller-left');
    hangUpLeg(turn, ring.legId, 'the caller left');
  }
}

/** The ring of this leg, if its call still waits for it. */
export function ringOf(turn: Turn, leg: Leg): { call: Call; ring: Ring } | null {
  const call = turn.world.calls.get(leg.callId);
  const ring = call && ringsOf(call.stage).find(({ legId }) => legId === leg.id);
  return ring ? { call, ring } : null;
}

export function endRing(turn: Turn, call: Call, ring: Ring, result: RingResult): number {
  const ringMs = elapsedMs(ring.requestedAt, turn.now);
  const { stage } = call;
  if (stage.kind !== 'waiting' && stage.kind !== 'passing') return ringMs;
  const { visitId, queue } = stage;
  turn.emit({
    type: 'AgentRingEnded',
    callId: call.id,
    visitId,
    queue,
    agent: ring.agent,
    legId: ring.legId,
    result,
    ringMs,
    ...(stage.kind === 'passing' && { direct: stage.attempt === 'target' ? 'passed-on' : 'returned' }),
  });
  return ringMs;
}

/** Frees an agent whose phone has stopped ringing without an answer; `rung` is that phone, where it matters. */
export function releaseAfterRing(
  turn: Turn,
  id: AgentId,
  legId: LegId,
  result: RingResult,
  rung?: Device,
): void {
  const agent = turn.world.agents.get(id);
  if (agent?.work.kind !== 'ringing' || agent.work.legId !== legId) return;
  const { queue } = agent.work;
  const limit = queue === null ? 1 : (turn.rules.centre.queues.get(queue)?.maxMissedRings ?? 1);
  turn.changeAgent(id, afterRing(agent, result, limit, rung), `ring ended: ${result}`);
}

/** An unreachable phone counts too, but is given more tries: it usually comes back by itself, and must not be rung in a tight circle. */
const maxUnreachableRings = 3;

function afterRing(
  agent: { intent: AgentIntent; missedRings: number; devices: readonly Device[] },
  result: RingResult,
  limit: number,
  rung?: Device,
): AgentChange {
  const missedRings = agent.missedRings + 1;
  const ready = agent.intent.kind === 'ready';
  switch (result) {
    case 'answered':
    case 'caller-left':
    case 'answered-elsewhere':
      return { work: { kind: 'none' } };
    case 'no-answer':
      return {
        work: { kind: 'none' },
        missedRings,
        ...(ready && missedRings >= limit && { intent: { kind: 'not-ready', reason: 'ring-no-answer' } }),
      };
    case 'declined':
      return {
        work: { kind: 'none' },
        missedRings,
        ...(ready && missedRings >= limit && { intent: { kind: 'not-ready', reason: 'declined' } }),
      };
    case 'failed':
      // Our failure, or Asterisk's: no fault of the agent's.
      return { work: { kind: 'none' }, devices: agent.devices.filter((device) => device !== rung) };
    case 'unreachable':
      return {
        work: { kind: 'none' },
        missedRings,
        // The other phone takes over at once; which of them can be rung is looked at again soon.
        devices: agent.devices.filter((device) => device !== rung),
        ...(ready &&
          missedRings >= maxUnreachableRings && { intent: { kind: 'not-ready', reason: 'ring-no-answer' } }),
      };
    default:
      return result satisfies never;
  }
}

export function ringResultOf(reason: LegEndReason): RingResult {
  switch (reason) {
    case 'no-answer':
      return 'no-answer';
    case 'busy':
    case 'declined':
    case 'normal':
      return 'declined';
    case 'unreachable':
      return 'unreachable';
    case 'cancelled':
    case 'media-lost':
    case 'failed':
      return 'failed';
    default:
      return reason satisfies never;
  }
}
