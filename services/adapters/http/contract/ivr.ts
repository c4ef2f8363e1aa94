import { z } from 'zod';
import { countSchema, instantSchema } from './common.ts';

const flowNameSchema = z.string().regex(/^[\w-]{1,40}$/, 'letters, digits, - and _ only');
const versionNumberSchema = z.number().int().min(1).max(1_000_000);

/** One version of a flow having come into force. */
export const flowActivationSchema = z
  .object({
    version: countSchema,
    at: instantSchema,
    /** The user who did it; `set-up` for what came with a start. */
    by: z.string(),
    rollsBackTo: countSchema.nullable().meta({ description: 'The version whose content this is again.' }),
  })
  .meta({ id: 'FlowActivation' });

export const flowOverviewSchema = z
  .object({
    flow: z.string(),
    /** Hotlines whose callers begin here. */
    hotlines: z.array(z.string()),
    inForce: flowActivationSchema.nullable(),
    /** The newest first. */
    versions: z.array(flowActivationSchema),
    fileDiffers: z.boolean().nullable().meta({
      description:
        'Whether the file that people write says something else than what is in force; null: there is none.',
    }),
  })
  .meta({ id: 'FlowOverview' });
export type FlowOverviewView = z.infer<typeof flowOverviewSchema>;

/** GET /api/v1/ivr/flows. Leads and administrators. */
export const flowListSchema = z.object({ flows: z.array(flowOverviewSchema) }).meta({ id: 'FlowList' });
export type FlowList = z.infer<typeof flowListSchema>;

/** GET /api/v1/ivr/flows/{flow}/versions/{version}/picture: an SVG. */
export const flowVersionPathSchema = z.object({
  flow: flowNameSchema,
  version: z
    .string()
    .regex(/^\d{1,7}$/, 'a whole number')
    .transform(Number),
});

/** POST /api/v1/ivr/activations: the flow's file, or an old version's text again. */
export const activateFlowSchema = z
  .strictObject({ flow: flowNameSchema, version: versionNumberSchema.optional() })
  .meta({ id: 'ActivateFlow' });
export type ActivateFlow = z.infer<typeof activateFlowSchema>;
