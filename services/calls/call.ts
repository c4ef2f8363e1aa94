import type { FlowPlace, HoldPromise } from '../events/events.ts';
import type {
  AgentId,
  BridgeId,
  CallbackId,
  CallId,
  FlowId,
  HotlineId,
  LegId,
  LookupId,
  NodeId,
  NodeName,
  PlaybackId,
  QueueId,
  RecordingId,
  VisitId,
} from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import type { ConsultParty, PassTarget } from '../events/passing-on.ts';
import type { CallOutcome, CallSource, CallStage, Device, ReleaseParty } from '../events/vocabulary.ts';
import type { LookupResult } from '../ivr/position.ts';

/** One call from INVITE to the end of its last leg. */
export type Call = {
  readonly id: CallId;
  /** The caller's leg. */
  readonly legId: LegId;
  readonly nodeId: NodeId;
  readonly source: CallSource;
  readonly callerNumber: string;
  readonly dialledNumber: string;
  readonly hotline: HotlineId | null;
  readonly sipCallId: string;
  /** The agent whose phone dialled, if one did. */
  readonly dialledBy: AgentId | null;
  /** An agent calls somebody outside, or a colleague (outgoing.ts). */
  readonly outgoing?: true;
  readonly startedAt: Instant;
  readonly stage: Stage;
  readonly stageSince: Instant;
  /** The flow the caller is in, and where. */
  readonly flow: { readonly id: FlowId; readonly version: number } | null;
  readonly node: NodeName | null;
  readonly attempts: number;
  /** Of each flow the call has been in: the version, kept to its end. */
  readonly flowVersions: Readonly<Record<FlowId, number>>;
  /** Nodes that listened on the way here, the newest last. */
  readonly trail: readonly FlowPlace[];
  /** Keyed in at this node so far. */
  readonly digits: string;
  /** What was keyed in, set or looked up, by name (`variable` in flow-text.ts). */
  readonly values: Readonly<Record<string, string>>;
  readonly lookup: PendingLookup | null;
  /** What the caller says is being recorded, for this queue. */
  readonly recording: { readonly id: RecordingId; readonly queue: QueueId; readonly since: Instant } | null;
  /** An outside number is called for the caller, or both are talking (`connectedAt`). */
  readonly transfer: {
    readonly legId: LegId;
    readonly bridgeId: BridgeId;
    readonly number: string;
    readonly requestedAt: Instant;
    readonly connectedAt: Instant | null;
  } | null;
  /** The agent whom the caller speaks with asks somebody for advice; set only in stage `talking`. */
  readonly consult?: Consult | null;
  /** The visit in which the caller was answered last. */
  readonly served?: ServedVisit;
  /** The callback that this call makes good. */
  readonly callback: CallbackId | null;
  /** The place in line that the caller gave up unserved. */
  readonly leftQueue: {
    readonly visitId: VisitId;
    readonly queue: QueueId;
    readonly queuedAt: Instant;
    /** As if having come then; when the wait began, if nothing else is said. */
    readonly placeSince?: Instant;
    readonly priority: number;
    readonly skills: readonly string[];
  } | null;
  /** The caller has given this contact a score. */
  readonly surveyed: boolean;
  /** The queue and the agent of the last conversation. */
  readonly lastQueue: QueueId | null;
  readonly lastAgent: AgentId | null;
  /** What is being played to the caller now. */
  readonly playback: PlaybackId | null;
  /** The prompt that was cut short last: whoever orders that may die before it is sent (standing-orders.ts). */
  readonly cutShort?: { readonly playbackId: PlaybackId; readonly at: Instant };
  readonly everAnswered: boolean;
  readonly selfServed: boolean;
  /** A queue let the caller go unserved. */
  readonly flowedOut: boolean;
  /** Who let go first, as far as known already. */
  readonly releasedBy: ReleaseParty | null;
  /** How the call will be recorded unless an agent was reached. */
  readonly closingAs: CallOutcome | null;
  readonly callerGone: boolean;
};

/** A place in line that led to an agent. */
export type ServedVisit = {
  readonly visitId: VisitId;
  readonly queue: QueueId;
  readonly queuedAt: Instant;
  /** The place in line, which a transfer to another queue keeps. */
  readonly placeSince: Instant;
  readonly priority: number;
  readonly skills: readonly string[];
};

/** Advice that an agent takes during a conversation (events/passing-on.ts). */
export type Consult = {
  /** As the agent asked for it. */
  readonly to: PassTarget;
  readonly party: ConsultParty;
  readonly reason: string;
  readonly legId: LegId;
  readonly bridgeId: BridgeId;
  readonly requestedAt: Instant;
  /** Which phone of a colleague rings; null: an outside number. */
  readonly device: Device | null;
  /** The phone said that it rings. */
  readonly rings?: true;
  readonly answeredAt: Instant | null;
  /** Whom the agent speaks with; the other hears music. `target` before the answer: the agent hears it ring. */
  readonly speaksWith: 'target' | 'caller' | 'all';
};

/** A data source was asked; `result` when it has answered while the caller is still being told to wait. */
export type PendingLookup = {
  readonly id: LookupId;
  readonly lookup: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly askedAt: Instant;
  readonly result: LookupResult | null;
};

/**
 * arriving → ivr ⇄ waiting → talking → (waiting again, when the agent is lost) → closing.
 * talking → passing → talking: an agent passed the caller on to a colleague, or to an outside number (then it stays `passing`, with
 * `transfer`), or the caller came back. To a queue: talking → waiting.
 * A callback: waiting (for an agent's phone) → calling → talking; or calling → waiting → talking.
 */
export type Stage =
  | { readonly kind: 'arriving' }
  | { readonly kind: 'ivr' }
  | {
      readonly kind: 'waiting';
      readonly visitId: VisitId;
      readonly queue: QueueId;
      /** The phone that rings for it; where several ring, one of them. */
      readonly ring: Ring | null;
      /** The others, in a queue that rings all. */
      readonly alsoRings?: readonly Ring[];
    }
  | {
      readonly kind: 'talking';
      readonly visitId: VisitId;
      readonly queue: QueueId;
      readonly agent: AgentId;
      readonly agentLegId: LegId;
      readonly bridgeId: BridgeId;
      readonly since: Instant;
      readonly heldSince: Instant | null;
      /** With the phone's own button: only that takes the caller back. */
      readonly heldByPhone?: true;
      /** What the caller was told when put on hold from the desk. */
      readonly holdPromise?: HoldPromise;
      readonly holdMs: number;
    }
  /** The agent `by` has let go of the caller, who hears music until `to` answers, or `by` again (`attempt`). */
  | {
      readonly kind: 'passing';
      readonly by: AgentId;
      readonly to: PassTarget;
      readonly reason: string;
      readonly attempt: 'target' | 'return';
      readonly visitId: VisitId;
      readonly queue: QueueId;
      /** The agent's phone that rings; an outside number is in the call's `transfer`. */
      readonly ring: Ring | null;
    }
  /** An agent calls somebody (events/outgoing.ts). The call's own leg is the agent's; `party`: who is called, once the agent is on the line. */
  | {
      readonly kind: 'outgoing';
      readonly agent: AgentId;
      readonly to: ConsultParty;
      /** The agent's phone that is rung, or was; null: the agent dialled. */
      readonly device: Device | null;
      readonly party: {
        readonly legId: LegId;
        readonly bridgeId: BridgeId;
        readonly requestedAt: Instant;
        readonly connectedAt: Instant | null;
      } | null;
    }
  /** A customer is being called back; `agent` is on the line already, null: the customer is called first. */
  | {
      readonly kind: 'calling';
      readonly queue: QueueId;
      readonly visitId: VisitId;
      readonly agent: {
        readonly agent: AgentId;
        readonly legId: LegId;
        readonly bridgeId: BridgeId;
        readonly ringMs: number;
      } | null;
    }
  | { readonly kind: 'closing' };

/** An agent's phone that is being rung for the call. */
export type Ring = {
  readonly agent: AgentId;
  readonly device: Device;
  readonly legId: LegId;
  readonly bridgeId: BridgeId;
  readonly requestedAt: Instant;
  /** The phone said that it rings. */
  readonly rings?: true;
};

/** A connection to one party. Gone from the world when Asterisk says that it ended. */
export type Leg = {
  readonly id: LegId;
  readonly callId: CallId;
  readonly nodeId: NodeId;
  readonly hangUpAttempts: number;
  /** The agent asked for its end: that counts as hanging up. */
  readonly letGo?: true;
} & ({ readonly role: 'caller' | 'outside' } | { readonly role: 'agent'; readonly agent: AgentId });

/** All phones that ring for a call. */
export function ringsOf(stage: Stage): readonly Ring[] {
  if (stage.kind !== 'waiting' && stage.kind !== 'passing') return [];
  const also = stage.kind === 'waiting' ? (stage.alsoRings ?? []) : [];
  return stage.ring ? [stage.ring, ...also] : [];
}

export function stageOf(call: Call): CallStage {
  switch (call.stage.kind) {
    case 'waiting':
      return call.stage.ring ? 'ringing' : 'waiting';
    case 'calling':
      return 'ringing';
    case 'outgoing':
      return call.stage.party?.connectedAt ? 'talking' : 'ringing';
    case 'passing':
      return call.transfer?.connectedAt ? 'talking' : 'ringing';
    case 'ivr':
      return call.transfer?.connectedAt ? 'talking' : 'ivr';
    case 'arriving':
    case 'talking':
    case 'closing':
      return call.stage.kind;
    default:
      return call.stage satisfies never;
  }
}
