import type { HotlineEvent } from '../events/events.ts';

/**
 * Where events go to be kept and queried. `write` stores a run of consecutive events in order, all or none; writing
 * events that are there already changes nothing. Rejects when the store is away: the caller keeps the events and tries again.
 */
export interface HistoryPort {
  /** The highest journal sequence number stored for this journal, 0 when none. */
  position(journalId: string): Promise<number>;
  write(journalId: string, events: readonly HotlineEvent[]): Promise<void>;
}
