import type {
  AgentId,
  BridgeId,
  CallbackId,
  CallId,
  EventId,
  FlowId,
  HotlineId,
  LegId,
  NodeId,
  NodeName,
  PlaybackId,
  PromptId,
  QueueId,
  VisitId,
} from './ids.ts';
import type { Instant } from './instant.ts';
import type { OutboundEvent } from './outbound.ts';
import type { OutgoingEvent } from './outgoing.ts';
import type { PassingOnEvent } from './passing-on.ts';
import type { RoutingEvent } from './routing.ts';
import type { SelfServiceEvent } from './self-service.ts';
import type {
  AgentStateName,
  CallOutcome,
  CallSource,
  Device,
  DirectRing,
  FlowOutReason,
  HoldReason,
  Language,
  LegEndReason,
  NotReadyReason,
  ReleaseParty,
  RingResult,
  VisitOutcome,
} from './vocabulary.ts';

/** An INVITE reached the dialplan, or (`callback`) we are about to call a customer back. Exactly one per call; the first event of every call. `hotline` is null for a number that is none of ours (feature codes, misdialled). */
export type CallArrived = {
  type: 'CallArrived';
  callId: CallId;
  legId: LegId;
  nodeId: NodeId;
  source: CallSource;
  callerNumber: string;
  dialledNumber: string;
  hotline: HotlineId | null;
  sipCallId: string;
  /** The agent whose phone dialled, when `source` is `agent`. */
  agent: AgentId | null;
  /** No INVITE has come: an agent asked at the desk for the number `dialledNumber` to be called. */
  fromDesk?: true;
  /** Set for a call that arrived while the controller was away: Asterisk served it alone. */
  degraded?: true;
};
/** The caller's leg is up: sound flows both ways between the caller and us. Not an agent's answer. */
export type CallPickedUp = { type: 'CallPickedUp'; callId: CallId; legId: LegId };
/** A node that listens, and in which flow. */
export type FlowPlace = { flow: FlowId; node: NodeName };
/** The call entered a node of its flow. The version of a flow stays the one in which the call first entered it. */
export type FlowNodeEntered = {
  type: 'FlowNodeEntered';
  callId: CallId;
  flow: FlowId;
  flowVersion: number;
  node: NodeName;
  /** The way back, given when it changes: the nodes that listened on the way here, this one last if it does. */
  trail?: FlowPlace[];
};
/** There is nothing to say while the caller waits: music from here on, until prompts, a person, or the end. */
export type MusicStarted = { type: 'MusicStarted'; callId: CallId; legId: LegId };
/** We decided to play prompts to the caller, one after another. */
export type PromptStarted = {
  type: 'PromptStarted';
  callId: CallId;
  legId: LegId;
  playbackId: PlaybackId;
  prompts: PromptId[];
  language: Language;
};
/** The prompts ended: heard to the end, cut short by a key or by the next step, not playable, or the caller left. Exactly one per PromptStarted. */
export type PromptFinished = {
  type: 'PromptFinished';
  callId: CallId;
  legId: LegId;
  playbackId: PlaybackId;
  result: 'played' | 'interrupted' | 'failed' | 'caller-left';
  /** Until when we listen for a key, when a menu goes on listening. */
  listenUntil: Instant | null;
};
/** The caller pressed a key. `ignored`: nothing was waiting for it. */
export type DigitPressed = {
  type: 'DigitPressed';
  callId: CallId;
  digit: string;
  result: 'accepted' | 'invalid' | 'ignored';
  /** What has been keyed in so far, where several digits are asked for. */
  entry?: string;
  /** Until when we listen for the next one. */
  listenUntil?: Instant;
};
/** A node that listens got nothing of use. `attempt` counts from 1 within the node, silence and wrong entries together. */
export type MenuAttemptFailed = {
  type: 'MenuAttemptFailed';
  callId: CallId;
  node: NodeName;
  because: 'no-input' | 'invalid-key' | 'invalid-entry';
  attempt: number;
};
/** The menu gave the caller what was asked for; hanging up from here on is being served, not abandoning. */
export type CallerSelfServed = { type: 'CallerSelfServed'; callId: CallId; node: NodeName };
/** The call entered a queue: this visit is *offered*. Prompts may still be played to the caller, then music. */
export type CallQueued = {
  type: 'CallQueued';
  callId: CallId;
  legId: LegId;
  visitId: VisitId;
  queue: QueueId;
  hotline: HotlineId;
  priority: number;
  /** 1 for the first in line at this moment. */
  position: number;
  /** When the visit gives up. */
  waitUntil: Instant;
  /** Skills an agent must have to be rung for it. */
  skills?: string[];
  /** The overflow step with which it begins, because of those who wait already; and when the next one begins by waiting. */
  step?: { step: number; because: string };
  nextStepAt?: Instant;
  /** The agent who helped this caller last, who is taken if free; and until when the visit waits for that agent alone, should they be busy. */
  lastAgent?: AgentId;
  lastAgentUntil?: Instant;
  /** How much waiting a point of priority is worth in this queue, in ms; none: priority always wins. */
  ageingMs?: number;
  /** Which definition of queues and agents the router goes by (`fingerprint` of the centre). */
  centre?: string;
  /** When the caller is first told how it stands. */
  announceAt?: Instant;
  /** A customer whom we called back, and since when they have been in line: counted apart from those who called. */
  callback?: CallbackId;
  queuedAt?: Instant;
  /** Where the caller stands in line: as if having come then. The wait is counted from now all the same. */
  placeSince?: Instant;
  because: string;
};
/** The router chose this agent and the phone is about to be rung. Recorded before Asterisk is told. */
export type AgentRingRequested = {
  type: 'AgentRingRequested';
  callId: CallId;
  visitId: VisitId;
  queue: QueueId;
  agent: AgentId;
  legId: LegId;
  bridgeId: BridgeId;
  device: Device;
  /** null: the customer is called back only when the agent has answered. */
  callerLegId: LegId | null;
  callerNumber: string;
  ringTimeoutMs: number;
  /** Not the router's choice: a colleague asked for this agent (passing-on.ts). No queue serves by it. */
  direct?: DirectRing;
  /** The router's reason in words, such as "longest idle of 3". */
  because: string;
};
/** The agent's phone says that it rings. */
export type AgentRingStarted = { type: 'AgentRingStarted'; callId: CallId; agent: AgentId; legId: LegId };
/** The attempt to reach this agent is over. Exactly one per AgentRingRequested. */
export type AgentRingEnded = {
  type: 'AgentRingEnded';
  callId: CallId;
  visitId: VisitId;
  queue: QueueId;
  agent: AgentId;
  legId: LegId;
  result: RingResult;
  /** From the ring request to its end. */
  ringMs: number;
  direct?: DirectRing;
};
/** The visit left its queue; exactly one per CallQueued. */
export type VisitEnded = {
  type: 'VisitEnded';
  callId: CallId;
  visitId: VisitId;
  queue: QueueId;
  hotline: HotlineId;
  outcome: VisitOutcome;
  flowOutReason: FlowOutReason | null;
  queuedAt: Instant;
  /** Queue entry → answer, abandonment or flow-out; ringing included. */
  waitMs: number;
  agent: AgentId | null;
  priority: number;
  /** A customer whom we called back. */
  callback?: CallbackId;
};
/** The agent answered and is being joined with the caller. Follows AgentRingEnded(answered) and VisitEnded(answered) in the same step. */
export type CallConnected = {
  type: 'CallConnected';
  callId: CallId;
  visitId: VisitId;
  queue: QueueId;
  agent: AgentId;
  callerLegId: LegId;
  agentLegId: LegId;
  bridgeId: BridgeId;
  waitMs: number;
  ringMs: number;
  /** This agent is to be remembered as the one who helped this caller last, so long. */
  rememberMs?: number;
  /** A customer whom we called back. */
  callback?: CallbackId;
  /**
   * A conversation that a colleague gave rise to: the visit is the one the caller was answered in, wait and ring are 0, and it is
   * handled, not answered (passing-on.ts). `consulted`: `callerLegId` is the colleague's leg, the caller hears music.
   */
  direct?: DirectRing;
  /** With `direct`: when that visit began. */
  queuedAt?: Instant;
};
/**
 * The agent put the caller on hold (music), and took them back. `by`: with the phone's own button, else by command or for a consultation.
 * `promise`: why, and for how long, as the caller was told (HLD-01); by command alone.
 */
export type CallHeld = {
  type: 'CallHeld';
  callId: CallId;
  agent: AgentId;
  by?: 'phone';
  promise?: HoldPromise;
};
export type HoldPromise = { reason: HoldReason; promisedMs: number };
export type CallResumed = { type: 'CallResumed'; callId: CallId; agent: AgentId; heldMs: number };
/** Agent and caller are apart. `talkMs` excludes hold. Exactly one per CallConnected. */
export type ConversationEnded = {
  type: 'ConversationEnded';
  callId: CallId;
  visitId: VisitId;
  queue: QueueId;
  agent: AgentId;
  agentLegId: LegId;
  talkMs: number;
  holdMs: number;
  releasedBy: ReleaseParty;
  cause: LegEndReason;
};
/** The call will end after what is being played; `outcome` is how it will be recorded unless an agent was reached. */
export type CallClosing = {
  type: 'CallClosing';
  callId: CallId;
  outcome: CallOutcome;
  because: string;
};
/** We decided to end a leg. The leg is gone only when Asterisk says so. */
export type LegHangUpRequested = {
  type: 'LegHangUpRequested';
  callId: CallId;
  legId: LegId;
  because: string;
  /** Another phone that rang for the call was answered: this one is told, so that it lists no missed call. */
  elsewhere?: true;
  /** The agent whose leg it is asked for it: the end counts as theirs. */
  by?: 'agent';
};
/** A leg is gone from Asterisk. */
export type LegEnded = { type: 'LegEnded'; callId: CallId; legId: LegId; reason: LegEndReason };
/**
 * The controller was away, and Asterisk took the caller out of our hands into its own queue. The call leaves the live
 * world here; how it went on and its end are told later, by imported events.
 */
export type CallTakenToFallback = { type: 'CallTakenToFallback'; callId: CallId; legId: LegId };
/** The caller's leg is gone: the call is over. Exactly one per CallArrived; only wrap-up may follow. */
export type CallEnded = {
  type: 'CallEnded';
  callId: CallId;
  hotline: HotlineId | null;
  outcome: CallOutcome;
  releaseParty: ReleaseParty;
  startedAt: Instant;
  /** Made by us, as promised, or by an agent: counted apart from those who called. */
  source?: 'callback' | 'agent';
};
/** The agent finished the work after a conversation. Exactly one per ConversationEnded, and per OutgoingEnded that says so (`queue` null). */
export type WrapUpEnded = {
  type: 'WrapUpEnded';
  callId: CallId;
  queue: QueueId | null;
  agent: AgentId;
  /** talk + hold + wrap-up of this conversation, the handle time. */
  handleMs: number;
  wrapUpMs: number;
  /** `call-returned`: whom the caller was passed on to did not answer, and the caller is back. */
  because: 'time-is-up' | 'agent-finished' | 'signed-out' | 'lead' | 'call-returned';
};

export type AgentIntent =
  | { kind: 'signed-out' }
  | { kind: 'not-ready'; reason: NotReadyReason }
  | { kind: 'ready' };

/** What an agent is busy with. An agent holds at most one call. */
export type AgentWork =
  | { kind: 'none' }
  /** `queue`: null in a call that agents make (outgoing.ts). */
  | { kind: 'ringing'; callId: CallId; legId: LegId; queue: QueueId | null }
  | { kind: 'talking'; callId: CallId; legId: LegId; queue: QueueId | null; held: boolean }
  | {
      kind: 'wrapping-up';
      callId: CallId;
      queue: QueueId | null;
      since: Instant;
      until: Instant;
      /** talk + hold of the conversation that is being wrapped up. */
      conversationMs: number;
    };

/**
 * The agent's situation changed. Carries the whole new situation; `state` is what it amounts to (see
 * agents/agent.ts), so a history of states needs no other event.
 */
export type AgentStateChanged = {
  type: 'AgentStateChanged';
  agent: AgentId;
  state: AgentStateName;
  /** The not-ready reason, when the state is not-ready. */
  reason: NotReadyReason | null;
  /** The call the agent is busy with, wrap-up included. */
  callId: CallId | null;
  intent: AgentIntent;
  devices: Device[];
  work: AgentWork;
  /** Missed or refused rings in a row. */
  missedRings: number;
  because: string;
};

/** The controller began to act; what lived was adopted, what died was closed. */
export type ControllerStarted = { type: 'ControllerStarted'; instance: string; adoptedCalls: number };
/** The connection to an Asterisk node came up, or was lost. */
export type NodeConnected = { type: 'NodeConnected'; nodeId: NodeId };
export type NodeLost = { type: 'NodeLost'; nodeId: NodeId; because: string };
/** An order to Asterisk did not do what it should; kept for the timeline. What follows from it are events of their own. */
export type OrderFailed = {
  type: 'OrderFailed';
  callId: CallId | null;
  order: string;
  target: string;
  reason: string;
};

export type EventBody =
  | CallArrived
  | CallPickedUp
  | FlowNodeEntered
  | MusicStarted
  | PromptStarted
  | PromptFinished
  | DigitPressed
  | MenuAttemptFailed
  | CallerSelfServed
  | CallQueued
  | AgentRingRequested
  | AgentRingStarted
  | AgentRingEnded
  | VisitEnded
  | CallConnected
  | CallHeld
  | CallResumed
  | ConversationEnded
  | CallClosing
  | LegHangUpRequested
  | LegEnded
  | CallTakenToFallback
  | CallEnded
  | WrapUpEnded
  | AgentStateChanged
  | ControllerStarted
  | NodeConnected
  | NodeLost
  | OrderFailed
  | SelfServiceEvent
  | OutboundEvent
  | RoutingEvent
  | PassingOnEvent
  | OutgoingEvent;

/**
 * A fact with its name and time. `seq` grows by one with every event of a journal; event ids are unique for ever.
 * `witness`: told afterwards by Asterisk's own account, of what happened without us at that time. Such an event is recorded
 * and counted like any other, but is no part of the live world: nothing follows from it.
 */
export type Recorded<B extends EventBody = EventBody> = B & {
  eventId: EventId;
  seq: number;
  at: Instant;
  witness?: 'cel';
};
export type HotlineEvent = Recorded;
export type EventType = EventBody['type'];
export type EventOf<T extends EventType> = Recorded<Extract<EventBody, { type: T }>>;
