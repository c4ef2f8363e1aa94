import type { HotlineEvent } from '../events/events.ts';

/** What a controller on another machine left in Postgres, to go on from. Every function rejects when the store is away. */
export interface InheritancePort {
  /**
   * Keeps the engine's state as of `seq` of this journal, of which everything up to there is stored, under the name `shippedAs`.
   */
  keepSnapshot(journalId: string, shippedAs: string, seq: number, body: string): Promise<void>;
  /** From now on nothing of these journals is taken; whoever is still writing one is cut off. */
  close(journalIds: readonly string[]): Promise<void>;
  /** The journal whose state is to be gone on from: the holder's before us, or the one it was to go on from itself. */
  ancestor(): Promise<string | null>;
  /** The newest snapshot of a journal, null when there is none; the name of the events behind it, and up to where they are stored. */
  last(
    journalId: string,
  ): Promise<{ snapshot: { seq: number; body: string } | null; storedAs: string; seq: number }>;
  /** Stored events of that name from `from` to `to`, both included, in order. */
  events(storedAs: string, from: number, to: number): Promise<HotlineEvent[]>;
}
