import { sql } from 'kysely';
import { asId, type CallId } from '../../events/ids.ts';
import { toIso } from '../../events/instant.ts';
import type { LedgerPort, RecordedCall } from '../../runtime/ledger-port.ts';
import type { Postgres } from './connect.ts';
import { named } from './errors.ts';
import { toInstant, toInstantOrNull } from './rows.ts';
import { type Target, upsert } from './upsert.ts';

/** Notes of calls are let go after this: long after the last of them could be asked for. */
const NOTES_KEPT = '40 days';
/** Records looked at in one comparison; more are found in the next. */
const MOST_FOUND = 1_000;

type Note = { call_id: string; started_at: string };
const noteTarget: Target<Note> = {
  table: 'witnessed_call',
  columns: { call_id: 'text', started_at: 'timestamptz' },
  key: ['call_id'],
};

type Entry = {
  kind: string;
  id: string;
  call_id: string;
  started_at: string;
  reason: string;
  found_at: string;
};
const entryTarget: Target<Entry> = {
  table: 'ledger_unexplained',
  columns: {
    kind: 'text',
    id: 'text',
    call_id: 'text',
    started_at: 'timestamptz',
    reason: 'text',
    found_at: 'timestamptz',
  },
  key: ['kind', 'id'],
};

/** Our ledger, for holding Asterisk's account against it. */
export function createLedgerCheck({ db, where }: Postgres): LedgerPort {
  return {
    recordsOf: (callIds) =>
      named(where, 'Looking up records of calls', async () => {
        const records = new Map<
          CallId,
          RecordedCall & { legs: Set<RecordedCall['legs'] extends ReadonlySet<infer L> ? L : never> }
        >();
        const calls = await db
          .selectFrom('call')
          .select(['call_id', 'ended_at', 'degraded', 'agent'])
          .where('call_id', '=', (it) => it.fn.any(it.val([...callIds])))
          .execute();
        for (const row of calls)
          records.set(asId(row.call_id), {
            endedAt: toInstantOrNull(row.ended_at),
            degraded: row.degraded,
            answered: row.agent !== null,
            legs: new Set([asId(row.call_id)]),
          });
        const { rows } = await sql<{ call_id: string; leg_id: string }>`
          select call_id, payload ->> 'legId' as leg_id
            from hotline.event
           where call_id = any(${[...callIds]}) and type in ('AgentRingRequested', 'TransferRequested', 'OutgoingDialled')`.execute(
          db,
        );
        for (const row of rows) records.get(asId(row.call_id))?.legs.add(asId(row.leg_id));
        return records;
      }),
    noteWitnessed: (calls) =>
      named(where, 'Noting the calls Asterisk tells of', async () => {
        const notes = calls.map(({ callId, startedAt }) => ({
          call_id: callId,
          started_at: toIso(startedAt),
        }));
        await upsert(db, noteTarget, notes, 'keep');
      }),
    recordsWithoutWitness: (from, to) =>
      named(where, 'Looking for records Asterisk does not tell of', async () => {
        const { rows } = await sql<{ call_id: string; started_at: Date }>`
          select call_id, started_at
            from hotline.call c
           where started_at >= greatest(${toIso(from)}::timestamptz, (select min(began_at) from hotline.witness_begin))
             and started_at < ${toIso(to)}::timestamptz
             and not exists (select from hotline.witnessed_call w where w.call_id = c.call_id)
           order by started_at limit ${MOST_FOUND}`.execute(db);
        return rows.map((row) => ({ callId: asId(row.call_id), startedAt: toInstant(row.started_at) }));
      }),
    keepUnexplained: (from, found, now) =>
      named(where, 'Keeping what is unexplained', () =>
        db.transaction().execute(async (trx) => {
          const entries = found.map((one) => ({
            kind: one.kind,
            id: one.id,
            call_id: one.callId,
            started_at: toIso(one.startedAt),
            reason: one.reason,
            found_at: toIso(now),
          }));
          const kept = entries.map(({ kind, id }) => `${kind} ${id}`);
          await sql`
            delete from hotline.ledger_unexplained
             where started_at >= ${toIso(from)}::timestamptz and kind || ' ' || id <> all(${kept}::text[])`.execute(
            trx,
          );
          await upsert(trx, entryTarget, entries, 'keep');
          await sql`
            delete from hotline.witnessed_call
             where started_at < ${toIso(now)}::timestamptz - ${NOTES_KEPT}::interval`.execute(trx);
          const { rows } = await sql<{ calls: number }>`
            select count(distinct call_id) as calls from hotline.ledger_unexplained`.execute(trx);
          return rows[0]?.calls ?? 0;
        }),
      ),
  };
}
