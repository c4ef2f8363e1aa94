import { setTimeout as delay } from 'node:timers/promises';
import { AriError } from './errors.ts';
import type { Leg } from './legs.ts';
import { expectEnd, type Node } from './node.ts';
import { OrderFailure } from './order-failure.ts';
import type { OrderOf } from './orders.ts';

/** What the other end is told: SIP 486 or 503 to a caller who was not answered yet, a plain BYE otherwise. */
const reasonFor = { normal: 'normal', busy: 'busy', failed: 'congestion' } as const;

const retryMs = { first: 500, most: 10_000 };

/**
 * Ends a leg. A leg that should be gone costs somebody a phone, so this does not give up: it tries until the leg has
 * ended or the node is lost, and only then fails (`unavailable`).
 */
export async function hangUp(node: Node, order: OrderOf<'hang-up'>): Promise<void> {
  const leg = node.legs.get(order.legId);
  if (!leg) return;
  leg.doomed = true;
  for (let pauseMs = retryMs.first; ; pauseMs = Math.min(pauseMs * 2, retryMs.most)) {
    if (await asked(node, leg, reasonFor[order.because])) return;
    if (!node.connected)
      throw new OrderFailure('unavailable', leg.id, `node ${node.nodeId} is not connected`);
    await delay(pauseMs);
    if (node.legs.get(leg.id) !== leg) return;
  }
}

/** True when Asterisk took the order, or has no such channel (then its end is told soon). */
async function asked(node: Node, leg: Leg, reason: 'normal' | 'busy' | 'congestion'): Promise<boolean> {
  try {
    await node.client.call('channels.hangup', { channelId: leg.id, reason });
    return true;
  } catch (error) {
    const gone = error instanceof AriError && error.status === 404;
    if (gone) expectEnd(node, leg);
    else node.log.warn({ err: error, legId: leg.id }, 'hang-up failed, trying again');
    return gone;
  }
}
