import { stateOf } from '../agents/agent.ts';
import type { CallCommand } from '../agents/call-commands.ts';
import type { CommandResult } from '../agents/commands.ts';
import type { AgentId, BridgeId, LegId, TaskId } from '../events/ids.ts';
import type { PassOnEnded } from '../events/passing-on.ts';
import type { Device, RingResult } from '../events/vocabulary.ts';
import { recordWrapUp } from './agent-requests.ts';
import { takeBack } from './back-to-queue.ts';
import type { Call, Leg, Ring, Stage } from './call.ts';
import { cutPromptShort, hangUpLeg } from './closing.ts';
import { endConversation } from './conversation.ts';
import { shownNumber } from './outside-number.ts';
import { passable, type Reached } from './pass-target.ts';
import { queueUpAgain } from './queue-up.ts';
import { endRing, remembering } from './ringing.ts';
import { arrangeSound, soundOf } from './sound.ts';
import type { Turn } from './turn.ts';

type Passing = Extract<Stage, { kind: 'passing' }>;

/** How long an outside number rings for a caller who is passed on. */
export const outsideRingMs = 30_000;

/**
 * Blind: the agent lets go of the caller, who hears music until whoever it is answers. If nobody does, the caller comes back to this agent
 * (decision 0026). The agent's conversation is not counted as ended by the agent: nobody hung up on anybody. `onAccepted`: called when it
 * is certain that it comes about, before anything does.
 */
export function passOn(
  turn: Turn,
  call: Call,
  { agent: by, to, reason }: Extract<CallCommand, { kind: 'transfer' }>,
  onAccepted?: () => void,
): CommandResult {
  if (call.stage.kind !== 'talking')
    return { ok: false, code: 'no-call', message: 'there is no conversation' };
  const reached = passable(turn, by, to);
  if ('ok' in reached) return reached;
  onAccepted?.();
  const { visitId, queue, agentLegId } = call.stage;
  const before = soundOf(call);
  endConversation(turn, call, 'system', 'normal');
  turn.emit({ type: 'CallPassedOn', callId: call.id, by, to, reason, visitId, queue });
  arrangeSound(turn, call.id, before);
  hangUpLeg(turn, agentLegId, 'the caller was passed on');
  goOn(turn, call, by, reached, reason);
  return { ok: true };
}

function goOn(turn: Turn, { id }: Call, by: AgentId, reached: Reached, reason: string): void {
  const call = turn.world.calls.get(id);
  if (call?.stage.kind !== 'passing') return;
  switch (reached.kind) {
    case 'agent':
      return ring(turn, call, call.stage, reached.agent, reached.device, `passed on by ${by}: ${reason}`);
    case 'outside':
      turn.emit({
        type: 'TransferRequested',
        callId: id,
        legId: turn.ids.next('leg') as LegId,
        bridgeId: turn.ids.next('bridge') as BridgeId,
        callerLegId: call.legId,
        number: reached.number,
        callerId: shownNumber(turn, call.hotline),
        ringTimeoutMs: outsideRingMs,
        by,
      });
      return;
    case 'queue':
      turn.emit({ type: 'PassOnEnded', callId: id, by, to: call.stage.to, result: 'queued' });
      return queueUpAgain(turn, call, reached.queue, `passed on by ${by}: ${reason}`);
    default:
      reached satisfies never;
  }
}

function ring(turn: Turn, call: Call, stage: Passing, agent: AgentId, device: Device, because: string): void {
  const legId = turn.ids.next('leg') as LegId;
  const { queue, visitId } = stage;
  turn.emit({
    type: 'AgentRingRequested',
    callId: call.id,
    visitId,
    queue,
    agent,
    legId,
    bridgeId: turn.ids.next('bridge') as BridgeId,
    device,
    callerLegId: call.legId,
    callerNumber: call.callerNumber,
    ringTimeoutMs: turn.rules.centre.queues.get(queue)?.ringTimeoutMs ?? outsideRingMs,
    direct: stage.attempt === 'target' ? 'passed-on' : 'returned',
    because,
  });
  turn.changeAgent(agent, { work: { kind: 'ringing', callId: call.id, legId, queue } }, because);
}

/** Whom the caller was passed on to is there, or the agent to whom the caller came back. */
export function passedOnAnswered(turn: Turn, call: Call, leg: Leg & { role: 'agent' }, rung: Ring): void {
  const { stage } = call;
  if (stage.kind !== 'passing') return;
  const { visitId, queue } = stage;
  cutPromptShort(turn, call);
  endRing(turn, call, rung, 'answered');
  if (stage.attempt === 'target') passOnEnded(turn, call, stage, 'connected');
  turn.emit({
    type: 'CallConnected',
    callId: call.id,
    visitId,
    queue,
    agent: leg.agent,
    callerLegId: call.legId,
    agentLegId: leg.id,
    bridgeId: rung.bridgeId,
    waitMs: 0,
    ringMs: 0,
    direct: stage.attempt === 'target' ? 'passed-on' : 'returned',
    ...remembering(turn, queue),
    queuedAt: call.served?.queuedAt ?? call.startedAt,
    ...(call.callback !== null && { callback: call.callback }),
  });
  turn.changeAgent(
    leg.agent,
    { work: { kind: 'talking', callId: call.id, legId: leg.id, queue, held: false }, missedRings: 0 },
    'answered',
  );
}

/** Nobody answered: back to the agent who passed the caller on; and if that is in vain too, to the head of the queue. */
export function passedOnInVain(turn: Turn, callId: Call['id'], result: RingResult | 'busy'): void {
  const call = turn.world.calls.get(callId);
  if (call?.stage.kind !== 'passing' || call.callerGone) return;
  const { stage } = call;
  if (stage.attempt === 'return')
    return takeBack(turn, call, 'nobody was there for a caller who was passed on');
  const why = inWords(result);
  passOnEnded(turn, call, stage, why);
  const { by, visitId, queue } = stage;
  const device = freeDeviceOf(turn, call, by);
  if (device === null) return takeBack(turn, call, 'nobody was there for a caller who was passed on');
  turn.emit({ type: 'CallReturning', callId, to: by, reason: why, visitId, queue });
  recordWrapUp(turn, by, 'call-returned');
  const now = turn.world.calls.get(callId);
  if (now?.stage.kind === 'passing') ring(turn, now, now.stage, by, device, `back from a transfer: ${why}`);
}

/** A phone of the agent that can be rung for a caller who comes back: also while this very conversation is wrapped up. */
function freeDeviceOf({ world }: Turn, call: Call, id: AgentId): Device | null {
  const agent = world.agents.get(id);
  if (!agent || agent.intent.kind === 'signed-out') return null;
  const { work } = agent;
  const free = work.kind === 'none' || (work.kind === 'wrapping-up' && work.callId === call.id);
  return free && stateOf(agent) !== 'signed-out' ? (agent.devices[0] ?? null) : null;
}

/** The caller is gone, or no longer ours, before anybody answered: somebody has to call back (TRF-05). */
export function passingGivenUp(turn: Turn, { id }: Call, because: string): void {
  const call = turn.world.calls.get(id);
  if (call?.stage.kind !== 'passing') return;
  const { stage } = call;
  if (stage.ring) {
    endRing(turn, call, stage.ring, 'caller-left');
    hangUpLeg(turn, stage.ring.legId, because);
  }
  if (call.transfer?.connectedAt) return;
  if (stage.attempt === 'target') passOnEnded(turn, call, stage, 'caller-left');
  turn.emit({
    type: 'TaskOpened',
    taskId: turn.ids.next('task') as TaskId,
    kind: 'transfer-failed',
    callId: call.id,
    hotline: call.hotline,
    queue: stage.queue,
    agent: stage.by,
    number: call.callerNumber,
    because: `${because}, while passed on: ${stage.reason}`,
  });
}

/** The number that the caller was passed on to has answered. */
export function passedOnOutside(turn: Turn, call: Call): void {
  if (call.stage.kind === 'passing') passOnEnded(turn, call, call.stage, 'connected');
}

function passOnEnded(turn: Turn, call: Call, { by, to }: Passing, result: PassOnEnded['result']): void {
  turn.emit({ type: 'PassOnEnded', callId: call.id, by, to, result });
}

function inWords(result: RingResult | 'busy'): PassOnEnded['result'] {
  switch (result) {
    case 'no-answer':
    case 'declined':
    case 'unreachable':
    case 'failed':
    case 'caller-left':
      return result;
    case 'answered-elsewhere':
      return 'failed';
    case 'busy':
      return 'declined';
    case 'answered':
      return 'connected';
    default:
      return result satisfies never;
  }
}
