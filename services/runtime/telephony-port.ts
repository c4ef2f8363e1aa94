import type { TelephonyFact, TelephonyOrder } from '../calls/telephony.ts';

export type { TelephonyFact, TelephonyOrder } from '../calls/telephony.ts';

export type FactSink = (fact: TelephonyFact) => void;

/** A telephone system. What orders and facts mean, and what `perform` promises, stands with their types. */
export interface TelephonyPort {
  perform(order: TelephonyOrder): void;
}
