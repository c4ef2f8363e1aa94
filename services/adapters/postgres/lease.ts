import { sql } from 'kysely';
import type { LeasePort, LeaseRow } from '../../runtime/lease-port.ts';
import type { Postgres } from './connect.ts';
import { named } from './errors.ts';

/**
 * The lease in its one row.
 * @param postgres connections of its own, with short limits: a busy service must not keep the lease from being renewed
 */
export function createLeasePort({ db, where }: Postgres): LeasePort {
  return {
    read: () =>
      named(where, 'Reading the lease', async (): Promise<LeaseRow> => {
        const row = await db.selectFrom('lease').selectAll().executeTakeFirstOrThrow();
        return {
          holder: row.holder,
          fence: row.fence,
          renewals: row.renewals,
          givenBack: row.given_back,
          place: row.place,
        };
      }),
    take: (holder, place, seen) =>
      named(where, 'Taking the lease', async () => {
        const taken = await db
          .updateTable('lease')
          .set({
            holder,
            place,
            // One that had not come so far as to have a state of its own hands on what it was to go on from.
            inherits_from: sql<string | null>`case
              when holder = ${holder} then inherits_from
              when exists (select from journal_position where journal_id = holder)
                or exists (select from snapshot where journal_id = holder) then holder
              else inherits_from end`,
            fence: sql<number>`fence + 1`,
            renewals: sql<number>`renewals + 1`,
            renewed_at: sql<Date>`clock_timestamp()`,
            given_back: false,
          })
          .where('fence', '=', seen.fence)
          .where('renewals', '=', seen.renewals)
          .returning('fence')
          .executeTakeFirst();
        return taken?.fence ?? null;
      }),
    renew: (holder, fence) =>
      named(where, 'Renewing the lease', async () => {
        const { numUpdatedRows } = await db
          .updateTable('lease')
          .set({ renewals: sql<number>`renewals + 1`, renewed_at: sql<Date>`clock_timestamp()` })
          .where('holder', '=', holder)
          .where('fence', '=', fence)
          .executeTakeFirst();
        return numUpdatedRows > 0n;
      }),
    giveBack: (holder, fence) =>
      named(where, 'Giving the lease back', async () => {
        await db
          .updateTable('lease')
          .set({ given_back: true, renewals: sql<number>`renewals + 1` })
          .where('holder', '=', holder)
          .where('fence', '=', fence)
          .execute();
      }),
  };
}

/** Whether a controller of another place holds the lease and has renewed it within 3 s, by the database's clock. */
export const actsElsewhere = ({ db, where }: Postgres, place: string): Promise<boolean> =>
  named(where, 'Asking who acts', async () => {
    const row = await db
      .selectFrom('lease')
      .select('fence')
      .where('place', '<>', place)
      .where('given_back', '=', false)
      .where('renewed_at', '>', sql<Date>`clock_timestamp() - interval '3 s'`)
      .executeTakeFirst();
    return row !== undefined;
  });
