import { asId, type QueueId } from '../../../events/ids.ts';
import { instant } from '../../../events/instant.ts';
import type { KpiCounts } from '../../../kpi/counts.ts';
import { commonThresholds, kpiFormulas, kpisOf } from '../../../kpi/kpis-of.ts';
import type { Application } from '../../../runtime/application.ts';
import type { KpiInterval, KpiReportRow, RecordsPort } from '../../../runtime/people-port.ts';
import { momentMs, roles } from '../contract/common.ts';
import { kpiDefinitionsSchema } from '../contract/kpi.ts';
import { type KpiReport, kpiReportQuerySchema, kpiReportSchema } from '../contract/reports.ts';
import { fromStore } from '../deadline.ts';
import { Refusal } from '../errors.ts';
import { sumCounts } from '../live-snapshot.ts';
import type { HttpLimits } from '../options.ts';
import { type Route, route } from '../route.ts';

const dayMs = 24 * 3600_000;
const maxDays: Record<KpiInterval, number> = { 'quarter-hour': 31, hour: 31, day: 366 };

/** KPIs over time, from the stored records, and what each means. */
export function reportRoutes(parts: {
  application: Application;
  store: RecordsPort;
  limits: HttpLimits;
}): Route[] {
  const { application, store, limits } = parts;
  const thresholdsOf = (queue: QueueId) => application.centre.queues.get(queue) ?? null;

  const kpi = route({
    method: 'get',
    path: '/api/v1/reports/kpi',
    operationId: 'getKpiReport',
    summary: 'KPIs per queue and interval',
    tag: 'records',
    access: ['lead', 'admin'],
    query: kpiReportQuerySchema,
    replies: { 200: { description: 'The report', schema: kpiReportSchema } },
    refusals: ['store-unavailable'],
    async handle({ res, query }) {
      const interval = query.interval ?? 'hour';
      const from = instant(momentMs(query.from));
      const to = instant(momentMs(query.to));
      requireSpan(to - from, maxDays[interval], interval);
      const queue = query.queue === undefined ? null : asId<QueueId>(query.queue);
      const found = await fromStore(store.kpiReport({ from, to, queue, interval }), limits.answerMs);
      const withKpis = <T extends { queue: QueueId; counts: KpiCounts }>(row: T) => ({
        ...row,
        kpis: kpisOf(row.counts, thresholdsOf(row.queue)),
      });
      const totals = totalsOf(found);
      const counts = sumCounts(totals.map((total) => total.counts));
      const thresholds = totals.map((total) => thresholdsOf(total.queue));
      const common = commonThresholds(thresholds.filter((one) => one !== null));
      const report: KpiReport = {
        from,
        to,
        interval,
        rows: found.map(withKpis),
        totals: totals.map(withKpis),
        overall: { counts, kpis: kpisOf(counts, thresholds.includes(null) ? null : common) },
      };
      res.json(report);
    },
  });

  const definitions = route({
    method: 'get',
    path: '/api/v1/reports/definitions',
    operationId: 'getKpiDefinitions',
    summary: 'What each KPI means, in words',
    tag: 'records',
    access: roles,
    replies: { 200: { description: 'In the order in which they are shown', schema: kpiDefinitionsSchema } },
    handle({ res }) {
      const kpis = kpiFormulas.map(({ kpi, version, level, unit, name, text }) => ({
        kpi,
        version,
        level,
        unit,
        name,
        text,
      }));
      res.json({ kpis });
    },
  });
  return [kpi, definitions];
}

function requireSpan(spanMs: number, days: number, interval: KpiInterval): void {
  if (spanMs > 0 && spanMs <= days * dayMs) return;
  const message = spanMs <= 0 ? '`to` must be later than `from`' : `at most ${days} days by ${interval}`;
  throw new Refusal('invalid-query', `to: ${message}`, { errors: [{ path: 'to', message }] });
}

function totalsOf(rows: readonly KpiReportRow[]): { queue: QueueId; counts: KpiCounts }[] {
  const byQueue = Map.groupBy(rows, (row) => row.queue);
  return [...byQueue].map(([queue, own]) => ({ queue, counts: sumCounts(own.map((row) => row.counts)) }));
}
