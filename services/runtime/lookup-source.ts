import type { Lookup } from '../ivr/lookups.ts';

/** What a source said: names and values as it has them, not checked yet; null: it knows of no such thing. */
export type SourceAnswer = Readonly<Record<string, unknown>> | null;

/**
 * One data source. Asked for at most as many things at once as its definition allows.
 * @throws {SourceAway} when it cannot be reached or used now: too many of these in a row, and it is left alone for a while;
 * anything else when this one question cannot be answered, whose message goes into the call's record: no data of the caller in it
 */
export interface LookupSourcePort {
  /** Ends soon after `signal` has fired. `parameters` holds all that the lookup names. */
  ask(
    lookup: Lookup,
    parameters: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<SourceAnswer>;
  close(): Promise<void>;
}

/** The source as a whole does not answer: refused, cut, restarting, answering with an error of its own. */
export class SourceAway extends Error {
  override readonly name = 'SourceAway';
}
