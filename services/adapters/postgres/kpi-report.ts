import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { KpiIntervalView } from '../../../db/schema.ts';
import { asId } from '../../events/ids.ts';
import { toIso } from '../../events/instant.ts';
import type { KpiCounts } from '../../kpi/counts.ts';
import type { KpiInterval, KpiReportRow, RecordsPort } from '../../runtime/people-port.ts';
import type { Db } from './connect.ts';
import { toInstant } from './rows.ts';

export type KpiQuery = Parameters<RecordsPort['kpiReport']>[0];

/**
 * Counts per queue and interval, from the view. Intervals are counted in the centre's time zone, so that a day is the
 * day people mean; an interval that begins before `to` is whole, even if it ends after it.
 */
export async function kpiReport(db: Db, query: KpiQuery, timeZone: string): Promise<KpiReportRow[]> {
  const start = startOf[query.interval](timeZone);
  const rows = await db
    .selectFrom('kpi_interval')
    .where('interval_start', '>=', new Date(query.from))
    .where('interval_start', '<', new Date(query.to + LONGEST_MS[query.interval]))
    .$if(query.queue !== null, (it) => it.where('queue', '=', query.queue ?? ''))
    .where(start, '>=', sql<Date>`${toIso(query.from)}::timestamptz`)
    .where(start, '<', sql<Date>`${toIso(query.to)}::timestamptz`)
    .groupBy(sql.raw('1, 2'))
    .orderBy(sql.raw('1, 2'))
    .select([start.as('start'), 'queue'])
    .select((it) => kpiColumns.map((name) => it.fn.sum<number>(name).as(name)))
    .execute();
  return rows.map((row) => ({
    queue: asId(row.queue),
    intervalStart: toInstant(row.start),
    counts: toCounts(row),
  }));
}

/** The start of the interval that a quarter of an hour belongs to. */
const startOf: Record<KpiInterval, (timeZone: string) => RawBuilder<Date>> = {
  'quarter-hour': () => sql<Date>`interval_start`,
  hour: (timeZone) => sql<Date>`date_trunc('hour', interval_start, ${sql.lit(timeZone)})`,
  day: (timeZone) => sql<Date>`date_trunc('day', interval_start, ${sql.lit(timeZone)})`,
};

/** Days have 25 hours when the clocks go back. */
const LONGEST_MS: Record<KpiInterval, number> = { 'quarter-hour': 0, hour: 3_600_000, day: 25 * 3_600_000 };

export const kpiColumns = [
  'offered',
  'answered',
  'answered_in_threshold',
  'abandoned',
  'short_abandoned',
  'flow_out',
  'wait_answered_ms',
  'wait_abandoned_ms',
  'ring_ms',
  'handled',
  'talk_ms',
  'hold_ms',
  'wrap_up_ms',
  'wrapped_up',
  'handle_ms',
] as const satisfies (keyof KpiIntervalView)[];

type Counted = Pick<Selectable<KpiIntervalView>, (typeof kpiColumns)[number]>;

/** Sums of bigints are `numeric`, which the driver gives as text. */
export const toCounts = (row: Counted): KpiCounts => ({
  offered: Number(row.offered),
  answered: Number(row.answered),
  answeredInThreshold: Number(row.answered_in_threshold),
  abandoned: Number(row.abandoned),
  shortAbandoned: Number(row.short_abandoned),
  flowOut: Number(row.flow_out),
  waitAnsweredMs: Number(row.wait_answered_ms),
  waitAbandonedMs: Number(row.wait_abandoned_ms),
  ringMs: Number(row.ring_ms),
  handled: Number(row.handled),
  talkMs: Number(row.talk_ms),
  holdMs: Number(row.hold_ms),
  wrapUpMs: Number(row.wrap_up_ms),
  wrappedUp: Number(row.wrapped_up),
  handleMs: Number(row.handle_ms),
});
