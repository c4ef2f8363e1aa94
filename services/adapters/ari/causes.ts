import type { LegEndReason } from '../../events/vocabulary.ts';
import type { Leg } from './legs.ts';

/**
 * Q.850 causes as Asterisk maps SIP answers to them (seen on 22.10.1): 486 → 17, 603 → 21, dial time-out → 19, no RTP → 44.
 * The SIP status it tells beside the cause is of no use: it is 603 for hang-ups of our own too.
 */
const reasonByCause: Record<number, LegEndReason> = {
  1: 'unreachable', // unallocated: 404
  3: 'unreachable', // no route
  17: 'busy',
  18: 'unreachable', // nobody responds: no answer to the INVITE at all, 408
  19: 'no-answer', // dial time-out, 480
  20: 'unreachable', // subscriber absent
  21: 'declined',
  22: 'unreachable', // number changed: 410
  27: 'unreachable', // destination out of order: 502
  44: 'media-lost', // requested channel not available: what rtp_timeout sets
};

/** Why the leg ended, from what Asterisk said and what we ourselves had ordered. */
export function endReason(
  leg: Pick<Leg, 'role' | 'state' | 'doomed' | 'dialled' | 'rangOut' | 'cause'>,
): LegEndReason {
  const said = leg.cause === null ? undefined : reasonByCause[leg.cause];
  if (leg.state === 'up' || leg.role === 'caller') {
    // Answered in the very moment in which we gave up ringing it: it was us who hung up, and nobody else wants the call to end.
    if (leg.rangOut) return 'failed';
    return said === 'media-lost' ? 'media-lost' : 'normal';
  }
  const refused = said === 'busy' || said === 'declined';
  // Asterisk says 603 also of a channel that was taken away before its INVITE was sent: no phone has refused anything.
  if (refused && leg.dialled) return said;
  if (leg.rangOut) return 'no-answer';
  if (leg.doomed) return 'cancelled';
  if (refused) return 'failed';
  return said ?? (phoneSaid(leg) ? 'unreachable' : 'failed');
}

/**
 * An agent's phone has answered that it takes no such call: 488, 5xx, a forwarding we do not follow. Asterisk names a cause for each answer, and none
 * (0) when it could not call at all: only that is no matter of the phone's, which would be rung again and again otherwise.
 */
const phoneSaid = ({ role, dialled, cause }: Pick<Leg, 'role' | 'dialled' | 'cause'>): boolean =>
  role === 'agent' && dialled && cause !== null && cause !== 0;
