import type { FlowPlace } from '../events/events.ts';
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
  /** The callback that this call makes good. */
  readonly callback: CallbackId | null;
  /** The place in line that the caller gave up unserved. */
  readonly leftQueue: {
    readonly visitId: VisitId;
    readonly queue: QueueId;
    readonly queuedAt: Instant;
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
      readonly holdMs: number;
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
} & ({ readonly role: 'caller' | 'outside' } | { readonly role: 'agent'; readonly agent: AgentId });

/** All phones that ring for a call. */
export const ringsOf = (stage: Stage): readonly Ring[] =>
  stage.kind === 'waiting' && stage.ring ? [stage.ring, ...(stage.alsoRings ?? [])] : [];

export function stageOf(call: Call): CallStage {
  switch (call.stage.kind) {
    case 'waiting':
      return call.stage.ring ? 'ringing' : 'waiting';
    case 'calling':
      return 'ringing';
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
