import type { Instant } from '../events/instant.ts';
import type { FirstCalls } from '../kpi/first-call-resolution.ts';

/** First calls, counted over the records. */
export interface FirstCallsPort {
  /**
   * By hotline, of the calls that began in [`from`, `to`), as `countFirstCalls` in services/kpi counts them.
   * Rejects when the store is away.
   */
  firstCalls(from: Instant, to: Instant, windowMs: number): Promise<ReadonlyMap<string, FirstCalls>>;
}
