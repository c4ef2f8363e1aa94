import type { AgentId, CallId, QueueId, VisitId } from './ids.ts';
import type { Instant } from './instant.ts';

/** Facts of how a queue serves whoever waits in it. */

/** The visit's overflow has come to this step (centre.yaml): more agents may serve it from here on, or it leaves the queue next. */
export type VisitStepReached = {
  type: 'VisitStepReached';
  callId: CallId;
  visitId: VisitId;
  queue: QueueId;
  /** Counts from 1. */
  step: number;
  /** When the next one begins by waiting; null after the last. */
  nextStepAt: Instant | null;
  /** Such as "overflow step 1 after 60 s". */
  because: string;
};
/** The visit has waited long enough for the agent who helped this caller last: from here on it waits for others too. */
export type LastAgentWaitEnded = {
  type: 'LastAgentWaitEnded';
  callId: CallId;
  visitId: VisitId;
  queue: QueueId;
  agent: AgentId;
  because: string;
};
/** A lead called the queue's reserve in, or let it go: whether its agents may be rung for whoever waits there, whatever the overflow says. */
export type ReserveCalledIn = {
  type: 'ReserveCalledIn';
  queue: QueueId;
  on: boolean;
  by: string;
};

export type RoutingEvent = VisitStepReached | LastAgentWaitEnded | ReserveCalledIn;
