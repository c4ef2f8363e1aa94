import type { BridgeId, LegId, NodeName } from '../events/ids.ts';
import { elapsedMs } from '../events/instant.ts';
import type { TransferEnded } from '../events/outbound.ts';
import type { LegEndReason } from '../events/vocabulary.ts';
import type { FlowAction } from '../ivr/interpreter.ts';
import type { Call, Leg } from './call.ts';
import { closeWith, hangUpLeg } from './closing.ts';
import { consultAnswered } from './consult.ts';
import { advance, enterAgain } from './in-flow.ts';
import { mayCall, refuseNumber, shownNumber } from './outside-number.ts';
import { passedOnInVain, passedOnOutside } from './pass-on.ts';
import { ringResultOf } from './ringing.ts';
import type { Turn } from './turn.ts';

/** Dials an outside number for the caller, who hears music meanwhile. @returns whether that began; if not, the flow goes on at `onFailure` */
export function startTransfer(
  turn: Turn,
  call: Call,
  { node, number }: Extract<FlowAction, { kind: 'transfer' }>,
): boolean {
  if (!mayCall(turn, number)) {
    refuseNumber(turn, call, number);
    return false;
  }
  turn.emit({ type: 'MusicStarted', callId: call.id, legId: call.legId });
  turn.emit({
    type: 'TransferRequested',
    callId: call.id,
    legId: turn.ids.next('leg') as LegId,
    bridgeId: turn.ids.next('bridge') as BridgeId,
    callerLegId: call.legId,
    number,
    callerId: shownNumber(turn, call.hotline),
    ringTimeoutMs: node.ringMs,
  });
  return true;
}

/** The other side picked up: it and the caller are joined, and the caller has got what was asked for. */
export function transferAnswered(turn: Turn, leg: Leg): void {
  if (consultAnswered(turn, leg)) return;
  const call = callOf(turn, leg);
  const transfer = call?.transfer;
  if (transfer?.legId === leg.id && transfer.connectedAt !== null) return;
  if (!call || call.callerGone || transfer?.legId !== leg.id || leg.hangUpAttempts > 0)
    return hangUpLeg(turn, leg.id, 'answered too late');
  turn.emit({
    type: 'TransferConnected',
    callId: call.id,
    legId: leg.id,
    bridgeId: transfer.bridgeId,
    callerLegId: call.legId,
    ringMs: elapsedMs(transfer.requestedAt, turn.now),
  });
  if (call.stage.kind === 'passing') return passedOnOutside(turn, call);
  turn.emit({ type: 'CallerSelfServed', callId: call.id, node: call.node as NodeName });
}

/** The leg to outside is gone: the call ends with it, or, where nobody had answered, the flow goes on. */
export function outsideLegEnded(turn: Turn, leg: Leg, reason: LegEndReason, unseen: boolean): void {
  const call = callOf(turn, leg);
  const transfer = call?.transfer;
  turn.emit({ type: 'LegEnded', callId: leg.callId, legId: leg.id, reason });
  if (!call || transfer?.legId !== leg.id) return;
  const connected = transfer.connectedAt !== null;
  endTransfer(turn, call, connected ? 'connected' : resultOf(reason));
  if (call.callerGone) return;
  if (connected) {
    const because = 'the other side hung up';
    // With an agent before: the call is over as one that was answered.
    if (call.stage.kind === 'passing') closeWith(turn, call, { prompts: [], outcome: 'answered', because });
    else hangUpLeg(turn, call.legId, because);
    return;
  }
  if (call.stage.kind === 'passing') return passedOnInVain(turn, call.id, ringResultOf(reason));
  // Perhaps it was never dialled, as the order was lost with the connection: the caller is told, and it is tried, once more.
  if (unseen) return enterAgain(turn, turn.world.calls.get(call.id) ?? call);
  advance(turn, call.id, { kind: 'done', ok: false });
}

/** The caller is gone, or no longer ours: nobody else is kept on the line, or goes on being rung. */
export function giveUpTransfer(turn: Turn, { id }: Call, because: string): void {
  const call = turn.world.calls.get(id);
  if (!call?.transfer) return;
  const { legId, connectedAt } = call.transfer;
  endTransfer(turn, call, connectedAt === null ? 'caller-left' : 'connected');
  hangUpLeg(turn, legId, because);
}

function endTransfer(turn: Turn, call: Call, result: TransferEnded['result']): void {
  if (!call.transfer) return;
  const { legId, connectedAt } = call.transfer;
  const talkMs = connectedAt === null ? 0 : elapsedMs(connectedAt, turn.now);
  turn.emit({ type: 'TransferEnded', callId: call.id, legId, result, talkMs });
}

const callOf = (turn: Turn, leg: Leg): Call | undefined => turn.world.calls.get(leg.callId);

function resultOf(reason: LegEndReason): TransferEnded['result'] {
  switch (reason) {
    case 'no-answer':
    case 'cancelled':
      return 'no-answer';
    case 'busy':
    case 'declined':
      return 'busy';
    case 'unreachable':
      return 'unreachable';
    case 'normal':
    case 'media-lost':
    case 'failed':
      return 'failed';
    default:
      return reason satisfies never;
  }
}
