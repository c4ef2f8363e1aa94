import type { Selectable } from 'kysely';
import type {
  AgentIntervalTable,
  CallRecordView,
  CallTable,
  ConversationTable,
  EventTable,
  VisitTable,
} from '../../../db/schema.ts';
import type { CallRecord } from '../../cdr/call-record.ts';
import type { AgentIntervalFold } from '../../cdr/fold-agent-interval.ts';
import type { CallRecordFold } from '../../cdr/fold-call-record.ts';
import type { Conversation } from '../../cdr/fold-conversation.ts';
import type { QueueVisitFold } from '../../cdr/fold-visit.ts';
import type { HotlineEvent } from '../../events/events.ts';
import { asId } from '../../events/ids.ts';
import { type Instant, instant } from '../../events/instant.ts';
import type {
  AgentStateName,
  CallOutcome,
  CallSource,
  FlowOutReason,
  LegEndReason,
  ReleaseParty,
  VisitOutcome,
} from '../../events/vocabulary.ts';

/** Rows that were read, as the domain's own types. The words in them were written by us, from these same types. */

export const toInstant = (date: Date): Instant => instant(date.getTime());
export const toInstantOrNull = (date: Date | null): Instant | null =>
  date === null ? null : toInstant(date);
const idOrNull = <T extends Parameters<typeof asId>[0] & object>(text: string | null): T | null =>
  text as T | null;

export function toCallRecord(row: Selectable<CallRecordView>): CallRecord {
  return {
    callId: asId(row.call_id),
    callerNumber: row.caller_number,
    dialledNumber: row.dialled_number,
    hotline: idOrNull(row.hotline),
    startedAt: toInstant(row.started_at),
    endedAt: toInstantOrNull(row.ended_at),
    outcome: row.outcome as CallOutcome | null,
    releaseParty: row.release_party as ReleaseParty | null,
    queue: idOrNull(row.queue),
    agent: idOrNull(row.agent),
    waitMs: row.wait_ms,
    ringMs: row.ring_ms,
    talkMs: row.talk_ms,
    holdMs: row.hold_ms,
    wrapUpMs: row.wrap_up_ms,
    transfers: row.transfers,
    disposition: row.disposition,
    resolved: row.resolved,
    surveyScore: row.survey_score,
    recording: row.recording,
    degraded: row.degraded,
    sipCallId: row.sip_call_id,
  };
}

export function toCallRecordFold(row: Selectable<CallTable>): CallRecordFold {
  return {
    ...toCallRecord({ ...row, wrap_up_ms: row.wrap_ups_due === 0 ? row.wrap_up_ms : null }),
    nodeId: asId(row.node_id),
    source: row.source as CallSource,
    wrapUpsDue: row.wrap_ups_due,
    wrappedUpMs: row.wrap_up_ms,
  };
}

export function toVisit(row: Selectable<VisitTable>): QueueVisitFold {
  return {
    visitId: asId(row.visit_id),
    callId: asId(row.call_id),
    queue: asId(row.queue),
    hotline: asId(row.hotline),
    queuedAt: toInstant(row.queued_at),
    leftAt: toInstantOrNull(row.left_at),
    outcome: row.outcome as VisitOutcome | null,
    flowOutReason: row.flow_out_reason as FlowOutReason | null,
    waitMs: row.wait_ms,
    agent: idOrNull(row.agent),
    priority: row.priority,
  };
}

export function toConversation(row: Selectable<ConversationTable>): Conversation {
  return {
    agentLegId: asId(row.agent_leg_id),
    callId: asId(row.call_id),
    visitId: asId(row.visit_id),
    queue: asId(row.queue),
    agent: asId(row.agent),
    queuedAt: toInstant(row.queued_at),
    answeredAt: toInstant(row.answered_at),
    waitMs: row.wait_ms,
    ringMs: row.ring_ms,
    endedAt: toInstantOrNull(row.ended_at),
    talkMs: row.talk_ms,
    holdMs: row.hold_ms,
    releasedBy: row.released_by as ReleaseParty | null,
    cause: row.cause as LegEndReason | null,
    wrapUpMs: row.wrap_up_ms,
    handleMs: row.handle_ms,
  };
}

export function toInterval(row: Selectable<AgentIntervalTable>): AgentIntervalFold {
  return {
    intervalId: asId(row.interval_id),
    agent: asId(row.agent),
    state: row.state as AgentStateName,
    reason: row.reason,
    callId: idOrNull(row.call_id),
    startedAt: toInstant(row.started_at),
    endedAt: toInstantOrNull(row.ended_at),
  };
}

export function toEvent(row: Selectable<EventTable>): HotlineEvent {
  return {
    ...row.payload,
    type: row.type,
    eventId: row.event_id,
    seq: row.seq,
    at: toInstant(row.at),
  } as unknown as HotlineEvent;
}
