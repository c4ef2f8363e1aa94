import type { BridgeId, LegId } from '../../events/ids.ts';
import type { TelephonyOrder } from '../../runtime/telephony-port.ts';
import { dialOut } from './dial-out.ts';
import { AriError } from './errors.ts';
import { hangUp } from './hang-up.ts';
import type { Leg } from './legs.ts';
import { expectEnd, markUp, type Node } from './node.ts';
import { failureOf, OrderFailure } from './order-failure.ts';
import { endRecording, startRecording } from './recording.ts';
import { ringAgent } from './ring-agent.ts';
import { answerTransfer } from './transfer-key.ts';

export type OrderOf<K extends TelephonyOrder['kind']> = Extract<TelephonyOrder, { kind: K }>;

/** The legs whose order queues an order stands in. */
export function legsOf(order: TelephonyOrder): LegId[] {
  if (order.kind === 'join') return order.legIds;
  return order.kind === 'connect' ? [order.callerLegId, order.agentLegId] : [order.legId];
}

/** The leg of which it is told when an order cannot be carried out, unless it is known to be another. */
export function legOf(order: TelephonyOrder): LegId {
  if (order.kind === 'join') return order.legIds.at(-1) as LegId;
  return order.kind === 'connect' ? order.agentLegId : order.legId;
}

/** Carries an order out; what cannot be done becomes an `order-failed`. Never rejects. */
export async function carryOut(node: Node, order: TelephonyOrder): Promise<void> {
  try {
    await dispatch(node, order);
  } catch (error) {
    const failure = failureOf(error, legOf(order));
    node.tell({
      kind: 'order-failed',
      order: order.kind,
      legId: failure.legId,
      playbackId: 'playbackId' in order ? order.playbackId : null,
      reason: failure.reason,
      detail: failure.message,
    });
    // Perhaps the leg died and its last event was lost: do not leave it to the sweep.
    const leg = failure.reason === 'gone' ? node.legs.get(failure.legId) : undefined;
    if (leg) expectEnd(node, leg);
  }
}

function dispatch(node: Node, order: TelephonyOrder): Promise<void> {
  switch (order.kind) {
    case 'answer':
      return answer(node, order);
    case 'play':
      return play(node, order);
    case 'stop-playback':
      return stopPlayback(node, order);
    case 'record':
      return record(node, order);
    case 'stop-recording':
      return endRecording(node, living(node, order.legId).id, order.recordingId);
    case 'wait-with-music':
      return waitWithMusic(node, order);
    case 'ring-agent':
      return ringAgent(node, order);
    case 'dial-out':
      return dialOut(node, order);
    case 'connect':
      return connect(node, order);
    case 'join':
      return joinAll(node, order);
    case 'answer-transfer':
      return answerTransfer(node, order);
    case 'hang-up':
      return hangUp(node, order);
    default:
      return order satisfies never;
  }
}

function living(node: Node, legId: LegId): Leg {
  const leg = node.legs.get(legId);
  if (!leg || leg.doomed) throw new OrderFailure('gone', legId, `leg ${legId} is gone`);
  return leg;
}

async function answer(node: Node, order: OrderOf<'answer'>): Promise<void> {
  const leg = living(node, order.legId);
  if (leg.state === 'up') {
    // Asked again (after a restart, say): whoever asked waits for the fact.
    node.tell({ kind: 'leg-answered', legId: leg.id });
    return;
  }
  await node.client.call('channels.answer', { channelId: leg.id });
  // Asterisk's own event may have come first, or the caller may have gone meanwhile.
  if (node.legs.get(leg.id) === leg) markUp(node, leg);
}

async function play(node: Node, order: OrderOf<'play'>): Promise<void> {
  const leg = living(node, order.legId);
  if (leg.playbacks.has(order.playbackId)) return;
  await leg.alone;
  if (leg.music !== false) await stopMusic(node, leg);
  leg.playbacks.set(order.playbackId, false);
  const { playbackId } = order;
  const media = order.prompts.map((prompt) => node.media(prompt, order.language));
  try {
    await node.client.call('channels.playWithId', { channelId: leg.id, playbackId, media });
    // Unless it has finished in the meantime.
    if (leg.playbacks.has(playbackId)) leg.playbacks.set(playbackId, true);
  } catch (error) {
    // 409: a request of ours that was repeated, or the channel is on its way out; the latter tells its end by itself.
    leg.playbacks.delete(playbackId);
    throw error;
  }
}

async function stopPlayback(node: Node, order: OrderOf<'stop-playback'>): Promise<void> {
  const leg = living(node, order.legId);
  try {
    await node.client.call('playbacks.stop', { playbackId: order.playbackId });
  } catch (error) {
    if (!(error instanceof AriError && error.status === 404)) throw error;
    // Over already. When its event was seen before, this tells it again; when it was lost, this makes up for it.
    leg.playbacks.delete(order.playbackId);
    if (node.legs.get(leg.id) !== leg) return;
    node.tell({ kind: 'playback-finished', playbackId: order.playbackId, legId: leg.id, ok: true });
  }
}

async function record(node: Node, order: OrderOf<'record'>): Promise<void> {
  const leg = living(node, order.legId);
  if (leg.recordings.has(order.recordingId)) return;
  await leg.alone;
  if (leg.music !== false) await stopMusic(node, leg);
  leg.recordings.add(order.recordingId);
  try {
    await startRecording(node, leg.id, order);
  } catch (error) {
    leg.recordings.delete(order.recordingId);
    throw error;
  }
}

/**
 * Music is played on the caller's own channel. A holding bridge of ARI is silent by itself, and music for a whole bridge
 * needs an announcer channel that Asterisk has been seen to leak.
 */
async function waitWithMusic(node: Node, order: OrderOf<'wait-with-music'>): Promise<void> {
  const leg = living(node, order.legId);
  await leg.inBridge;
  const bridgeId = leg.sitsIn ?? order.outOf ?? null;
  if (leg.music === true && bridgeId === null) return;
  await leg.alone;
  if (bridgeId !== null) await leaveBridge(node, leg, bridgeId);
  await node.client.call('channels.startMoh', { channelId: leg.id });
  leg.music = true;
}

async function stopMusic(node: Node, leg: Leg): Promise<void> {
  leg.music = false;
  try {
    await node.client.call('channels.stopMoh', { channelId: leg.id });
  } catch (error) {
    // Gone, or leaving; we have not heard yet. It is this leg, whichever the order is about.
    if (error instanceof AriError && (error.status === 404 || error.status === 409))
      throw new OrderFailure('gone', leg.id, error.message);
    throw error;
  }
}

async function connect(node: Node, order: OrderOf<'connect'>): Promise<void> {
  const agent = living(node, order.agentLegId);
  const caller = living(node, order.callerLegId);
  if (agent.state !== 'up') throw new OrderFailure('refused', agent.id, `agent's leg ${agent.id} is not up`);
  await moveInto(node, order.bridgeId, [agent, caller], [caller]);
}

/** A leg that still rings is in its own bridge already, or on the way there. */
async function joinAll(node: Node, order: OrderOf<'join'>): Promise<void> {
  const { bridgeId } = order;
  const legs = order.legIds.map((legId) => living(node, legId));
  const up = legs.filter((leg) => leg.state === 'up');
  const notThere = legs.find((leg) => leg.state !== 'up' && leg.bridgeId !== bridgeId);
  if (notThere) throw new OrderFailure('refused', notThere.id, `leg ${notThere.id} is not up`);
  await moveInto(
    node,
    bridgeId,
    up,
    up.filter((leg) => leg.music !== false),
  );
}

/** Whoever is not there yet; a channel leaves its former bridge by itself. */
async function moveInto(node: Node, bridgeId: BridgeId, legs: readonly Leg[], hearMusic: readonly Leg[]) {
  await Promise.all(legs.flatMap((leg) => [leg.inBridge, leg.alone]));
  const missing = legs.filter((leg) => leg.sitsIn !== bridgeId);
  const enter = async (leg: Leg) => {
    // First: told both at once, Asterisk now and then plays on, over whoever speaks, for as long as they do (22.10.1).
    if (hearMusic.includes(leg)) await stopMusic(node, leg);
    if (missing.includes(leg)) await join(node, bridgeId, leg);
  };
  await Promise.all(legs.map(enter)).catch((error: unknown) => {
    const gone = legs.find((leg) => node.legs.get(leg.id) !== leg);
    throw gone ? new OrderFailure('gone', gone.id, `leg ${gone.id} is gone`) : error;
  });
  for (const leg of missing) leg.sitsIn = bridgeId;
}

/** It may not be in it: then it is where it should be. */
async function leaveBridge(node: Node, leg: Leg, bridgeId: BridgeId): Promise<void> {
  leg.sitsIn = null;
  try {
    await node.client.call('bridges.removeChannel', { bridgeId, channel: leg.id });
  } catch (error) {
    if (!(error instanceof AriError && error.kind === 'refused')) throw error;
  }
}

/**
 * One leg a request: Asterisk holds the channels that a request names until it is done, also those that have hung up meanwhile, and
 * while a channel plays something that is its end. A phone that hangs up must not have to wait for what the caller hears.
 */
async function join(node: Node, bridgeId: BridgeId, leg: Leg): Promise<void> {
  try {
    await node.client.call('bridges.addChannel', { bridgeId, channel: leg.id });
  } catch (error) {
    // 400: the channel is gone, 422: it is leaving; we have not heard yet.
    if (error instanceof AriError && (error.status === 400 || error.status === 422))
      throw new OrderFailure('gone', leg.id, error.message);
    throw error;
  }
}
