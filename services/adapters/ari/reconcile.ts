import { asId, type BridgeId, type LegId, type PlaybackId } from '../../events/ids.ts';
import { applicationArgs, readArrival, tellArrived } from './arrival.ts';
import { AriError } from './errors.ts';
import type { Channel } from './generated/ari.ts';
import type { Leg } from './legs.ts';
import {
  callBridgeName,
  destroyBridge,
  discardChannel,
  endLeg,
  markRinging,
  markUp,
  type Node,
} from './node.ts';
import { isChannel } from './well-formed.ts';

/** What Asterisk had when asked, beside what we believed before asking (so that what changed meanwhile is left alone). */
export type Inventory = {
  readonly believed: readonly Leg[];
  readonly channels: ReadonlyMap<LegId, OurChannel>;
  readonly callBridges: readonly string[];
};
type OurChannel = { channel: Channel; called: Called | null };
/** Somebody we called. */
type Called = { callId: string; role: 'agent' | 'outside'; bridgeId: string | null };

export async function takeInventory(node: Node): Promise<Inventory> {
  const believed = node.legs.all();
  // Bridges first: one that is made after this is not in the list, so it cannot be taken for an orphan.
  const bridges = await node.client.call('bridges.list', {});
  const listed = (await node.client.call('channels.list', {})).filter(isChannel);
  const channels = new Map<LegId, OurChannel>();
  for (const channel of listed) {
    const called = calledTag(channel);
    if (called || applicationArgs(channel, node.app)) channels.set(asId(channel.id), { channel, called });
  }
  const callBridges = bridges.filter((bridge) => bridge.name === callBridgeName).map((bridge) => bridge.id);
  return { believed, channels, callBridges };
}

/** What Asterisk still plays of that which the controller believes is being played. */
export async function stillPlaying(
  node: Node,
  inventory: Inventory,
  playbackOf: (legId: LegId) => PlaybackId | null,
): Promise<ReadonlyMap<LegId, PlaybackId>> {
  const playing = new Map<LegId, PlaybackId>();
  const ask = async (legId: LegId): Promise<void> => {
    const playbackId = playbackOf(legId);
    if (playbackId === null) return;
    try {
      await node.client.call('playbacks.get', { playbackId });
      playing.set(legId, playbackId);
    } catch (error) {
      // Over, or never begun. One of which nothing can be learnt counts as over: its step is begun anew.
      if (!(error instanceof AriError)) throw error;
    }
  };
  await Promise.all([...inventory.channels.keys()].map(ask));
  return playing;
}

/** Legs in an inventory, but for those whose end we have been told since. */
export function liveLegs(node: Node, inventory: Inventory): LegId[] {
  return [...inventory.channels.keys()].filter((id) => !node.legs.hasEnded(id));
}

/** Legs we believed in and Asterisk has no more, or (one that was just being made) not yet. */
export function missingLegs(node: Node, inventory: Inventory): Leg[] {
  return inventory.believed.filter((leg) => node.legs.get(leg.id) === leg && !inventory.channels.has(leg.id));
}

/**
 * Brings what we believe in line with an inventory:
 * - a leg the controller knows and this adapter does not (after a restart) is taken over, and told as answered when it is up;
 * - a caller nobody knows (arrived while the socket was down) is told as `arrived`;
 * - an agent's leg, or one to outside, that nobody knows is a leftover and ended;
 * - a conversation's bridge without its agent's leg is a leftover and destroyed;
 * - `afterGap`, when events were lost: what we missed of the legs we know is made up for.
 */
export function adopt(
  node: Node,
  inventory: Inventory,
  { knows, afterGap }: { knows: (legId: LegId) => boolean; afterGap: boolean },
): void {
  for (const [id, { channel, called }] of inventory.channels) {
    if (node.legs.hasEnded(id)) continue;
    const leg = node.legs.get(id);
    if (leg && afterGap) catchUp(node, leg, channel);
    else if (leg) continue;
    else if (called && knows(id)) takeOver(node, id, channel, called);
    else if (called) discardChannel(node, id);
    else adoptCaller(node, id, channel, knows);
  }
  const owned = new Set<string>(node.legs.all().map((leg) => leg.bridgeId ?? ''));
  for (const bridgeId of inventory.callBridges) if (!owned.has(bridgeId)) destroyBridge(node, asId(bridgeId));
}

/** Legs that vanished without a word, found by the sweep: their end is told now. One just being made is left in peace. */
export function endMissing(node: Node, inventory: Inventory): void {
  for (const leg of missingLegs(node, inventory)) {
    if (leg.state === 'new') continue;
    node.log.warn({ legId: leg.id }, 'a leg is gone without a word');
    endLeg(node, leg);
  }
}

/** What happened to a leg while we were deaf. */
function catchUp(node: Node, leg: Leg, channel: Channel): void {
  leg.settleStarted(true);
  if (channel.state === 'Ringing') markRinging(node, leg);
  if (channel.state === 'Up') markUp(node, leg);
  for (const [playbackId, taken] of leg.playbacks) {
    if (!taken) continue;
    node.client.call('playbacks.get', { playbackId }).catch((error: unknown) => {
      const over = error instanceof AriError && error.status === 404;
      if (!over || !leg.playbacks.delete(playbackId) || node.legs.get(leg.id) !== leg) return;
      node.tell({ kind: 'playback-finished', playbackId, legId: leg.id, ok: false });
    });
  }
}

function takeOver(node: Node, id: LegId, channel: Channel, called: Called): void {
  const { callId, role } = called;
  const bridgeId = called.bridgeId === null ? null : asId<BridgeId>(called.bridgeId);
  const leg = node.legs.add({ id, role, callId: asId(callId), state: 'ringing', bridgeId });
  leg.music = 'perhaps';
  leg.settleStarted(true);
  leg.dialled = channel.state !== 'Down';
  // The one who made it died before the INVITE was sent, or just then: nobody would send it any more, and its end makes room for
  // another ring.
  if (!leg.dialled) discardChannel(node, id);
  // Told even if the controller knows: it may have been answered while nobody listened.
  if (channel.state === 'Up') markUp(node, leg);
}

function adoptCaller(node: Node, id: LegId, channel: Channel, knows: (legId: LegId) => boolean): void {
  if (knows(id)) {
    const leg = node.legs.add({ id, role: 'caller', callId: asId(id), state: 'ringing', bridgeId: null });
    leg.music = 'perhaps';
    leg.settleStarted(true);
    if (channel.state === 'Up') markUp(node, leg);
    return;
  }
  const arrival = readArrival(applicationArgs(channel, node.app) ?? []);
  if (arrival) tellArrived(node, channel, arrival);
}

/** The variable that every leg of ours to somebody carries (see call-out.ts). */
function calledTag(channel: Channel): Called | null {
  const text = channel.channelvars?.HOTLINE_CALL;
  if (typeof text !== 'string' || text === '') return null;
  try {
    const tag: unknown = JSON.parse(text);
    if (typeof tag !== 'object' || tag === null || !('callId' in tag) || !('bridgeId' in tag)) return null;
    const role = 'role' in tag && tag.role === 'outside' ? 'outside' : 'agent';
    const bridgeId = tag.bridgeId === null ? null : String(tag.bridgeId);
    return { callId: String(tag.callId), role, bridgeId };
  } catch {
    // Somebody else's variable of that name: not our leg.
    return null;
  }
}
