import { sql } from 'kysely';
import type { InheritancePort } from '../../runtime/inheritance-port.ts';
import type { Postgres } from './connect.ts';
import { DatabaseError, named } from './errors.ts';
import { toEvent } from './rows.ts';

const lockNotAvailable = '55P03';

/** What controllers leave for each other. */
export function createInheritance({ db, where }: Postgres): InheritancePort {
  const close = (journalIds: readonly string[]) =>
    named(where, 'Closing the journal of another controller', () =>
      db.transaction().execute(async (trx) => {
        await sql`set local lock_timeout = 300`.execute(trx);
        for (const journalId of journalIds)
          await sql`
            insert into journal_position (journal_id, seq, closed_at) values (${journalId}, 0, clock_timestamp())
            on conflict (journal_id) do update set closed_at = coalesce(journal_position.closed_at, clock_timestamp())`.execute(
            trx,
          );
      }),
    );
  return {
    keepSnapshot: (journalId, shippedAs, seq, body) =>
      named(where, 'Keeping a snapshot', async () => {
        await sql`
          insert into snapshot (journal_id, seq, kept_at, body, shipped_as)
          values (${journalId}, ${seq}, clock_timestamp(), ${body}, ${shippedAs})
          on conflict (journal_id) do update
            set seq = excluded.seq, kept_at = excluded.kept_at, body = excluded.body, shipped_as = excluded.shipped_as`.execute(
          db,
        );
      }),
    async close(journalIds) {
      try {
        await close(journalIds);
      } catch (error) {
        if (!(error instanceof DatabaseError && error.code === lockNotAvailable)) throw error;
        await named(where, 'Cutting off who writes a journal that is closed', () =>
          // It was stopped in the middle of a transaction, and would hold the row until that times out.
          sql`
            select pg_terminate_backend(pid) from pg_locks
            where relation = 'hotline.journal_position'::regclass and mode = 'RowExclusiveLock' and pid <> pg_backend_pid()`.execute(
            db,
          ),
        );
        await close(journalIds);
      }
    },
    ancestor: () =>
      named(where, 'Looking up whose calls these are', async () => {
        const row = await db.selectFrom('lease').select('inherits_from').executeTakeFirst();
        return row?.inherits_from ?? null;
      }),
    last: (journalId) =>
      named(where, 'Reading the newest snapshot', async () => {
        const snapshot = await db
          .selectFrom('snapshot')
          .select(['seq', 'body', 'shipped_as'])
          .where('journal_id', '=', journalId)
          .executeTakeFirst();
        const storedAs = snapshot?.shipped_as ?? journalId;
        const position = await db
          .selectFrom('journal_position')
          .select('seq')
          .where('journal_id', '=', storedAs)
          .executeTakeFirst();
        return { snapshot: snapshot ?? null, storedAs, seq: position?.seq ?? 0 };
      }),
    events: (storedAs, from, to) =>
      named(where, 'Reading events since the snapshot', async () => {
        const ids = Array.from({ length: to - from + 1 }, (_, i) => `${storedAs}-${from + i}`);
        const rows = await db
          .selectFrom('event')
          .selectAll()
          .where('event_id', '=', (it) => it.fn.any(it.val(ids)))
          .orderBy('seq')
          .execute();
        return rows.map(toEvent);
      }),
  };
}
