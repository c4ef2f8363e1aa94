import type { CelRecord } from '../cdr/cel-record.ts';
import type { Instant } from '../events/instant.ts';

/** Asterisk's own account of its channels, as far as it is not done with. Kept durably: a restart continues where the last run ended. */
export interface CelPort {
  /** Reads everything written since the last time, at once. Never throws: what goes wrong is said and tried again. */
  catchUp(): void;
  /** The records of each call (by its linked id) that has not been forgotten, in the order in which they were written. */
  calls(): ReadonlyMap<string, readonly CelRecord[]>;
  /** Whether a part of the account still waits to be read: of the calls told of, the end may be missing. */
  behind(): boolean;
  /**
   * This Asterisk was started then: channels that began before and of which no end is told died with the one before it, at
   * `lastContact` where that is known, else some time before this one was started.
   */
  endLost(startedAt: Instant, lastContact: Instant | null): void;
  /** These calls are explained: their records are let go. */
  forget(callIds: readonly string[]): void;
  /** Whether a part of the account was lost or damaged since the start. */
  incomplete(): boolean;
}
