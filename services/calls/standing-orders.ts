import type { BridgeId, LegId, NodeId } from '../events/ids.ts';
import { elapsedMs, type Instant } from '../events/instant.ts';
import type { Call } from './call.ts';
import { membersOf, soundOf } from './sound.ts';
import type { TelephonyOrder } from './telephony.ts';
import type { World } from './world.ts';

/**
 * What was ordered this long before the connection was lost has been carried out: repeating it would disturb a conversation for a
 * moment, and cost a request for each of hundreds who hear music.
 */
const surelyDoneMs = 60_000;

type StopPlayback = Extract<TelephonyOrder, { kind: 'stop-playback' }>;

/** What was ordered shortly before the connection was lost may not have been done, however long ago that is. */
const lostMoment = (world: World, nodeId: NodeId, now: Instant): Instant =>
  world.nodes.get(nodeId)?.lostAt ?? now;

/**
 * Prompts that were cut short and may be heard still, to be stopped before anything else is ordered when the connection comes up:
 * while a channel plays, Asterisk carries out nothing for it but the stop, so whoever is to talk would wait for the prompt's end.
 */
export function promptsToStop(world: World, nodeId: NodeId, now: Instant): StopPlayback[] {
  const sinceMoment = lostMoment(world, nodeId, now);
  return [...world.calls.values()].flatMap(({ nodeId: at, callerGone, legId, cutShort }) => {
    if (at !== nodeId || callerGone || !cutShort) return [];
    if (elapsedMs(cutShort.at, sinceMoment) >= surelyDoneMs) return [];
    return [{ kind: 'stop-playback', legId, playbackId: cutShort.playbackId }];
  });
}

/** While an agent takes advice, or has put the caller on hold. Whoever is to hear music may still be in the bridge of before. */
function whoHearsWhom(call: Call, own: BridgeId): TelephonyOrder[] {
  const sound = soundOf(call);
  const formerly = (legId: LegId) => (legId === call.consult?.legId ? call.consult.bridgeId : own);
  const parked = [...sound].flatMap(([legId, place]): TelephonyOrder[] =>
    place === 'music' ? [{ kind: 'wait-with-music', legId, outOf: formerly(legId) }] : [],
  );
  const bridges = new Set([...sound.values()].filter((place): place is BridgeId => place !== 'music'));
  return [
    ...parked,
    ...[...bridges].map((bridgeId): TelephonyOrder => {
      return { kind: 'join', bridgeId, legIds: membersOf(sound, bridgeId) };
    }),
  ];
}

/**
 * What should hold on a node as things are: given again when the connection comes up, because an order that was journalled may
 * never have been sent. Orders may be repeated without harm. Ringing, prompts and hang-ups are not among them: they are settled
 * by who is alive, by entering the node anew, and by guard timers.
 */
export function standingOrders(world: World, nodeId: NodeId, now: Instant): TelephonyOrder[] {
  const orders: TelephonyOrder[] = [];
  const sinceMoment = lostMoment(world, nodeId, now);
  for (const call of world.calls.values()) {
    if (call.nodeId !== nodeId || call.callerGone || !world.legs.has(call.legId)) continue;
    const { stage, legId } = call;
    const recent = elapsedMs(call.stageSince, sinceMoment) < surelyDoneMs;
    if (stage.kind === 'arriving') orders.push({ kind: 'answer', legId });
    if (stage.kind === 'waiting' && call.playback === null && recent)
      orders.push({ kind: 'wait-with-music', legId });
    const { transfer } = call;
    if (transfer?.connectedAt && elapsedMs(transfer.connectedAt, sinceMoment) < surelyDoneMs) {
      const { bridgeId, legId: agentLegId } = transfer;
      orders.push({ kind: 'connect', bridgeId, callerLegId: legId, agentLegId });
    }
    if (stage.kind === 'passing' && !transfer?.connectedAt && recent)
      orders.push({ kind: 'wait-with-music', legId });
    if (stage.kind === 'outgoing' && stage.party?.connectedAt && recent) {
      const { bridgeId, legId: agentLegId } = stage.party;
      orders.push({ kind: 'connect', bridgeId, callerLegId: legId, agentLegId });
    }
    if (stage.kind !== 'talking') continue;
    const { bridgeId, agentLegId, heldSince } = stage;
    const plain = !call.consult && (heldSince === null || stage.heldByPhone);
    if (plain && recent) orders.push({ kind: 'connect', bridgeId, callerLegId: legId, agentLegId });
    // How long ago it became so does not stand there; it is seldom so, and then for a short while.
    if (!plain) orders.push(...whoHearsWhom(call, bridgeId));
  }
  return orders;
}
