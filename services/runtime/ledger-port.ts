import type { CallId, LegId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';

/** What the ledger knows of a call that Asterisk tells of. */
export type RecordedCall = {
  endedAt: Instant | null;
  degraded: boolean;
  /** An agent has spoken with the caller. */
  answered: boolean;
  /** All legs that its events name. */
  legs: ReadonlySet<LegId>;
};

/** Something that only one of the two witnesses tells of. */
export type Unexplained = {
  /** `channel`: Asterisk tells of it and no record does. `record`: the other way round. */
  kind: 'channel' | 'record';
  /** Of the channel, or of the call. */
  id: string;
  callId: CallId;
  startedAt: Instant;
  reason: string;
};

/** Our ledger, for holding Asterisk's account against it. Every function rejects when the store is away. */
export interface LedgerPort {
  /** Those of these calls that have a record. */
  recordsOf(callIds: readonly CallId[]): Promise<ReadonlyMap<CallId, RecordedCall>>;
  /** Notes that Asterisk told of these calls. Noting one twice changes nothing. */
  noteWitnessed(calls: readonly { callId: CallId; startedAt: Instant }[]): Promise<void>;
  /** Records of calls that began in between, and that Asterisk was not noted to tell of; none from before there was an account at all. */
  recordsWithoutWitness(from: Instant, to: Instant): Promise<{ callId: CallId; startedAt: Instant }[]>;
  /** Replaces what is unexplained of the calls that began since `from`; older entries stay as they are. Returns how many calls it is. */
  keepUnexplained(from: Instant, found: readonly Unexplained[], now: Instant): Promise<number>;
}
