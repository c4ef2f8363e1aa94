import type { HotlineEvent } from '../events/events.ts';
import type { Instant } from '../events/instant.ts';
import type { Centre } from './centre.ts';
import type { Command, CommandResult } from './commands.ts';
import type { KpiChecked } from './kpi-check.ts';
import type { LiveView } from './live-view.ts';

/** What the running controller offers to adapters that serve people (HTTP) or monitors (Prometheus). */
export interface Application {
  readonly centre: Centre;
  now(): Instant;
  live(): LiveView;
  command(command: Command): Promise<CommandResult>;
  /** Called after each step with the events it made, in order. Returns the function that unsubscribes. A listener must not throw; it is called synchronously and must be quick. */
  onEvents(listener: (events: readonly HotlineEvent[]) => void): () => void;
  health(): Health;
  books(): Books;
}

/** Whether our records bear out what we say; as of the last comparisons. */
export type Books = {
  /** Calls of which only one of our records and Asterisk's own account tells. */
  unexplainedCalls: number;
  /** The day's counters against SQL over the records; null until they have been compared. */
  kpi: KpiChecked | null;
};

export type Health = {
  /** The controller can take calls: connected to at least one Asterisk node and journalling. */
  ready: boolean;
  telephony: 'up' | 'down';
  postgres: 'up' | 'down';
  /** Events not yet in Postgres. */
  journalBacklogEvents: number;
  /** `down` while the disk refuses events: they are held in memory, and lost if the controller ends before it takes them again. */
  journal: 'up' | 'down';
  /** Since when the parts that are down are known to be. A part that is up is left out. */
  downSince?: { telephony?: Instant; postgres?: Instant };
};
