import { sql } from 'kysely';
import { asId, type QueueId } from '../../events/ids.ts';
import type { KpiBooksPort } from '../../runtime/kpi-books-port.ts';
import type { Postgres } from './connect.ts';
import { named } from './errors.ts';
import { kpiColumns, toCounts } from './kpi-report.ts';

/** The day's KPIs from the view `kpi_interval`. @param options.timeZone the centre's: days are its days */
export function createKpiBooks({ db, where }: Postgres, options: { timeZone: string }): KpiBooksPort {
  const startOf = (date: ReturnType<typeof sql>) => sql<Date>`${date} at time zone ${options.timeZone}`;
  return {
    countsOfDay: (journalId, day) =>
      named(where, 'Adding up the KPIs of the day', () =>
        // One view of the data for both questions: the counts are those of exactly this position.
        db
          .transaction()
          .setIsolationLevel('repeatable read')
          .execute(async (trx) => {
            const position = await trx
              .selectFrom('journal_position')
              .select('seq')
              .where('journal_id', '=', journalId)
              .executeTakeFirst();
            const rows = await trx
              .selectFrom('kpi_interval')
              .where('interval_start', '>=', startOf(sql`${day}::date::timestamp`))
              .where('interval_start', '<', startOf(sql`(${day}::date + 1)::timestamp`))
              .groupBy('queue')
              .select('queue')
              .select((it) => kpiColumns.map((name) => it.fn.sum<number>(name).as(name)))
              .execute();
            return {
              seq: position?.seq ?? 0,
              counts: new Map(rows.map((row) => [asId<QueueId>(row.queue), toCounts(row)])),
            };
          }),
      ),
  };
}
