import { asId } from '../../events/ids.ts';
import { AriError } from './errors.ts';
import type { ChannelTransfer } from './generated/ari.ts';
import type { Node } from './node.ts';
import type { OrderOf } from './orders.ts';

/** A number, an account or a queue's name as a phone dials it; anything else is nobody's. */
const dialled = /^[-+*#._\p{L}\p{N}]{1,64}$/u;

/**
 * A phone of ours sent a REFER, and Asterisk leaves it to us (`PJSIP_TRANSFER_HANDLING`). The same event comes again for each answer of ours, with
 * a `state`; and without one, when a phone that still waits for its answer hangs up.
 */
export function transferAsked(node: Node, event: ChannelTransfer): void {
  if (event.state !== undefined && event.state !== null) return;
  const leg = node.legs.get(event.referred_by.source_channel.id);
  if (!leg || leg.doomed || leg.leaving || leg.endExpected || leg.awaitsTransfer) return;
  leg.awaitsTransfer = true;
  node.tell({ kind: 'transfer-asked', legId: leg.id, to: askedFor(event) });
}

/** With a call named (Replaces), the number is only who that call is with. */
function askedFor({ refer_to: { requested_destination, destination_channel } }: ChannelTransfer) {
  const { destination = '', protocol_id } = requested_destination;
  if (protocol_id === undefined && destination_channel === undefined)
    return { kind: 'number', number: dialled.test(destination) ? destination : '' } as const;
  return { kind: 'other-call' } as const;
}

/** Sent to a leg that is about to be hung up, too: it stands in front of that. One that is gone needs no answer. */
export async function answerTransfer(node: Node, order: OrderOf<'answer-transfer'>): Promise<void> {
  const leg = node.legs.get(order.legId);
  if (!leg?.awaitsTransfer) return;
  leg.awaitsTransfer = false;
  const states = order.accepted ? 'channel_answered' : 'channel_declined';
  try {
    await node.client.call('channels.transfer_progress', { channelId: asId(leg.id), states });
  } catch (error) {
    if (!(error instanceof AriError && error.status === 404)) throw error;
  }
}
