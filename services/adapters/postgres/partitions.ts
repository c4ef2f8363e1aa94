import { sql } from 'kysely';
import type { Instant } from '../../events/instant.ts';
import { toIso } from '../../events/instant.ts';
import type { Postgres } from './connect.ts';
import { named } from './errors.ts';

/** Last month too: a backlog from before midnight of the first may still come in. */
const MONTHS_BEHIND = 1;
const MONTHS_AHEAD = 3;

/**
 * Makes the month partitions around `now`; call it at start and once a day. Returns how many were new. When it was
 * not called for long, rows are in the default partitions and move into their months with the next call.
 */
export async function ensurePartitions({ db, where }: Postgres, now: Instant): Promise<number> {
  return named(where, 'Making the partitions of the coming months', async () => {
    const { rows } = await sql<{ made: number }>`
      select hotline.ensure_months(
        ${toIso(now)}::timestamptz - make_interval(months => ${MONTHS_BEHIND}::int),
        ${MONTHS_BEHIND + 1 + MONTHS_AHEAD}::int
      ) as made`.execute(db);
    return rows[0]?.made ?? 0;
  });
}
