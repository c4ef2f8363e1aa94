import { z } from 'zod';
import { kpiIds } from '../../../kpi/kpi.ts';
import { bilingualSchema, countSchema, durationMsSchema } from './common.ts';

export const kpiCountsSchema = z
  .object({
    offered: countSchema,
    answered: countSchema,
    answeredInThreshold: countSchema,
    abandoned: countSchema,
    shortAbandoned: countSchema,
    flowOut: countSchema,
    waitAnsweredMs: durationMsSchema,
    waitAbandonedMs: durationMsSchema,
    ringMs: durationMsSchema,
    handled: countSchema,
    talkMs: durationMsSchema,
    holdMs: durationMsSchema,
    wrapUpMs: durationMsSchema,
    wrappedUp: countSchema,
    handleMs: durationMsSchema,
  })
  .meta({
    id: 'KpiCounts',
    description: 'Counts and sums by the interval in which the visit entered its queue.',
  });

/** One KPI with its definition, so that a number is never shown without what it means. */
export const kpiSchema = z
  .object({
    kpi: z.enum(kpiIds),
    /** A changed meaning is a new version. */
    version: z.number().int(),
    /** The thresholds it was made with, such as `T=15s, short<5s`, or `per queue` where they differ; '' when it has none. */
    definition: z.string(),
    level: z.enum(['visit', 'call']),
    /** A ratio 0…1, or milliseconds; null when the denominator is 0. */
    value: z.number().nullable(),
    unit: z.enum(['ratio', 'ms']),
    numerator: z.number(),
    denominator: z.number(),
  })
  .meta({ id: 'Kpi' });
export type KpiValue = z.infer<typeof kpiSchema>;

/** GET /api/v1/reports/definitions: what each KPI means, in words; in the order in which they are shown. */
export const kpiDefinitionSchema = z
  .object({
    kpi: z.enum(kpiIds),
    version: z.number().int(),
    level: z.enum(['visit', 'call']),
    unit: z.enum(['ratio', 'ms']),
    name: bilingualSchema,
    text: bilingualSchema,
  })
  .meta({ id: 'KpiDefinition' });
export const kpiDefinitionsSchema = z
  .object({ kpis: z.array(kpiDefinitionSchema) })
  .meta({ id: 'KpiDefinitions' });
export type KpiDefinitions = z.infer<typeof kpiDefinitionsSchema>;
