import type { NodeId } from '../events/ids.ts';
import { elapsedMs, type Instant } from '../events/instant.ts';
import type { TelephonyOrder } from './telephony.ts';
import type { World } from './world.ts';

/** A conversation this old has long been joined; joining it again would only disturb it for a moment. */
const surelyJoinedMs = 60_000;

/**
 * What should hold on a node as things are: given again when the connection comes up, because an order that was journalled may
 * never have been sent. Orders may be repeated without harm. Ringing, prompts and hang-ups are not among them: they are settled
 * by who is alive, by entering the node anew, and by guard timers.
 */
export function standingOrders(world: World, nodeId: NodeId, now: Instant): TelephonyOrder[] {
  const orders: TelephonyOrder[] = [];
  /** What was ordered shortly before the connection was lost may not have been done, however long ago that is. */
  const sinceMoment = world.nodes.get(nodeId)?.lostAt ?? now;
  for (const call of world.calls.values()) {
    if (call.nodeId !== nodeId || call.callerGone) continue;
    const { stage, legId } = call;
    if (stage.kind === 'arriving') orders.push({ kind: 'answer', legId });
    if (stage.kind === 'waiting' && call.playback === null) orders.push({ kind: 'wait-with-music', legId });
    if (stage.kind === 'talking' && elapsedMs(stage.since, sinceMoment) < surelyJoinedMs) {
      const { bridgeId, agentLegId } = stage;
      orders.push({ kind: 'connect', bridgeId, callerLegId: legId, agentLegId });
    }
  }
  return orders;
}
