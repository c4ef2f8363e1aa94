import type { BridgeId, LegId } from '../../../services/events/ids.ts';
import type { TelephonyFact, TelephonyOrder } from '../../../services/runtime/telephony-port.ts';
import type { FakeAsterisk } from './asterisk.ts';
import { startPlayback, stopPlayback } from './playback.ts';
import { endRecording, startRecording } from './recorder.ts';
import { dialOut, ringAgent } from './ringing.ts';
import type { Leg } from './types.ts';

export type OrderFailure = {
  reason: Extract<TelephonyFact, { kind: 'order-failed' }>['reason'];
  legId: LegId;
};

/** The legs in whose order queues an order stands. */
export function legsOf(order: TelephonyOrder): LegId[] {
  if (order.kind === 'join') return order.legIds;
  return order.kind === 'connect' ? [order.callerLegId, order.agentLegId] : [order.legId];
}

/** The leg of which a failure is told. */
export function legOf(order: TelephonyOrder): LegId {
  if (order.kind === 'join') return order.legIds.at(-1) as LegId;
  return order.kind === 'connect' ? order.agentLegId : order.legId;
}

/** Does what the order says to the pretended Asterisk, now. Null when done. */
export function carryOut(
  asterisk: FakeAsterisk,
  order: TelephonyOrder,
  durationMs: (order: TelephonyOrder) => number,
): OrderFailure | null {
  if (order.kind === 'ring-agent') {
    return ringAgent(asterisk, order) === 'done' ? null : { reason: 'gone', legId: order.legId };
  }
  if (order.kind === 'connect') return connect(asterisk, order);
  if (order.kind === 'join') return join(asterisk, order);
  if (order.kind === 'dial-out') {
    const done = dialOut(asterisk, order);
    return done === 'done' ? null : { reason: done, legId: order.legId };
  }
  const leg = asterisk.legs.get(order.legId);
  if (!leg)
    return order.kind === 'hang-up' || order.kind === 'answer-transfer'
      ? null
      : { reason: 'gone', legId: order.legId };
  switch (order.kind) {
    case 'answer':
      asterisk.answered(leg);
      return null;
    case 'play':
      if (leg.state !== 'up') return { reason: 'refused', legId: leg.id };
      startPlayback(asterisk, leg, order.playbackId, durationMs(order));
      return null;
    case 'stop-playback':
      stopPlayback(asterisk, leg, order.playbackId);
      return null;
    case 'wait-with-music':
      if (order.outOf != null) leaveBridge(asterisk, leg);
      leg.music = true;
      return null;
    case 'record':
      if (leg.state !== 'up') return { reason: 'refused', legId: leg.id };
      if (!asterisk.mayRecord()) return { reason: 'refused', legId: leg.id };
      startRecording(asterisk, leg, order);
      return null;
    case 'stop-recording':
      endRecording(asterisk, leg, order.recordingId);
      return null;
    case 'answer-transfer':
      asterisk.answerTransfer(leg, order.accepted);
      return null;
    case 'hang-up':
      asterisk.end(leg, leg.role !== 'caller' && leg.state === 'ringing' ? 'cancelled' : 'normal');
      return null;
    default:
      return order satisfies never;
  }
}

function connect(
  asterisk: FakeAsterisk,
  order: Extract<TelephonyOrder, { kind: 'connect' }>,
): OrderFailure | null {
  const caller = asterisk.legs.get(order.callerLegId);
  const agent = asterisk.legs.get(order.agentLegId);
  if (!agent) return { reason: 'gone', legId: order.agentLegId };
  if (!caller) return { reason: 'gone', legId: order.callerLegId };
  if (agent.state !== 'up') return { reason: 'refused', legId: agent.id };
  for (const leg of [caller, agent]) enterBridge(asterisk, leg, order.bridgeId);
  return null;
}

function join(asterisk: FakeAsterisk, order: Extract<TelephonyOrder, { kind: 'join' }>): OrderFailure | null {
  const legs = order.legIds.map((legId) => asterisk.legs.get(legId));
  const gone = order.legIds.find((legId) => !asterisk.legs.has(legId));
  if (gone !== undefined) return { reason: 'gone', legId: gone };
  if (!asterisk.bridges.has(order.bridgeId)) return { reason: 'refused', legId: order.legIds[0] as LegId };
  for (const leg of legs) if (leg?.state === 'up') enterBridge(asterisk, leg, order.bridgeId);
  return null;
}

function enterBridge(asterisk: FakeAsterisk, leg: Leg, bridgeId: BridgeId): void {
  leaveBridge(asterisk, leg);
  const members = asterisk.bridges.get(bridgeId) ?? new Set();
  asterisk.bridges.set(bridgeId, members.add(leg.id));
  leg.bridge = bridgeId;
  leg.music = false;
}

function leaveBridge(asterisk: FakeAsterisk, leg: Leg): void {
  if (leg.bridge !== null) asterisk.bridges.get(leg.bridge)?.delete(leg.id);
  leg.bridge = null;
}
