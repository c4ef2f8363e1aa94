import type { AgentIntervalFold } from '../../cdr/fold-agent-interval.ts';
import type { CallRecordFold } from '../../cdr/fold-call-record.ts';
import type { Conversation } from '../../cdr/fold-conversation.ts';
import type { QueueVisitFold } from '../../cdr/fold-visit.ts';
import type { HotlineEvent } from '../../events/events.ts';
import { type Instant, toIso } from '../../events/instant.ts';
import type { Target } from './upsert.ts';

/** How domain types become rows to be written, and into which columns. */

export type EventRow = ReturnType<typeof eventRow>;
export const eventTarget: Target<EventRow> = {
  table: 'event',
  columns: {
    event_id: 'text',
    at: 'timestamptz',
    journal_id: 'text',
    seq: 'bigint',
    call_id: 'text',
    agent: 'text',
    type: 'text',
    payload: 'jsonb',
  },
  key: ['event_id', 'at'],
};
export function eventRow(journalId: string, event: HotlineEvent) {
  const { eventId, at, seq, type, ...payload } = event;
  return {
    event_id: eventId,
    at: toIso(at),
    journal_id: journalId,
    seq,
    call_id: 'callId' in payload ? payload.callId : null,
    agent: 'agent' in payload ? payload.agent : null,
    type,
    payload,
  };
}

export type CallRow = ReturnType<typeof callRow>;
export const callTarget: Target<CallRow> = {
  table: 'call',
  columns: {
    call_id: 'text',
    started_at: 'timestamptz',
    node_id: 'text',
    source: 'text',
    caller_number: 'text',
    dialled_number: 'text',
    hotline: 'text',
    ended_at: 'timestamptz',
    outcome: 'text',
    release_party: 'text',
    queue: 'text',
    agent: 'text',
    wait_ms: 'integer',
    ring_ms: 'integer',
    talk_ms: 'integer',
    hold_ms: 'integer',
    wrap_up_ms: 'integer',
    wrap_ups_due: 'smallint',
    transfers: 'smallint',
    disposition: 'text',
    resolved: 'boolean',
    survey_score: 'smallint',
    recording: 'text',
    degraded: 'boolean',
    sip_call_id: 'text',
  },
  key: ['call_id', 'started_at'],
};
export function callRow(record: CallRecordFold) {
  return {
    call_id: record.callId,
    started_at: toIso(record.startedAt),
    node_id: record.nodeId,
    source: record.source,
    caller_number: record.callerNumber,
    dialled_number: record.dialledNumber,
    hotline: record.hotline,
    ended_at: isoOrNull(record.endedAt),
    outcome: record.outcome,
    release_party: record.releaseParty,
    queue: record.queue,
    agent: record.agent,
    wait_ms: milliseconds(record.waitMs),
    ring_ms: milliseconds(record.ringMs),
    talk_ms: milliseconds(record.talkMs),
    hold_ms: milliseconds(record.holdMs),
    wrap_up_ms: milliseconds(record.wrappedUpMs),
    wrap_ups_due: record.wrapUpsDue,
    transfers: record.transfers,
    disposition: record.disposition,
    resolved: record.resolved,
    survey_score: record.surveyScore,
    recording: record.recording,
    degraded: record.degraded,
    sip_call_id: record.sipCallId,
  };
}

export type VisitRow = ReturnType<typeof visitRow>;
export const visitTarget: Target<VisitRow> = {
  table: 'visit',
  columns: {
    visit_id: 'text',
    queued_at: 'timestamptz',
    call_id: 'text',
    queue: 'text',
    hotline: 'text',
    left_at: 'timestamptz',
    outcome: 'text',
    flow_out_reason: 'text',
    wait_ms: 'integer',
    agent: 'text',
    priority: 'integer',
  },
  key: ['visit_id', 'queued_at'],
};
export function visitRow(visit: QueueVisitFold) {
  return {
    visit_id: visit.visitId,
    queued_at: toIso(visit.queuedAt),
    call_id: visit.callId,
    queue: visit.queue,
    hotline: visit.hotline,
    left_at: isoOrNull(visit.leftAt),
    outcome: visit.outcome,
    flow_out_reason: visit.flowOutReason,
    wait_ms: millisecondsOrNull(visit.waitMs),
    agent: visit.agent,
    priority: visit.priority,
  };
}

export type ConversationRow = ReturnType<typeof conversationRow>;
export const conversationTarget: Target<ConversationRow> = {
  table: 'conversation',
  columns: {
    agent_leg_id: 'text',
    queued_at: 'timestamptz',
    call_id: 'text',
    visit_id: 'text',
    queue: 'text',
    agent: 'text',
    answered_at: 'timestamptz',
    ended_at: 'timestamptz',
    wait_ms: 'integer',
    ring_ms: 'integer',
    talk_ms: 'integer',
    hold_ms: 'integer',
    released_by: 'text',
    cause: 'text',
    wrap_up_ms: 'integer',
    handle_ms: 'integer',
  },
  key: ['agent_leg_id', 'queued_at'],
};
export function conversationRow(one: Conversation) {
  return {
    agent_leg_id: one.agentLegId,
    queued_at: toIso(one.queuedAt),
    call_id: one.callId,
    visit_id: one.visitId,
    queue: one.queue,
    agent: one.agent,
    answered_at: toIso(one.answeredAt),
    ended_at: isoOrNull(one.endedAt),
    wait_ms: milliseconds(one.waitMs),
    ring_ms: milliseconds(one.ringMs),
    talk_ms: millisecondsOrNull(one.talkMs),
    hold_ms: millisecondsOrNull(one.holdMs),
    released_by: one.releasedBy,
    cause: one.cause,
    wrap_up_ms: millisecondsOrNull(one.wrapUpMs),
    handle_ms: millisecondsOrNull(one.handleMs),
  };
}

export type IntervalRow = ReturnType<typeof intervalRow>;
export const intervalTarget: Target<IntervalRow> = {
  table: 'agent_interval',
  columns: {
    interval_id: 'text',
    started_at: 'timestamptz',
    agent: 'text',
    state: 'text',
    reason: 'text',
    call_id: 'text',
    ended_at: 'timestamptz',
  },
  key: ['interval_id', 'started_at'],
};
export function intervalRow(interval: AgentIntervalFold) {
  return {
    interval_id: interval.intervalId,
    started_at: toIso(interval.startedAt),
    agent: interval.agent,
    state: interval.state,
    reason: interval.reason,
    call_id: interval.callId,
    ended_at: isoOrNull(interval.endedAt),
  };
}

const isoOrNull = (at: Instant | null): string | null => (at === null ? null : toIso(at));

/** An integer holds 24 days of milliseconds; a clock gone wild must not stop the batch. */
const LONGEST_MS = 2 ** 31 - 1;
const milliseconds = (ms: number): number => Math.min(LONGEST_MS, Math.max(0, Math.round(ms)));
const millisecondsOrNull = (ms: number | null): number | null => (ms === null ? null : milliseconds(ms));
