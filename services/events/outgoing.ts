import type { AgentId, BridgeId, CallId, LegId } from './ids.ts';
import type { ConsultParty } from './passing-on.ts';
import type { Device } from './vocabulary.ts';

/**
 * Facts of calls that agents make: from the desk (the agent's phone rings first), or by dialling a number outside, or a colleague's, on
 * the phone itself. No queue has a part in them: nothing is offered, answered or handled by one. The agent's leg is the call's own.
 */

/** Follows CallArrived. `device`: the agent's phone that is rung for it; null: the agent dialled, and is on the line. */
export type OutgoingStarted = {
  type: 'OutgoingStarted';
  callId: CallId;
  agent: AgentId;
  legId: LegId;
  /** The bridge that comes with the agent's leg, where that is rung. */
  bridgeId: BridgeId;
  to: ConsultParty;
  device: Device | null;
  /** Shown to the agent's phone. */
  number: string;
  ringTimeoutMs: number;
};
/** The agent is on the line: the other side is called now, and the agent hears it ring. */
export type OutgoingDialled = {
  type: 'OutgoingDialled';
  callId: CallId;
  agent: AgentId;
  agentLegId: LegId;
  to: ConsultParty;
  /** A colleague's phone. */
  device: Device | null;
  legId: LegId;
  bridgeId: BridgeId;
  /** Shown to who is called: the hotline's number; to a colleague, the agent's. */
  callerId: string;
  ringTimeoutMs: number;
};
/** Both speak. */
export type OutgoingConnected = {
  type: 'OutgoingConnected';
  callId: CallId;
  agent: AgentId;
  agentLegId: LegId;
  legId: LegId;
  bridgeId: BridgeId;
  ringMs: number;
};
/** Exactly one per OutgoingStarted. After a conversation with somebody outside the agent wraps up, and a WrapUpEnded (of no queue) follows. */
export type OutgoingEnded = {
  type: 'OutgoingEnded';
  callId: CallId;
  agent: AgentId;
  to: ConsultParty;
  result: 'connected' | 'no-answer' | 'busy' | 'unreachable' | 'agent-left' | 'agent-missed' | 'failed';
  /** 0 unless connected. */
  talkMs: number;
  wrapsUp: boolean;
};

export type OutgoingEvent = OutgoingStarted | OutgoingDialled | OutgoingConnected | OutgoingEnded;
