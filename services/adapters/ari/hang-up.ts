import { setTimeout as delay } from 'node:timers/promises';
import { AriError } from './errors.ts';
import type { Leg } from './legs.ts';
import { expectEnd, fallbackContext, leaveCaller, type Node } from './node.ts';
import { OrderFailure } from './order-failure.ts';
import type { OrderOf } from './orders.ts';

/** What the other end is told: SIP 486 or 503 to a caller who was not answered yet, a plain BYE otherwise; a phone that rings, why it stops (RFC 3326). */
const reasonFor = {
  normal: 'normal',
  busy: 'busy',
  failed: 'congestion',
  elsewhere: 'answered_elsewhere',
} as const;

const retryMs = { first: 500, most: 10_000 };

/**
 * Ends a leg. A leg that should be gone costs somebody a phone, so this does not give up: it tries until the leg has
 * ended or the node is lost, and only then fails (`unavailable`).
 */
export async function hangUp(node: Node, order: OrderOf<'hang-up'>): Promise<void> {
  const leg = node.legs.get(order.legId);
  // Who was taken to the fallback is served there; where this one is, is told in a moment.
  if (!leg || leg.astray) return;
  leg.doomed = true;
  for (let pauseMs = retryMs.first; ; pauseMs = Math.min(pauseMs * 2, retryMs.most)) {
    if (await asked(node, leg, reasonFor[order.because])) return;
    if (!node.connected)
      throw new OrderFailure('unavailable', leg.id, `node ${node.nodeId} is not connected`);
    await delay(pauseMs);
    if (node.legs.get(leg.id) !== leg) return;
  }
}

/** Silence after which we may have been stopped ourselves, with events still unread. */
const maybeDeafMs = 3_000;

/** True when Asterisk took the order, or has no such channel (then its end is told soon), or serves it without us. */
async function asked(
  node: Node,
  leg: Leg,
  reason: (typeof reasonFor)[keyof typeof reasonFor],
): Promise<boolean> {
  try {
    if (await takenMeanwhile(node, leg)) return true;
    await node.client.call('channels.hangup', { channelId: leg.id, reason });
    return true;
  } catch (error) {
    const gone = error instanceof AriError && error.status === 404;
    if (gone) expectEnd(node, leg);
    else node.log.warn({ err: error, legId: leg.id }, 'hang-up failed, trying again');
    return gone;
  }
}

/**
 * ARI hangs up any channel, also one that is not ours any more. When we hung, and callers were taken to the fallback, our timers
 * come first, before we read that they left: the caller who talks with an agent by now must not pay for that.
 */
async function takenMeanwhile(node: Node, leg: Leg): Promise<boolean> {
  if (leg.role !== 'caller' || performance.now() - node.heardAtMs < maybeDeafMs) return false;
  const { dialplan } = await node.client.call('channels.get', { channelId: leg.id });
  // By now the events that waited may have been read.
  if (node.legs.get(leg.id) !== leg) return true;
  if (!dialplan.context.startsWith(fallbackContext)) return false;
  leaveCaller(node, leg);
  return true;
}
