import type { QueueId } from '../events/ids.ts';
import type { KpiCounts } from '../kpi/counts.ts';

/** The day's counts as the records amount to them, and up to which event of the journal they are complete. */
export type RecordedCounts = { seq: number; counts: ReadonlyMap<QueueId, KpiCounts> };

/** The other book of KPIs: made of the records, by SQL. */
export interface KpiBooksPort {
  /**
   * @param day local date of the centre, YYYY-MM-DD: visits that entered their queue on it
   * Rejects when the store is away.
   */
  countsOfDay(journalId: string, day: string): Promise<RecordedCounts>;
}
