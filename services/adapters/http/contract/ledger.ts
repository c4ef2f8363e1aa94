import { z } from 'zod';
import { comparedKpis } from '../../../kpi/compare-counts.ts';
import { countSchema, instantSchema } from './common.ts';

/** What only one of our records and Asterisk's own account tells of. */
export const unexplainedSchema = z
  .object({
    /** `channel`: Asterisk tells of it and no record does. `record`: the other way round. */
    kind: z.enum(['channel', 'record']),
    /** Of the channel, or of the call. */
    id: z.string(),
    callId: z.string(),
    startedAt: instantSchema,
    /** In English words, as it was found. */
    reason: z.string(),
    foundAt: instantSchema,
    /** Whether the call has a record that can be looked at. */
    recorded: z.boolean(),
  })
  .meta({ id: 'Unexplained' });
export type UnexplainedRow = z.infer<typeof unexplainedSchema>;

/** One KPI of one queue on which the day's counters and the records differ. */
export const kpiDifferenceSchema = z
  .object({
    queue: z.string(),
    kpi: z.enum(comparedKpis),
    live: z.array(z.number()).meta({ description: 'Numerator and denominator, or a single count.' }),
    recorded: z.array(z.number()),
  })
  .meta({ id: 'KpiDifference' });

/** GET /api/v1/ledger. Leads and administrators. */
export const ledgerSchema = z
  .object({
    unexplainedCalls: countSchema,
    /** The newest first, at most 500. */
    unexplained: z.array(unexplainedSchema),
    /** The comparison of the day's counters with the records; null when there has been none since the start. */
    kpi: z
      .object({ checkedAt: instantSchema, day: z.string(), differences: z.array(kpiDifferenceSchema) })
      .nullable(),
  })
  .meta({ id: 'Ledger' });
export type LedgerView = z.infer<typeof ledgerSchema>;
