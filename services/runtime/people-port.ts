import type { AgentStateInterval, CallRecord } from '../cdr/call-record.ts';
import type { HotlineEvent } from '../events/events.ts';
import type { AgentId, CallId, HotlineId, QueueId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import type { CallOutcome } from '../events/vocabulary.ts';
import type { KpiCounts } from '../kpi/counts.ts';
import type { Unexplained } from './ledger-port.ts';

/** Someone who may sign in. `agent` is set for agents only. */
export type Person = {
  user: string;
  name: string;
  role: 'agent' | 'lead' | 'admin';
  agent: AgentId | null;
};

/** A sign-in that lasts until `expiresAt`. The token is opaque and is kept only as a hash. */
export type SignedIn = { person: Person; expiresAt: Instant };

/** Who people are, and their sign-ins. Every function rejects when the store is away. */
export interface AuthPort {
  /**
   * The person when the password is right, else null. Takes the same time for an unknown user as for a wrong password
   * (verify against a dummy hash), and compares in constant time.
   */
  verifyPassword(user: string, password: string): Promise<Person | null>;
  /** Stores the hash of `token`, never the token. */
  createSession(token: string, user: string, now: Instant, expiresAt: Instant): Promise<void>;
  /** null when unknown, ended, expired at `now`, or when the person may no longer sign in. */
  findSession(token: string, now: Instant): Promise<SignedIn | null>;
  /** Ending a session that is not there is a success. */
  deleteSession(token: string): Promise<void>;
}

/** Where one page of calls ends and the next begins. */
export type CallsCursor = { startedAt: Instant; callId: CallId };

/** Which calls; null means any. All conditions must hold. */
export type CallsQuery = {
  /** Started at or after. */
  from: Instant | null;
  /** Started before. */
  to: Instant | null;
  /** The whole caller number, compared exactly. */
  number: string | null;
  /** The last agent who spoke with the caller. */
  agent: AgentId | null;
  queue: QueueId | null;
  hotline: HotlineId | null;
  outcome: CallOutcome | null;
  /** By (startedAt, callId). */
  order: 'newest-first' | 'oldest-first';
  /** Only calls behind this one in the order asked for. */
  after: CallsCursor | null;
  limit: number;
};

export type CallWithTimeline = { call: CallRecord; timeline: HotlineEvent[] };

export type KpiInterval = 'quarter-hour' | 'hour' | 'day';

/** Counts of one queue in one interval, from the stored records. */
export type KpiReportRow = { queue: QueueId; intervalStart: Instant; counts: KpiCounts };

/** What is kept, for people to look at. Every function rejects when the store is away. */
export interface RecordsPort {
  listCalls(query: CallsQuery): Promise<CallRecord[]>;
  /** The call and its events, oldest first; null when there is no such call. */
  callWithTimeline(callId: CallId): Promise<CallWithTimeline | null>;
  /**
   * What these agents did between `from` and `to`: every interval that overlaps it, in no order. null when there are more than can be
   * given at once.
   */
  agentStates(query: {
    agents: readonly AgentId[];
    from: Instant;
    to: Instant;
  }): Promise<AgentStateInterval[] | null>;
  /** Intervals with `from` ≤ start < `to`, by start then queue; empty ones left out. Days are local days of the centre. */
  kpiReport(query: {
    from: Instant;
    to: Instant;
    queue: QueueId | null;
    interval: KpiInterval;
  }): Promise<KpiReportRow[]>;
  /** What only one of our records and Asterisk's own account tells of, the newest first. */
  unexplained(limit: number): Promise<UnexplainedEntry[]>;
}

/** An entry of the list of what is unexplained. */
export type UnexplainedEntry = Unexplained & {
  foundAt: Instant;
  /** Whether the call it belongs to has a record. */
  recorded: boolean;
};

/** Someone looked at what is normally hidden, or changed what others rely on. */
export type AuditEntry = {
  at: Instant;
  user: string;
  role: Person['role'];
  action: 'reveal-numbers' | 'change-task' | 'hear-recording';
  /** What was looked at, such as `calls/n1-1790000000.12`. */
  resource: string;
  reason: string;
  /** Network address it was asked from. */
  address: string;
};

/** Keeps audit entries. Rejects when it cannot: then what was asked for is not shown. */
export interface AuditPort {
  record(entry: AuditEntry): Promise<void>;
}
