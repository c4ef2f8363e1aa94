import type { CallCommand } from '../agents/call-commands.ts';
import type { CommandResult } from '../agents/commands.ts';
import type { AgentId, BridgeId, LegId } from '../events/ids.ts';
import { elapsedMs } from '../events/instant.ts';
import type { ConsultEnded } from '../events/passing-on.ts';
import type { LegEndReason, RingResult } from '../events/vocabulary.ts';
import type { Call, Consult, Leg } from './call.ts';
import { hangUpLeg } from './closing.ts';
import { endConversation, held, resumed, wrapUp } from './conversation.ts';
import { shownNumber } from './outside-number.ts';
import { outsideRingMs } from './pass-on.ts';
import { consultable } from './pass-target.ts';
import { releaseAfterRing, remembering, ringResultOf } from './ringing.ts';
import { arrangeSound, soundOf } from './sound.ts';
import type { Turn } from './turn.ts';

/** Asks somebody while the caller hears music; the agent hears it ring. */
export function startConsult(
  turn: Turn,
  call: Call,
  { agent: by, to, reason }: Extract<CallCommand, { kind: 'consult' }>,
): CommandResult {
  const { stage } = call;
  if (stage.kind !== 'talking') return { ok: false, code: 'no-call', message: 'there is no conversation' };
  const reached = consultable(turn, by, to);
  if ('ok' in reached) return reached;
  const before = soundOf(call);
  const legId = turn.ids.next('leg') as LegId;
  const bridgeId = turn.ids.next('bridge') as BridgeId;
  held(turn, call);
  const party = reached.kind === 'agent' ? ({ kind: 'agent', agent: reached.agent } as const) : reached;
  turn.emit({ type: 'ConsultRequested', callId: call.id, by, to, party, reason, legId, bridgeId });
  if (reached.kind === 'agent') {
    const { queue, visitId } = stage;
    const because = `asked for advice by ${by}: ${reason}`;
    turn.emit({
      type: 'AgentRingRequested',
      callId: call.id,
      visitId,
      queue,
      agent: reached.agent,
      legId,
      bridgeId,
      device: reached.device,
      callerLegId: stage.agentLegId,
      callerNumber: by,
      ringTimeoutMs: turn.rules.centre.queues.get(queue)?.ringTimeoutMs ?? outsideRingMs,
      direct: 'consulted',
      because,
    });
    turn.changeAgent(reached.agent, { work: { kind: 'ringing', callId: call.id, legId, queue } }, because);
  } else
    turn.emit({
      type: 'TransferRequested',
      callId: call.id,
      legId,
      bridgeId,
      callerLegId: stage.agentLegId,
      number: reached.number,
      callerId: shownNumber(turn, call.hotline),
      ringTimeoutMs: outsideRingMs,
      by,
      consult: true,
    });
  arrangeSound(turn, call.id, before);
  return { ok: true };
}

/** @returns whether the leg is that of somebody who is asked for advice */
export function consultAnswered(turn: Turn, leg: Leg): boolean {
  const call = turn.world.calls.get(leg.callId);
  const consult = call?.consult;
  if (!call || consult?.legId !== leg.id || call.stage.kind !== 'talking') return false;
  if (leg.hangUpAttempts > 0 || consult.answeredAt !== null) return true;
  const { visitId, queue, agentLegId } = call.stage;
  const { bridgeId, party } = consult;
  const ringMs = elapsedMs(consult.requestedAt, turn.now);
  if (party.kind === 'outside') {
    const { id: callId } = call;
    turn.emit({
      type: 'TransferConnected',
      callId,
      legId: leg.id,
      bridgeId,
      callerLegId: agentLegId,
      ringMs,
      consult: true,
    });
    return true;
  }
  endRing(turn, call, consult, 'answered');
  turn.emit({
    type: 'CallConnected',
    callId: call.id,
    visitId,
    queue,
    agent: party.agent,
    callerLegId: agentLegId,
    agentLegId: leg.id,
    bridgeId,
    waitMs: 0,
    ringMs: 0,
    direct: 'consulted',
    queuedAt: call.served?.queuedAt ?? call.startedAt,
    ...(call.callback !== null && { callback: call.callback }),
  });
  turn.changeAgent(
    party.agent,
    { work: { kind: 'talking', callId: call.id, legId: leg.id, queue, held: false }, missedRings: 0 },
    'answered',
  );
  return true;
}

/** The agent turns to the one who waits, or to both. */
export function turnTo(turn: Turn, call: Call, by: AgentId, speaksWith: Consult['speaksWith']): void {
  const before = soundOf(call);
  turn.emit({ type: 'ConsultTurned', callId: call.id, by, speaksWith });
  if (speaksWith === 'target') held(turn, call);
  else resumed(turn, call);
  arrangeSound(turn, call.id, before);
}

/** The agent leaves; the caller stays with the target, who has answered. */
export function completeConsult(
  turn: Turn,
  call: Call,
  releasedBy: 'agent' | 'system',
  cause: LegEndReason,
): void {
  const { stage, consult } = call;
  if (stage.kind !== 'talking' || !consult) return;
  const before = soundOf(call);
  const { id: callId } = call;
  const { legId, party } = consult;
  turn.emit({
    type: 'ConsultEnded',
    callId,
    by: stage.agent,
    party,
    legId,
    result: 'completed',
    ...(party.kind === 'agent' && remembering(turn, stage.queue)),
  });
  endConversation(turn, call, releasedBy, cause);
  arrangeSound(turn, callId, before);
}

/** The target is let go: the caller is with the agent again. */
export function endConsult(turn: Turn, call: Call, result: ConsultEnded['result'], because: string): void {
  const { consult } = call;
  if (!consult) return;
  const before = soundOf(call);
  releaseTarget(turn, call, result, because);
  const now = turn.world.calls.get(call.id);
  if (!now || result === 'caller-left' || result === 'agent-left') return;
  resumed(turn, now);
  arrangeSound(turn, call.id, before);
}

/** Nobody is asked for advice any more: whoever was is rung, or kept on the line, no longer. */
export function releaseTarget(
  turn: Turn,
  { id }: Call,
  result: ConsultEnded['result'],
  because: string,
): void {
  const call = turn.world.calls.get(id);
  const consult = call?.consult;
  if (!call || !consult || call.stage.kind !== 'talking') return;
  const { stage } = call;
  const { legId, party } = consult;
  turn.emit({ type: 'ConsultEnded', callId: id, by: stage.agent, party, legId, result });
  partFrom(turn, call, consult, 'caller-left', 'normal');
  hangUpLeg(turn, legId, because);
}

/** The leg of somebody who was asked for advice has ended, before or after the answer. @returns whether it was such a leg */
export function consultLegEnded(turn: Turn, leg: Leg, reason: LegEndReason): boolean {
  const call = turn.world.calls.get(leg.callId);
  const consult = call?.consult;
  if (!call || consult?.legId !== leg.id || call.stage.kind !== 'talking') return false;
  const before = soundOf(call);
  const { party, answeredAt } = consult;
  const rung = leg.hangUpAttempts > 0 ? 'no-answer' : ringResultOf(reason);
  const result = answeredAt === null ? missed(rung) : 'target-left';
  turn.emit({ type: 'ConsultEnded', callId: call.id, by: call.stage.agent, party, legId: leg.id, result });
  partFrom(turn, call, consult, rung, reason);
  turn.emit({ type: 'LegEnded', callId: call.id, legId: leg.id, reason });
  if (answeredAt === null && party.kind === 'agent')
    releaseAfterRing(turn, party.agent, leg.id, rung, consult.device ?? undefined);
  if (answeredAt !== null && party.kind === 'agent' && reason !== 'normal')
    turn.changeAgent(party.agent, { devices: [] }, 'the phone was lost');
  const now = turn.world.calls.get(call.id);
  if (now) resumed(turn, now);
  arrangeSound(turn, call.id, before);
  return true;
}

/** The record of what the target did: rang in vain (`rung`; free when the phone has stopped), or spoke, and now wraps up. */
function partFrom(turn: Turn, call: Call, consult: Consult, rung: RingResult, reason: LegEndReason): void {
  if (call.stage.kind !== 'talking') return;
  const { queue, visitId } = call.stage;
  const { legId, party, answeredAt } = consult;
  const talkMs = answeredAt === null ? 0 : elapsedMs(answeredAt, turn.now);
  if (party.kind === 'outside') {
    const result = answeredAt === null ? outsideResult(rung) : 'connected';
    turn.emit({ type: 'TransferEnded', callId: call.id, legId, result, talkMs });
    return;
  }
  if (answeredAt === null) return endRing(turn, call, consult, rung);
  const lost = reason !== 'normal';
  turn.emit({
    type: 'ConversationEnded',
    callId: call.id,
    visitId,
    queue,
    agent: party.agent,
    agentLegId: legId,
    talkMs,
    holdMs: 0,
    releasedBy: 'system',
    cause: reason,
  });
  const of = { callId: call.id, queue, conversationMs: talkMs };
  wrapUp(turn, party.agent, of, lost ? 'the phone was lost' : 'advice is over');
}

function endRing(turn: Turn, call: Call, consult: Consult, result: RingResult): void {
  if (call.stage.kind !== 'talking' || consult.party.kind !== 'agent') return;
  const { visitId, queue } = call.stage;
  turn.emit({
    type: 'AgentRingEnded',
    callId: call.id,
    visitId,
    queue,
    agent: consult.party.agent,
    legId: consult.legId,
    result,
    ringMs: elapsedMs(consult.requestedAt, turn.now),
    direct: 'consulted',
  });
}

function missed(result: RingResult): ConsultEnded['result'] {
  switch (result) {
    case 'no-answer':
    case 'declined':
    case 'unreachable':
    case 'failed':
      return result;
    case 'answered':
    case 'caller-left':
    case 'answered-elsewhere':
      return 'failed';
    default:
      return result satisfies never;
  }
}

function outsideResult(rung: RingResult) {
  switch (rung) {
    case 'no-answer':
    case 'unreachable':
    case 'caller-left':
    case 'failed':
      return rung;
    case 'answered-elsewhere':
      return 'caller-left';
    case 'declined':
      return 'busy';
    case 'answered':
      return 'connected';
    default:
      return rung satisfies never;
  }
}
