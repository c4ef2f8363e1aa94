import { callOut } from './call-out.ts';
import type { Node } from './node.ts';
import type { OrderOf } from './orders.ts';

/** Rings an agent's phone: the SIP one, or the browser's, which is an account of its own. */
export function ringAgent(node: Node, order: OrderOf<'ring-agent'>): Promise<void> {
  const { agent, device, callerLegId, callerNumber } = order;
  return callOut(node, {
    ...order,
    role: 'agent',
    endpoint: `PJSIP/${device === 'web' ? `${agent}-web` : agent}`,
    // Of somebody who called Asterisk knows the number itself.
    shows: node.legs.get(callerLegId ?? '')?.role === 'caller' ? null : callerNumber,
  });
}
