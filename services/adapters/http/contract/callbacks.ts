import { z } from 'zod';
import { countSchema, idSchema, instantSchema } from './common.ts';

/** A customer who was promised to be called back. */
export const callbackSchema = z
  .object({
    callbackId: z.string(),
    hotline: z.string(),
    queue: z.string(),
    /** Masked (`138****1234`). */
    number: z.string(),
    /** When the waiting began: the place in line that is kept. */
    queuedAt: instantSchema,
    /** The call in which it was promised. */
    callId: z.string(),
    /** Calls to the customer that came to nothing. */
    attempts: countSchema,
    /** When it may be tried (again); null while it is being made. */
    notBefore: instantSchema.nullable(),
  })
  .meta({ id: 'Callback' });

/** GET /api/v1/callbacks: every one that is not done with, the first in line first. */
export const callbacksSchema = z.object({ callbacks: z.array(callbackSchema) }).meta({ id: 'Callbacks' });

export const callbackPathSchema = z.strictObject({ id: idSchema });
