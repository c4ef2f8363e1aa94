import { z } from 'zod';
import { idSchema, instantSchema, momentSchema } from './common.ts';
import { kpiCountsSchema, kpiSchema } from './kpi.ts';

export const reportIntervals = ['quarter-hour', 'hour', 'day'] as const;

/** GET /api/v1/reports/kpi. Leads and administrators. At most 31 days by quarter-hour or hour, 366 by day. */
export const kpiReportQuerySchema = z.strictObject({
  from: momentSchema,
  to: momentSchema,
  queue: idSchema.optional(),
  /** `hour` when left out. Days are the centre's local days. */
  interval: z.enum(reportIntervals).optional(),
});
export type KpiReportQuery = z.infer<typeof kpiReportQuerySchema>;

export const kpiReportRowSchema = z
  .object({
    queue: z.string(),
    intervalStart: instantSchema,
    counts: kpiCountsSchema,
    kpis: z.array(kpiSchema),
  })
  .meta({ id: 'KpiReportRow' });

/** From Postgres, by the interval in which a visit entered its queue. Intervals in which nothing happened are left out. */
export const kpiReportSchema = z
  .object({
    from: instantSchema,
    to: instantSchema,
    interval: z.enum(reportIntervals),
    rows: z.array(kpiReportRowSchema),
    /** The same over the whole time asked for: per queue, and all together. */
    totals: z.array(kpiReportRowSchema.omit({ intervalStart: true })),
    overall: z.object({ counts: kpiCountsSchema, kpis: z.array(kpiSchema) }),
  })
  .meta({ id: 'KpiReport' });
export type KpiReport = z.infer<typeof kpiReportSchema>;
