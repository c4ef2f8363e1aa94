import type { AgentIntent } from '../events/events.ts';
import type { AgentId } from '../events/ids.ts';
import type { Device } from '../events/vocabulary.ts';

/** What matters of an agent when nobody but the telephone system itself is there to connect callers. */
export type FallbackAgent = {
  readonly agent: AgentId;
  readonly intent: AgentIntent['kind'];
  /** The phone to ring; null when none can be reached now: then the one used last, or the SIP phone. */
  readonly device: Device | null;
};

/**
 * Keeps the telephone system ready to connect callers to agents without us.
 * Only intents and places are kept in step: who is busy or unreachable, the telephone system sees by itself.
 */
export interface FallbackPort {
  /**
   * From now on this is so for the agent. Returns at once and never throws; takes effect within a moment, or, while the
   * connection is down, when it is back. Only the last of several calls for one agent counts.
   */
  staff(agent: FallbackAgent): void;
  /** Other queues than before, or in another order, may be those in which these agents are to be rung. Otherwise like `staff`. */
  placesChanged(agents: readonly AgentId[]): void;
}
