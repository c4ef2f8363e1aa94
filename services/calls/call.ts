import type {
  AgentId,
  BridgeId,
  CallId,
  FlowId,
  HotlineId,
  LegId,
  NodeId,
  NodeName,
  PlaybackId,
  QueueId,
  VisitId,
} from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import type { CallOutcome, CallSource, CallStage, Device, ReleaseParty } from '../events/vocabulary.ts';

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
  /** The flow the call began with, kept at that version, and where the caller is in it. */
  readonly flow: { readonly id: FlowId; readonly version: number } | null;
  readonly node: NodeName | null;
  readonly attempts: number;
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

/** arriving → ivr ⇄ waiting → talking → (waiting again, when the agent is lost) → closing */
export type Stage =
  | { readonly kind: 'arriving' }
  | { readonly kind: 'ivr' }
  | {
      readonly kind: 'waiting';
      readonly visitId: VisitId;
      readonly queue: QueueId;
      readonly ring: Ring | null;
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
} & ({ readonly role: 'caller' } | { readonly role: 'agent'; readonly agent: AgentId });

export function stageOf(call: Call): CallStage {
  switch (call.stage.kind) {
    case 'waiting':
      return call.stage.ring ? 'ringing' : 'waiting';
    case 'arriving':
    case 'ivr':
    case 'talking':
    case 'closing':
      return call.stage.kind;
    default:
      return call.stage satisfies never;
  }
}
