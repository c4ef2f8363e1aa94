import type { LookupAnswer, LookupOrder } from '../calls/lookup.ts';

export type { LookupAnswer, LookupOrder } from '../calls/lookup.ts';

export type LookupSink = (answer: LookupAnswer) => void;

/**
 * The data sources that flows ask. Never throws and never keeps anyone waiting: the answer goes to the sink it was made with, exactly
 * one per order, within the order's time and never within the call of `ask` itself. A question may be asked twice (after a
 * restart): sources are only read.
 */
export interface LookupPort {
  ask(order: Omit<LookupOrder, 'kind'>): void;
}
