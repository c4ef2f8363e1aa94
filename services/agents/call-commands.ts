import type { HoldPromise } from '../events/events.ts';
import type { AgentId, HotlineId, QueueId } from '../events/ids.ts';

/** Whom a caller is passed on to, or who is asked for advice. */
export type CallTarget =
  | { readonly kind: 'agent'; readonly agent: AgentId }
  | { readonly kind: 'queue'; readonly queue: QueueId }
  | { readonly kind: 'outside'; readonly number: string };

/** What an agent does with the call on their phone, from the desk or the API. `agent` is whose call it is. */
export type CallCommand = {
  readonly agent: AgentId;
} /** The caller hears music until taken back, and has been told why and for how long. */ & (
  | ({ readonly kind: 'hold' } & Readonly<HoldPromise>)
  | { readonly kind: 'resume' }
  /** Blind: the caller goes on without this agent. `reason` is told to whoever answers. */
  | { readonly kind: 'transfer'; readonly to: CallTarget; readonly reason: string }
  /** Warm: the caller waits with music while this agent speaks to the target. */
  | { readonly kind: 'consult'; readonly to: CallTarget; readonly reason: string }
  /** Whoever waits is spoken to, and the other waits. */
  | { readonly kind: 'swap' }
  /** All three speak with each other. */
  | { readonly kind: 'conference' }
  /** This agent leaves; the caller stays with the target. */
  | { readonly kind: 'complete-transfer' }
  /** The target leaves; the caller stays with this agent. */
  | { readonly kind: 'end-consult' }
  /** Rings the agent's phone, then calls the number outside, showing the hotline's number. */
  | { readonly kind: 'dial'; readonly number: string; readonly hotline: HotlineId }
  | { readonly kind: 'hang-up' }
);

export const callRefusals = [
  'no-call', // the agent has no call on which this could be done
  'not-now', // the call is not in a state in which this could be done; the message says which
  'target-unavailable', // the colleague has no free phone, or nobody serves the queue, or it is closed or full
  'unknown-target', // no such agent or queue
  'number-not-allowed', // the centre's definition does not let this number be called
  'no-trunk', // nothing is set up for calls to the outside
] as const;
export type CallRefusal = (typeof callRefusals)[number];
