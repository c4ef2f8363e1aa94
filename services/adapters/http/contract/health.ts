import { z } from 'zod';
import { partsSchema } from './live.ts';

/** GET /healthz: the process answers. */
export const healthSchema = z.object({ status: z.literal('ok') }).meta({ id: 'Health' });

/** GET /readyz: 200 when calls can be taken, else 503 with the same body. */
export const readinessSchema = partsSchema;
export type Readiness = z.infer<typeof readinessSchema>;
