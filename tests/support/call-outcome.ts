import { headerOf, type SipMessage, sequenceOf, userOf } from './sip-message.ts';
import type { Traced } from './sipp-trace.ts';

/**
 * ringing → answered → over
 *        ↘ refused / cancelled / unanswered (all over)
 */
export type CallOutcome = {
  sipCallId: string;
  from: string;
  to: string;
  /** Statuses of the INVITE in order, each once per arrival: `[100, 180, 200]`. */
  statuses: number[];
  /** Last of them if final. */
  finalStatus: number | undefined;
  answered: boolean;
  /**
   * Who ended it, as the SIP side saw it. `both`: the two BYEs crossed. `refused`: a final status of 300 or more
   * without our asking. `nobody`: sipp ended first (lost messages, or the test stopped it).
   */
  endedBy: 'caller' | 'callee' | 'both' | 'refused' | 'nobody' | undefined;
  /** The caller gave up before the answer (a CANCEL was sent, even if an answer crossed it). */
  cancelled: boolean;
  /** Epoch milliseconds by sipp's own clock. */
  invitedAt: number;
  ringingAt: number | undefined;
  answeredAt: number | undefined;
  /** When the first BYE or CANCEL was seen: all that followed from it came later. */
  partedAt: number | undefined;
  /** When that was answered, or the call refused. */
  endedAt: number | undefined;
};

/** A call as its INVITE leaves the caller. */
export function invited({ at, message }: Traced): CallOutcome {
  return {
    sipCallId: headerOf(message, 'Call-ID'),
    from: userOf(headerOf(message, 'From')),
    to: userOf(message.startLine),
    statuses: [],
    finalStatus: undefined,
    answered: false,
    endedBy: undefined,
    cancelled: false,
    invitedAt: at,
    ringingAt: undefined,
    answeredAt: undefined,
    partedAt: undefined,
    endedAt: undefined,
  };
}

/** Folds one message of sipp's trace into the outcome. */
export function observe(outcome: CallOutcome, { at, direction, message }: Traced): CallOutcome {
  const { method } = sequenceOf(message);
  if (message.status !== undefined) {
    if (method === 'INVITE' && direction === 'received')
      return answeredWith(outcome, message, message.status, at);
    const confirmsBye = method === 'BYE' && message.status >= 200;
    return confirmsBye && outcome.endedAt === undefined ? { ...outcome, endedAt: at } : outcome;
  }
  const partedAt = outcome.partedAt ?? at;
  if (message.method === 'CANCEL' && direction === 'sent')
    return { ...outcome, cancelled: true, endedBy: 'caller', partedAt };
  if (message.method === 'BYE') return { ...outcome, endedBy: leaverAfter(outcome, direction), partedAt };
  return outcome;
}

/** True once the call is over for both sides. */
export function isOver(outcome: CallOutcome): boolean {
  return outcome.endedAt !== undefined;
}

function answeredWith(outcome: CallOutcome, _: SipMessage, status: number, at: number): CallOutcome {
  const seen = { ...outcome, statuses: [...outcome.statuses, status] };
  if (status === 180 || status === 183) return { ...seen, ringingAt: outcome.ringingAt ?? at };
  if (status < 200) return seen;
  if (status < 300)
    return { ...seen, finalStatus: status, answered: true, answeredAt: outcome.answeredAt ?? at };
  return { ...seen, finalStatus: status, endedBy: outcome.cancelled ? 'caller' : 'refused', endedAt: at };
}

function leaverAfter(outcome: CallOutcome, direction: Traced['direction']): CallOutcome['endedBy'] {
  const leaver = direction === 'sent' ? 'caller' : 'callee';
  if (outcome.endedBy === undefined || outcome.endedBy === leaver) return leaver;
  // A CANCEL that came too late is followed by our own BYE; only a BYE from each side is a crossing.
  return outcome.cancelled && leaver === 'callee' ? 'callee' : 'both';
}
