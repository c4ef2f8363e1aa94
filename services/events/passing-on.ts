import type { AgentId, BridgeId, CallId, LegId, QueueId, VisitId } from './ids.ts';

/**
 * Facts of what agents do with a caller they speak with: pass them on (blind), or ask somebody for advice first, and then
 * perhaps leave the caller with them (warm). Who rings, answers and ends is told by the events that tell it of anyone: AgentRingRequested …
 * ConversationEnded with `direct`, TransferRequested … TransferEnded with `by`.
 */

/** Whom a caller is passed on to, or who is asked for advice, as the agent said it. */
export type PassTarget =
  | { kind: 'agent'; agent: AgentId }
  | { kind: 'queue'; queue: QueueId }
  | { kind: 'outside'; number: string };

/** The agent let go of the caller, who hears music and goes on to `to`. Follows the agent's ConversationEnded in the same step. */
export type CallPassedOn = {
  type: 'CallPassedOn';
  callId: CallId;
  by: AgentId;
  to: PassTarget;
  reason: string;
  /** The visit in which the caller was answered, and its queue. */
  visitId: VisitId;
  queue: QueueId;
};
/**
 * What came of it; exactly one per CallPassedOn. `connected`: target and caller speak; `queued`: the caller is in the target queue's
 * line, and all that follows is that visit's. After any other result the caller goes back to the agent `by` (CallReturning), unless gone (`caller-left`).
 */
export type PassOnEnded = {
  type: 'PassOnEnded';
  callId: CallId;
  by: AgentId;
  to: PassTarget;
  result: 'connected' | 'queued' | 'no-answer' | 'declined' | 'unreachable' | 'failed' | 'caller-left';
};
/** The target was not to be had: the phone of the agent who passed the caller on is rung before anybody else's. */
export type CallReturning = {
  type: 'CallReturning';
  callId: CallId;
  to: AgentId;
  reason: string;
  visitId: VisitId;
  queue: QueueId;
};

/** Asks somebody while the caller hears music. The agent hears the phone ring. `party`: who is rung (of a queue, its longest idle agent). */
export type ConsultRequested = {
  type: 'ConsultRequested';
  callId: CallId;
  by: AgentId;
  to: PassTarget;
  party: ConsultParty;
  reason: string;
  legId: LegId;
  bridgeId: BridgeId;
};
export type ConsultParty = { kind: 'agent'; agent: AgentId } | { kind: 'outside'; number: string };
/** The agent turned to the target (the caller waits), to the caller (the target waits), or to both (all three speak). */
export type ConsultTurned = {
  type: 'ConsultTurned';
  callId: CallId;
  by: AgentId;
  speaksWith: 'target' | 'caller' | 'all';
};
/**
 * Exactly one per ConsultRequested. `completed`: the agent is out, the caller is with the target. After the results that name the target, and
 * `ended` (by the agent), caller and agent are together again.
 */
export type ConsultEnded = {
  type: 'ConsultEnded';
  callId: CallId;
  by: AgentId;
  party: ConsultParty;
  legId: LegId;
  result:
    | 'completed'
    | 'ended'
    | 'target-left'
    | 'no-answer'
    | 'declined'
    | 'unreachable'
    | 'failed'
    | 'caller-left'
    | 'agent-left';
  /** Completed: the agent asked is to be remembered as the one who helped this caller last, so long. */
  rememberMs?: number;
};

/** The sound of one party: from here on music; taken out of the bridge it was in. */
export type PartyParked = { type: 'PartyParked'; callId: CallId; legId: LegId; outOf: BridgeId | null };
/** The sound of several: from here on these, and nobody else, hear each other. */
export type PartiesJoined = { type: 'PartiesJoined'; callId: CallId; bridgeId: BridgeId; legIds: LegId[] };

/**
 * The agent pressed the transfer key of their phone, for who has the number `to` ('': for another call of the phone). Accepted, what comes of it
 * follows in the same step; refused (`because`), the call goes on as it was. `agent` is null when it was nobody's to ask.
 */
export type TransferKeyAnswered = {
  type: 'TransferKeyAnswered';
  callId: CallId;
  legId: LegId;
  agent: AgentId | null;
  to: string;
  accepted: boolean;
  because: string;
};

export type PassingOnEvent =
  | CallPassedOn
  | PassOnEnded
  | CallReturning
  | ConsultRequested
  | ConsultTurned
  | ConsultEnded
  | PartyParked
  | PartiesJoined
  | TransferKeyAnswered;
