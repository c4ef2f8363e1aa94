import { z } from 'zod';
import { countSchema, durationMsSchema } from './common.ts';

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
    /** `service_level`, `answer_rate`, `abandon_rate`, `average_speed_of_answer`, `average_handle_time`, … */
    kpi: z.string(),
    version: z.number().int(),
    /** The parameters, such as `T=15s, short<5s`; `per queue` where queues with different ones are added up. */
    definition: z.string(),
    level: z.enum(['visit', 'call']),
    /** null when the denominator is 0. */
    value: z.number().nullable(),
    unit: z.enum(['ratio', 'ms']),
    numerator: z.number(),
    denominator: z.number(),
  })
  .meta({ id: 'Kpi' });
export type KpiValue = z.infer<typeof kpiSchema>;
