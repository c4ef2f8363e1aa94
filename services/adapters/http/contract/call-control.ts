import { z } from 'zod';
import { callRefusals } from '../../../agents/call-commands.ts';
import { holdReasons } from '../../../events/vocabulary.ts';
import { idSchema, plainText } from './common.ts';

/** Whom a caller is passed on to, or who is asked for advice. */
export const callTargetSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('agent'), agent: idSchema }),
    z.strictObject({ kind: z.literal('queue'), queue: idSchema }),
    z.strictObject({ kind: z.literal('outside'), number: z.string().regex(/^\+?[\d -]{3,24}$/) }),
  ])
  .meta({ id: 'CallTarget' });
export type CallTargetBody = z.infer<typeof callTargetSchema>;

const nothing = z.strictObject({});

/** Why the caller is passed on (TRF-01). Left out or blank, the answer is 422 `reason-missing`. */
const passOnSchema = z.strictObject({
  to: callTargetSchema,
  reason: plainText(200)
    .trim()
    .optional()
    .meta({ description: 'Told to whoever answers. Without one: 422 `reason-missing`.' }),
});

/** What the caller is told before hearing music (HLD-01). Without a reason 422 `reason-missing`, without the time 422 `promise-missing`. */
const holdSchema = z.strictObject({
  reason: z.enum(holdReasons).optional(),
  promisedSeconds: z.number().int().min(5).max(600).optional().meta({
    description: 'How long the caller was told it would take. Without it: 422 `promise-missing`.',
  }),
});

/** POST /api/v1/agents/{agent}/call/{action}, by action. */
export const callActionBodies = {
  hold: holdSchema,
  resume: nothing,
  transfer: passOnSchema,
  consult: passOnSchema,
  swap: nothing,
  conference: nothing,
  'complete-transfer': nothing,
  'end-consult': nothing,
  dial: z.strictObject({ number: z.string().regex(/^\+?[\d -]{3,24}$/), hotline: idSchema }),
  'hang-up': nothing,
} as const;
export type CallAction = keyof typeof callActionBodies;
export type CallActionBody<A extends CallAction> = z.infer<(typeof callActionBodies)[A]>;

/** What the engine may refuse an action with, beside `unknown-agent` and `not-allowed`. */
export const callActionRefusals = callRefusals;

/** POST /api/v1/agents/{agent}/wrap-up/extend */
export const extendWrapUpSchema = z
  .strictObject({ byMs: z.number().int().min(1000).max(600_000) })
  .meta({ id: 'ExtendWrapUp' });
export type ExtendWrapUp = z.infer<typeof extendWrapUpSchema>;

export const queuePathSchema = z.object({ queue: idSchema });

/** PUT /api/v1/queues/{queue}/reserve */
export const setReserveSchema = z.strictObject({ on: z.boolean() }).meta({ id: 'SetReserve' });
export type SetReserve = z.infer<typeof setReserveSchema>;
/** What is so afterwards. */
export const reserveSchema = z.object({ queue: z.string(), on: z.boolean() }).meta({ id: 'Reserve' });
