import type { AgentId, CallId, QueueId, VisitId } from '../../events/ids.ts';
import type { Instant } from '../../events/instant.ts';
import type { OutgoingEnded } from '../../events/outgoing.ts';
import type {
  AgentStateName,
  CallOutcome,
  FlowOutReason,
  LegEndReason,
  ReleaseParty,
  RingResult,
  VisitOutcome,
} from '../../events/vocabulary.ts';

/**
 * Why a call went as it did: codes with what they are about, for screens to say in the reader's language. Made from what is on
 * record, so the same call is always explained alike, and a call that lasts as far as it has come.
 */
export type Explanation = {
  readonly callId: CallId;
  /** Each stay in a queue, in order. */
  readonly waits: readonly WaitExplained[];
  /** Each agent who was rung, in order. */
  readonly rings: readonly RingExplained[];
  /** null while the call lasts. */
  readonly ending: EndingExplained | null;
};

export type WaitExplained = {
  readonly visitId: VisitId;
  readonly queue: QueueId;
  readonly queuedAt: Instant;
  /** null while the caller waits. */
  readonly leftAt: Instant | null;
  /** Until `leftAt`, or until now. */
  readonly waitMs: number;
  readonly outcome: VisitOutcome | null;
  readonly flowOutReason: FlowOutReason | null;
  /** 1 for the first in line, when the wait began. */
  readonly position: number;
  readonly skills: readonly string[];
  /** Which definition of queues and agents the router went by then; null: not on record. */
  readonly centre: string | null;
  /** What the time went by with; they follow each other without a gap from `queuedAt` to the end. */
  readonly spans: readonly WaitSpan[];
  /** Overflow steps that were reached: from each of them on more agents may serve the caller, or the caller leaves. */
  readonly steps: readonly { at: Instant; step: number; because: string }[];
  /** What the caller was told of how it stands. */
  readonly told: readonly { at: Instant; position: number; expectedWaitMs: number | null }[];
};

export type WaitSpan = { readonly from: Instant; readonly to: Instant } & WaitReason;

export type WaitReason =
  /** Of those who may serve the caller, everybody at work was busy. */
  | { readonly code: 'all-busy'; readonly staff: StaffCounts }
  /** Nobody who may serve the caller was at work. */
  | { readonly code: 'nobody-at-work'; readonly staff: StaffCounts }
  /** Somebody was free: for callers ahead of this one, or for less than a moment. */
  | { readonly code: 'others-first'; readonly staff: StaffCounts }
  /** Others may have been free: the agent who helped this caller last comes first. */
  | { readonly code: 'waits-for-last-agent'; readonly agent: AgentId }
  /** No phone rang, and what the agents did then is not on record. */
  | { readonly code: 'not-rung' }
  /** Phones rang; `result` null: they ring now. */
  | { readonly code: 'rung'; readonly agents: readonly AgentId[]; readonly result: RingResult | null };

/** How many of those who may serve the caller were in which state: what was so for most of the time. */
export type StaffCounts = Readonly<Partial<Record<AgentStateName, number>>>;

export type RingExplained = {
  readonly at: Instant;
  readonly queue: QueueId;
  readonly agent: AgentId;
  /** The router's reason, in its own words. */
  readonly because: string;
  /** Who else was free and might have been rung; null: not on record, or a colleague asked for this very agent. */
  readonly alsoFree: readonly AgentId[] | null;
  /** null while it rings. */
  readonly result: RingResult | null;
  readonly ringMs: number | null;
};

export type EndingExplained = {
  readonly at: Instant;
  readonly outcome: CallOutcome | null;
  readonly releaseParty: ReleaseParty | null;
} & EndingReason;

export type EndingReason =
  | { readonly code: 'caller-left-talk'; readonly agent: AgentId }
  | { readonly code: 'agent-hung-up'; readonly agent: AgentId | null }
  /** The conversation broke off. */
  | { readonly code: 'line-lost'; readonly agent: AgentId; readonly cause: LegEndReason }
  | { readonly code: 'caller-left-wait'; readonly queue: QueueId; readonly waitMs: number }
  | {
      readonly code: 'caller-left-ring';
      readonly queue: QueueId;
      readonly waitMs: number;
      readonly agent: AgentId;
    }
  | { readonly code: 'caller-left-menu'; readonly node: string | null }
  /** The caller hung up when everything was said already. */
  | { readonly code: 'caller-left-end'; readonly because: string }
  /** The agent `by` had passed the caller on, and nobody had answered yet. */
  | { readonly code: 'caller-left-passed-on'; readonly by: AgentId }
  /** A call that an agent made: what came of it. */
  | { readonly code: 'outgoing-ended'; readonly agent: AgentId; readonly result: OutgoingEnded['result'] }
  /** With somebody outside, to whom the caller was put through. */
  | { readonly code: 'outside-talk-ended' }
  /** The controller was away, and Asterisk served the caller alone; how it ended is told afterwards. */
  | { readonly code: 'taken-to-fallback' }
  /** We ended it: `because` is the engine's reason in its own words. */
  | { readonly code: 'we-ended'; readonly because: string };
