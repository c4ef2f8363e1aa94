import type { AgentId, CallId, HotlineId, QueueId, VisitId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import type {
  AgentStateName,
  CallOutcome,
  FlowOutReason,
  ReleaseParty,
  VisitOutcome,
} from '../events/vocabulary.ts';

/** One call, as the view `call_record` shows it. Durations in whole milliseconds. */
export type CallRecord = {
  callId: CallId;
  callerNumber: string;
  dialledNumber: string;
  hotline: HotlineId | null;
  startedAt: Instant;
  endedAt: Instant | null;
  outcome: CallOutcome | null;
  releaseParty: ReleaseParty | null;
  /** The last queue the call was in, and the last agent who spoke with the caller. */
  queue: QueueId | null;
  agent: AgentId | null;
  /** Sums over the whole call: in queue, agents' phones ringing until answer, talking, on hold, wrap-up. */
  waitMs: number;
  ringMs: number;
  talkMs: number;
  holdMs: number;
  /** null while an agent still wraps up. */
  wrapUpMs: number | null;
  transfers: number;
  disposition: string | null;
  resolved: boolean | null;
  surveyScore: number | null;
  recording: string | null;
  degraded: boolean;
  sipCallId: string;
};

/** One entry into a queue, as the view `queue_visit` shows it. Open visits have no `leftAt`. */
export type QueueVisit = {
  visitId: VisitId;
  callId: CallId;
  queue: QueueId;
  queuedAt: Instant;
  leftAt: Instant | null;
  outcome: VisitOutcome | null;
  flowOutReason: FlowOutReason | null;
  waitMs: number | null;
  agent: AgentId | null;
  priority: number;
};

/** Time an agent spent in one state, as the view `agent_state_interval` shows it. */
export type AgentStateInterval = {
  agent: AgentId;
  state: AgentStateName;
  reason: string | null;
  callId: CallId | null;
  startedAt: Instant;
  endedAt: Instant | null;
};
