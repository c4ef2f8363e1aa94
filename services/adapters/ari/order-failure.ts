import type { LegId } from '../../events/ids.ts';
import type { TelephonyFact } from '../../runtime/telephony-port.ts';
import { AriError } from './errors.ts';

export type FailureReason = Extract<TelephonyFact, { kind: 'order-failed' }>['reason'];

/** An order could not be carried out, in the port's own words. */
export class OrderFailure extends Error {
  override readonly name = 'OrderFailure';
  readonly reason: FailureReason;
  readonly legId: LegId;

  constructor(reason: FailureReason, legId: LegId, detail: string) {
    super(detail);
    this.reason = reason;
    this.legId = legId;
  }
}

/**
 * 404: no such channel. 409: it is leaving or has left Stasis (we never act before StasisStart).
 * 412: it is in no state for this.
 */
const gone = new Set([404, 409]);

export function failureOf(error: unknown, legId: LegId): OrderFailure {
  if (error instanceof OrderFailure) return error;
  if (!(error instanceof AriError)) return new OrderFailure('refused', legId, String(error));
  if (error.kind === 'timed-out') return new OrderFailure('timed-out', legId, error.message);
  if (error.kind === 'unreachable') return new OrderFailure('unavailable', legId, error.message);
  return new OrderFailure(gone.has(error.status ?? 0) ? 'gone' : 'refused', legId, error.message);
}
