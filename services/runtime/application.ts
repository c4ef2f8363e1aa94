import type { HotlineEvent } from '../events/events.ts';
import type { Instant } from '../events/instant.ts';
import type { Centre } from './centre.ts';
import type { Command, CommandResult } from './commands.ts';
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
}

export type Health = {
  /** The controller can take calls: connected to at least one Asterisk node and journalling. */
  ready: boolean;
  telephony: 'up' | 'down';
  postgres: 'up' | 'down';
  /** Events not yet in Postgres. */
  journalBacklogEvents: number;
  /** `down` while the disk refuses events: they are held in memory, and lost if the controller ends before it takes them again. */
  journal: 'up' | 'down';
};
