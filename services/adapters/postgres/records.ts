import { sql } from 'kysely';
import { asId, type CallId } from '../../events/ids.ts';
import { toIso } from '../../events/instant.ts';
import type { CallsQuery, RecordsPort } from '../../runtime/people-port.ts';
import type { Db, Postgres } from './connect.ts';
import { named } from './errors.ts';
import { kpiReport } from './kpi-report.ts';
import { toCallRecord, toEvent, toInstant, toInterval } from './rows.ts';

/** More calls than this are never given at once. */
const MOST_CALLS = 1_000;
/** A call's timeline ends here; a call with more events is a loop in a flow. */
const MOST_EVENTS = 5_000;
/** States of agents that are given at once: a large queue's over half an hour. */
const MOST_INTERVALS = 20_000;
/** A state that began longer ago and has ended is not looked for: nobody works that long without a break. */
const LONGEST_STATE_MS = 24 * 3_600_000;

/**
 * What is kept, for people to look at.
 * @param options.timeZone the centre's, such as `Asia/Shanghai`: days of reports are its days
 */
export function createRecords({ db, where }: Postgres, options: { timeZone: string }): RecordsPort {
  return {
    listCalls: (query) => named(where, 'Listing calls', () => listCalls(db, query)),
    callWithTimeline: (callId) =>
      named(where, `Reading call ${callId}`, async () => {
        const row = await db
          .selectFrom('call_record')
          .selectAll()
          .where('call_id', '=', callId)
          .executeTakeFirst();
        if (row === undefined) return null;
        const events = await db
          .selectFrom('event')
          .selectAll()
          .where('call_id', '=', callId)
          // A call's events are as old as the call: older months are not searched.
          .where('at', '>=', new Date(row.started_at.getTime() - 3_600_000))
          .orderBy('at')
          .orderBy('seq')
          .limit(MOST_EVENTS)
          .execute();
        return { call: toCallRecord(row), timeline: events.map(toEvent) };
      }),
    agentStates: (query) =>
      named(where, "Reading agents' states", async () => {
        if (query.agents.length === 0) return [];
        const from = new Date(query.from);
        const rows = await db
          .selectFrom('agent_interval')
          .selectAll()
          .where('agent', 'in', [...query.agents])
          .where('started_at', '<=', new Date(query.to))
          .where((it) =>
            it.or([
              it('ended_at', 'is', null),
              it.and([
                it('ended_at', '>=', from),
                it('started_at', '>=', new Date(query.from - LONGEST_STATE_MS)),
              ]),
            ]),
          )
          .limit(MOST_INTERVALS + 1)
          .execute();
        return rows.length > MOST_INTERVALS ? null : rows.map(toInterval);
      }),
    kpiReport: (query) =>
      named(where, 'Reading the KPI report', () => kpiReport(db, query, options.timeZone)),
    unexplained: (limit) =>
      named(where, 'Listing what is unexplained', async () => {
        const rows = await db
          .selectFrom('ledger_unexplained as u')
          .select(['u.kind', 'u.id', 'u.call_id', 'u.started_at', 'u.reason', 'u.found_at'])
          .select((it) =>
            it
              .exists(it.selectFrom('call as c').select('c.call_id').whereRef('c.call_id', '=', 'u.call_id'))
              .as('recorded'),
          )
          .orderBy('u.started_at', 'desc')
          .orderBy('u.id')
          .limit(Math.min(limit, MOST_CALLS))
          .execute();
        return rows.map((row) => ({
          kind: row.kind,
          id: row.id,
          callId: asId<CallId>(row.call_id),
          startedAt: toInstant(row.started_at),
          reason: row.reason,
          foundAt: toInstant(row.found_at),
          recorded: row.recorded === true,
        }));
      }),
  };
}

async function listCalls(db: Db, query: CallsQuery) {
  const newestFirst = query.order === 'newest-first';
  let calls = db.selectFrom('call_record').selectAll();
  if (query.from !== null) calls = calls.where('started_at', '>=', new Date(query.from));
  if (query.to !== null) calls = calls.where('started_at', '<', new Date(query.to));
  if (query.number !== null) calls = calls.where('caller_number', '=', query.number);
  if (query.agent !== null) calls = calls.where('agent', '=', query.agent);
  if (query.queue !== null) calls = calls.where('queue', '=', query.queue);
  if (query.hotline !== null) calls = calls.where('hotline', '=', query.hotline);
  if (query.outcome !== null) calls = calls.where('outcome', '=', query.outcome);
  if (query.after !== null) {
    const { startedAt, callId } = query.after;
    calls = calls.where(
      sql<boolean>`(started_at, call_id) ${sql.raw(newestFirst ? '<' : '>')} (${toIso(startedAt)}::timestamptz, ${callId})`,
    );
  }
  const direction = newestFirst ? 'desc' : 'asc';
  const rows = await calls
    .orderBy('started_at', direction)
    .orderBy('call_id', direction)
    .limit(Math.min(query.limit, MOST_CALLS))
    .execute();
  return rows.map(toCallRecord);
}
