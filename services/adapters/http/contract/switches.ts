import { z } from 'zod';
import { bilingualSchema, idSchema, instantSchema } from './common.ts';

/** What a lead can turn on and off for a hotline; flows look at it when they branch, so it holds for the next caller. */
export const switchSchema = z
  .object({
    hotline: z.string(),
    /** As `dialplans/calendar.yaml` declares it. */
    name: z.string(),
    label: bilingualSchema,
    on: z.boolean(),
    /** Who turned it last, and when; null when nobody ever has. */
    by: z.string().nullable(),
    since: instantSchema.nullable(),
  })
  .meta({ id: 'Switch' });
export type SwitchRow = z.infer<typeof switchSchema>;

/** GET /api/v1/switches: every switch of every hotline. */
export const switchesSchema = z.object({ switches: z.array(switchSchema) }).meta({ id: 'Switches' });

/** PUT /api/v1/switches; answered with the switch as it is then. */
export const setSwitchSchema = z
  .strictObject({ hotline: idSchema, name: idSchema, on: z.boolean() })
  .meta({ id: 'SetSwitch' });
export type SetSwitch = z.infer<typeof setSwitchSchema>;
