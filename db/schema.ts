import type { ColumnType, Generated, JSONColumnType } from 'kysely';

/**
 * Row types of the tables (schema `hotline`) and views (schema `public`). Moments are `timestamptz`, durations whole
 * milliseconds, ids text. Tables are ours to change; views are what others rely on.
 */
export type Database = {
  event: EventTable;
  journal_position: { journal_id: string; seq: number; closed_at: Generated<Moment | null> };
  lease: LeaseTable;
  snapshot: { journal_id: string; seq: number; kept_at: Moment; body: string; shipped_as: string | null };
  call: CallTable;
  visit: VisitTable;
  conversation: ConversationTable;
  agent_interval: AgentIntervalTable;
  hotline: { hotline: string; name: Json<Bilingual>; numbers: string[]; removed_at: Moment | null };
  queue: { queue: string; name: Json<Bilingual>; removed_at: Moment | null };
  queue_definition: QueueDefinitionTable;
  agent: { agent: string; name: string; queues: string[]; removed_at: Moment | null };
  staff_user: StaffUserTable;
  session: SessionTable;
  audit_entry: AuditEntryTable;
  task: TaskTable;
  view_text: { name: string; text: string };
  witnessed_call: { call_id: string; started_at: Moment };
  ledger_unexplained: LedgerUnexplainedTable;
  call_record: CallRecordView;
  kpi_interval: KpiIntervalView;
};

/** Read as Date; written as Date or ISO 8601 text. */
export type Moment = ColumnType<Date, Date | string, Date | string>;
type Json<T extends object> = JSONColumnType<T, T | string, T | string>;
type Bilingual = { 'zh-CN': string; en: string };

export type EventTable = {
  event_id: string;
  at: Moment;
  journal_id: string;
  seq: number;
  call_id: string | null;
  agent: string | null;
  type: string;
  /** The event without its id, number, time and type. */
  payload: Json<Record<string, unknown>>;
};

/** One row: who may act. */
export type LeaseTable = {
  holder: string | null;
  inherits_from: string | null;
  fence: number;
  renewals: number;
  renewed_at: Moment;
  place: string;
  given_back: boolean;
};

export type CallTable = {
  call_id: string;
  started_at: Moment;
  node_id: string;
  source: string;
  caller_number: string;
  dialled_number: string;
  hotline: string | null;
  ended_at: Moment | null;
  outcome: string | null;
  release_party: string | null;
  queue: string | null;
  agent: string | null;
  wait_ms: number;
  ring_ms: number;
  talk_ms: number;
  hold_ms: number;
  /** Of the wrap-ups that are over. */
  wrap_up_ms: number;
  wrap_ups_due: number;
  transfers: number;
  disposition: string | null;
  resolved: boolean | null;
  survey_score: number | null;
  recording: string | null;
  degraded: boolean;
  sip_call_id: string;
};

export type VisitTable = {
  visit_id: string;
  queued_at: Moment;
  call_id: string;
  queue: string;
  hotline: string;
  left_at: Moment | null;
  outcome: string | null;
  flow_out_reason: string | null;
  wait_ms: number | null;
  agent: string | null;
  priority: number;
};

export type ConversationTable = {
  agent_leg_id: string;
  /** When the visit that led here entered its queue. */
  queued_at: Moment;
  call_id: string;
  visit_id: string;
  queue: string;
  agent: string;
  answered_at: Moment;
  ended_at: Moment | null;
  wait_ms: number;
  ring_ms: number;
  talk_ms: number | null;
  hold_ms: number | null;
  released_by: string | null;
  cause: string | null;
  wrap_up_ms: number | null;
  handle_ms: number | null;
};

export type AgentIntervalTable = {
  /** The event that opened the interval. */
  interval_id: string;
  started_at: Moment;
  agent: string;
  state: string;
  reason: string | null;
  call_id: string | null;
  ended_at: Moment | null;
};

/** The KPI thresholds of a queue, from when until when: a changed threshold leaves old reports as they were. */
export type QueueDefinitionTable = {
  queue: string;
  valid_from: ColumnType<Date | number, Date | string, Date | string>;
  valid_to: ColumnType<Date | number, Date | string, Date | string>;
  service_level_threshold_ms: number;
  short_abandon_ms: number;
};

export type StaffUserTable = {
  user_name: string;
  name: string;
  role: 'agent' | 'lead' | 'admin';
  agent: string | null;
  /** Self-describing: algorithm, parameters, salt, hash. */
  password_hash: string;
};

export type SessionTable = {
  /** SHA-256 of the token; the token itself is never stored. */
  token_hash: Buffer;
  user_name: string;
  created_at: Moment;
  expires_at: Moment;
};

export type AuditEntryTable = {
  audit_id: Generated<number>;
  at: Moment;
  user_name: string;
  role: string;
  action: string;
  resource: string;
  reason: string;
  address: string;
};

/** What a person has to see to. Open while `done_at` is null. */
export type TaskTable = {
  task_id: string;
  opened_at: Moment;
  kind: string;
  call_id: string | null;
  hotline: string | null;
  queue: string | null;
  agent: string | null;
  /** The number to call, '' when there is none. */
  number: string;
  because: string;
  /** A user's name. */
  assigned_to: string | null;
  done_at: Moment | null;
  done_by: string | null;
  note: Generated<string>;
};

/** Something that only one of the two witnesses (our events, Asterisk's own account) tells of. */
export type LedgerUnexplainedTable = {
  kind: 'channel' | 'record';
  id: string;
  call_id: string;
  started_at: Moment;
  reason: string;
  found_at: Moment;
};

export type CallRecordView = Omit<CallTable, 'wrap_up_ms' | 'wrap_ups_due'> & {
  /** null while an agent wraps up. */
  wrap_up_ms: number | null;
};

export type KpiIntervalView = {
  queue: string;
  interval_start: Moment;
  offered: number;
  answered: number;
  answered_in_threshold: number;
  abandoned: number;
  short_abandoned: number;
  flow_out: number;
  still_waiting: number;
  wait_answered_ms: number;
  wait_abandoned_ms: number;
  ring_ms: number;
  handled: number;
  talk_ms: number;
  hold_ms: number;
  wrap_up_ms: number;
  wrapped_up: number;
  handle_ms: number;
};
