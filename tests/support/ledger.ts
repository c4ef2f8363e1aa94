import { expect } from 'vitest';
import type { Instance } from './instance.ts';
import { withStory } from './story-of-call.ts';
import { patienceMs, until } from './until.ts';

/** A row of view `call_record`. */
export type RecordRow = {
  call_id: string;
  caller_number: string;
  dialled_number: string;
  hotline: string | null;
  started_at: Date;
  ended_at: Date;
  outcome: string;
  release_party: string;
  queue: string | null;
  agent: string | null;
  wait_ms: number;
  ring_ms: number;
  talk_ms: number;
  hold_ms: number;
  /** null while an agent wraps up. */
  wrap_up_ms: number | null;
  transfers: number;
  survey_score: number | null;
  sip_call_id: string;
};

/** A row of view `queue_visit`. */
export type VisitRow = {
  visit_id: string;
  queue: string;
  queued_at: Date;
  left_at: Date;
  outcome: string;
  flow_out_reason: string | null;
  wait_ms: number;
  agent: string | null;
  priority: number;
};

/** A row of view `agent_state_interval`. */
export type IntervalRow = {
  state: string;
  reason: string | null;
  call_id: string | null;
  started_at: Date;
  ended_at: Date | null;
};

export type CallHistory = { record: RecordRow; visits: VisitRow[] };

/** The columns of a call that never reached a queue. */
export const NEVER_QUEUED = {
  queue: null,
  agent: null,
  wait_ms: 0,
  ring_ms: 0,
  talk_ms: 0,
  hold_ms: 0,
  wrap_up_ms: 0,
};

/** What Postgres says about calls and agents, read through the views that other programs use. */
export class Ledger {
  readonly #hotline: Pick<Instance, 'home' | 'query'>;
  readonly #query: Instance['query'];

  constructor(hotline: Pick<Instance, 'home' | 'query'>) {
    this.#hotline = hotline;
    this.#query = hotline.query;
  }

  /** Our id of a call that has arrived. */
  async callIdOf(sipCallId: string): Promise<string> {
    const row = await until(
      `a record of call ${sipCallId}`,
      async () =>
        (
          await this.#query<{ call_id: string }>('select call_id from call_record where sip_call_id = $1', [
            sipCallId,
          ])
        )[0],
      { everyMs: 30 },
    );
    return row.call_id;
  }

  /**
   * The whole story of a call that has ended, wrap-up included. It is checked to be one story: one record for the
   * INVITE, the visits' times add up to the record's wait, and begin and end as their lengths say.
   */
  historyOf(sipCallId: string, withinMs = patienceMs): Promise<CallHistory> {
    return withStory(this.#hotline, { sipCallId }, () => this.#historyOf(sipCallId, withinMs));
  }

  async #historyOf(sipCallId: string, withinMs: number): Promise<CallHistory> {
    const read = () =>
      this.#query<RecordRow>(
        `select * from call_record where sip_call_id = $1 and ended_at is not null and wrap_up_ms is not null`,
        [sipCallId],
      );
    const records = await until(
      `a complete record of call ${sipCallId}`,
      async () => {
        const rows = await read();
        return rows.length > 0 && rows;
      },
      { withinMs, everyMs: 50 },
    );
    expect(records).toHaveLength(1);
    const [record] = records as [RecordRow];
    const visits = await this.#query<VisitRow>(
      'select * from queue_visit where call_id = $1 order by queued_at',
      [record.call_id],
    );
    expect(visits.reduce((sum, { wait_ms }) => sum + wait_ms, 0)).toBe(record.wait_ms);
    for (const visit of visits)
      expect(visit.left_at.getTime() - visit.queued_at.getTime()).toBe(visit.wait_ms);
    return { record, visits };
  }

  /** The agent's states since then, each beginning where the one before ended. */
  async statesOf(agent: string, since: Date): Promise<IntervalRow[]> {
    const rows = await this.#query<IntervalRow>(
      `select * from agent_state_interval where agent = $1 and started_at >= $2 order by started_at, ended_at nulls last`,
      [agent, since],
    );
    rows.forEach((row, i) => {
      if (i > 0)
        expect(row.started_at, `${agent}: ${row.state} follows at once`).toEqual(rows[i - 1]?.ended_at);
    });
    return rows;
  }

  /** Types of a call's events, in order. */
  async eventsOf(callId: string): Promise<string[]> {
    const rows = await this.#query<{ type: string }>(
      'select type from call_event where call_id = $1 order by seq',
      [callId],
    );
    return rows.map(({ type }) => type);
  }
}
