import type { AgentId, BridgeId, CallbackId, CallId, HotlineId, LegId, QueueId, VisitId } from './ids.ts';
import type { Instant } from './instant.ts';

/** Facts of calls that we make: on to outside numbers for a caller, and back to customers as promised. */

/** An outside number is about to be called for the caller. */
export type TransferRequested = {
  type: 'TransferRequested';
  callId: CallId;
  legId: LegId;
  bridgeId: BridgeId;
  callerLegId: LegId;
  number: string;
  /** Shown to who is called: the hotline's number. */
  callerId: string;
  ringTimeoutMs: number;
  /** The agent who passes the caller on to it, or asks it for advice (passing-on.ts); none: the flow does. */
  by?: AgentId;
  /** For advice: `callerLegId` is the agent's leg. */
  consult?: true;
};
/** The number answered and is being joined with the caller. */
export type TransferConnected = {
  type: 'TransferConnected';
  callId: CallId;
  legId: LegId;
  bridgeId: BridgeId;
  callerLegId: LegId;
  ringMs: number;
  consult?: true;
};
/** Exactly one per TransferRequested. */
export type TransferEnded = {
  type: 'TransferEnded';
  callId: CallId;
  legId: LegId;
  result: 'connected' | 'no-answer' | 'busy' | 'unreachable' | 'caller-left' | 'failed';
  /** 0 unless connected. */
  talkMs: number;
};

/** A promised callback is being made, as the call `callId`. */
export type CallbackStarted = {
  type: 'CallbackStarted';
  callId: CallId;
  callbackId: CallbackId;
  hotline: HotlineId;
  queue: QueueId;
  number: string;
  /** Counts from 1; attempts for which no agent was there in the end count as none. */
  attempt: number;
  /** Who is called first. */
  first: 'agent' | 'caller';
  because: string;
};
/** The customer is about to be called; `agent` is on the line already, unless the customer is called first. */
export type CustomerCallRequested = {
  type: 'CustomerCallRequested';
  callId: CallId;
  callbackId: CallbackId;
  legId: LegId;
  queue: QueueId;
  visitId: VisitId;
  agent: { agent: AgentId; legId: LegId; bridgeId: BridgeId; ringMs: number } | null;
  number: string;
  callerId: string;
  ringTimeoutMs: number;
};

export const callbackResults = [
  'served',
  'no-answer',
  'busy', // or refused
  'unreachable',
  'customer-left', // answered, and hung up before an agent was there
  'failed',
  'agent-missed', // the agent's phone was not answered: the customer was not called
  'agent-lost', // the agent hung up before the customer answered
  'cancelled',
] as const;
export type CallbackResult = (typeof callbackResults)[number];

/** Exactly one per CallbackStarted. */
export type CallbackAttemptEnded = {
  type: 'CallbackAttemptEnded';
  callId: CallId;
  callbackId: CallbackId;
  queue: QueueId;
  result: CallbackResult;
  /** Attempts that count, this one included if it does. */
  attempts: number;
  /** When it may be tried again; null when that is all. */
  nextAt: Instant | null;
};
/** What was promised is done with; exactly one per callback. `callId`: the call in which it was promised. */
export type CallbackEnded = {
  type: 'CallbackEnded';
  callId: CallId;
  callbackId: CallbackId;
  hotline: HotlineId;
  queue: QueueId;
  number: string;
  result: 'served' | 'given-up' | 'cancelled';
  /** The user who cancelled it. */
  by: string | null;
  because: string;
};

export type OutboundEvent =
  | TransferRequested
  | TransferConnected
  | TransferEnded
  | CallbackStarted
  | CustomerCallRequested
  | CallbackAttemptEnded
  | CallbackEnded;
