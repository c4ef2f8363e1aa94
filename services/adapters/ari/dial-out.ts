import { callOut } from './call-out.ts';
import type { Node } from './node.ts';
import { OrderFailure } from './order-failure.ts';
import type { OrderOf } from './orders.ts';

/** The trunk's endpoint for calls of ours (dialplans/asterisk/pjsip.conf). */
const trunk = 'outbound';

/** Nothing but a number may stand in what Asterisk dials, whoever let it come so far. */
const plainNumber = /^\+?[0-9]{2,20}$/;

/** Calls an outside number over the trunk. */
export async function dialOut(node: Node, order: OrderOf<'dial-out'>): Promise<void> {
  if (!node.dialsOut) throw new OrderFailure('refused', order.legId, 'there is no trunk for outgoing calls');
  if (!plainNumber.test(order.number) || (order.callerId !== '' && !plainNumber.test(order.callerId)))
    throw new OrderFailure('refused', order.legId, 'not a telephone number');
  await callOut(node, {
    ...order,
    role: 'outside',
    endpoint: `PJSIP/${order.number}@${trunk}`,
    shows: order.callerId,
  });
}
