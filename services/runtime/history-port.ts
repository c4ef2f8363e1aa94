import type { HotlineEvent } from '../events/events.ts';

/**
 * Where events go to be kept and queried. `write` stores a run of consecutive events in order, all or none; writing
 * events that are there already changes nothing. Rejects when the store is away: the caller keeps the events and tries again.
 */
export interface HistoryPort {
  /** The highest journal sequence number stored for this journal, 0 when none. */
  position(journalId: string): Promise<number>;
  /**
   * Without `follows` the events must be consecutive and continue what is stored. With it, numbers may be missing among them and
   * between `follows` and the first: they are known to be lost. `follows` itself must be stored, unless the journal is new here.
   */
  write(journalId: string, events: readonly HotlineEvent[], follows?: number): Promise<void>;
}
