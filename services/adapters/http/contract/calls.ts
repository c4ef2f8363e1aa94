import { z } from 'zod';
import type { HotlineEvent } from '../../../events/events.ts';
import { callOutcomes } from '../../../events/vocabulary.ts';
import {
  countSchema,
  durationMsSchema,
  idSchema,
  instantSchema,
  momentSchema,
  revealFields,
  revealIsComplete,
  revealProblem,
} from './common.ts';

/** GET /api/v1/calls. Agents see their own calls only. */
export const callsQuerySchema = z
  .strictObject({
    /** Started at or after `from`, and before `to`. */
    from: momentSchema.optional(),
    to: momentSchema.optional(),
    /** The whole caller number; parts of a number are not searched, as that would undo the masking. */
    number: z
      .string()
      .regex(/^\+?[\d -]{3,24}$/)
      .optional(),
    agent: idSchema.optional(),
    queue: idSchema.optional(),
    hotline: idSchema.optional(),
    outcome: z.enum(callOutcomes).optional(),
    order: z.enum(['newest-first', 'oldest-first']).optional(),
    limit: z
      .string()
      .regex(/^([1-9]|[1-9]\d|1\d\d|200)$/, 'a whole number from 1 to 200')
      .optional()
      .meta({ description: '1 to 200; 50 when left out.' }),
    /** `nextCursor` of the page before. */
    cursor: z.string().max(200).optional(),
    ...revealFields,
  })
  .refine(revealIsComplete, revealProblem);
export type CallsFilter = z.infer<typeof callsQuerySchema>;

export const callPathSchema = z.object({ id: idSchema });
export const callQuerySchema = z.strictObject(revealFields).refine(revealIsComplete, revealProblem);

/** One call as the view `call_record` keeps it. */
export const callSchema = z
  .object({
    callId: z.string(),
    /** Masked (`138****1234`) unless revealed; '' when the caller withheld it. */
    callerNumber: z.string(),
    dialledNumber: z.string(),
    hotline: z.string().nullable(),
    startedAt: instantSchema,
    /** null while the call lasts. */
    endedAt: instantSchema.nullable(),
    outcome: z.enum(callOutcomes).nullable(),
    releaseParty: z.enum(['caller', 'agent', 'system']).nullable(),
    queue: z.string().nullable(),
    agent: z.string().nullable(),
    waitMs: durationMsSchema,
    ringMs: durationMsSchema,
    talkMs: durationMsSchema,
    holdMs: durationMsSchema,
    /** null while an agent still wraps up. */
    wrapUpMs: durationMsSchema.nullable(),
    transfers: countSchema,
    disposition: z.string().nullable(),
    resolved: z.boolean().nullable(),
    surveyScore: z.number().nullable(),
    recording: z.string().nullable(),
    degraded: z.boolean(),
    sipCallId: z.string(),
  })
  .meta({ id: 'Call' });
export type CallRow = z.infer<typeof callSchema>;

export const callsPageSchema = z
  .object({
    numbers: z.enum(['masked', 'whole']),
    calls: z.array(callSchema),
    /** null on the last page. */
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'CallsPage' });
export type CallsPage = z.infer<typeof callsPageSchema>;

export const timelineEventSchema = z
  .looseObject({
    eventId: z.string(),
    seq: countSchema,
    at: instantSchema,
    /** A name of services/events/events.ts; the other fields are that event's. */
    type: z.string(),
  })
  .meta({ id: 'TimelineEvent' });

export const callDetailSchema = z
  .object({
    numbers: z.enum(['masked', 'whole']),
    call: callSchema,
    /** The call's events, oldest first. */
    timeline: z.array(timelineEventSchema),
  })
  .meta({ id: 'CallDetail' });
export type CallDetail = Omit<z.infer<typeof callDetailSchema>, 'timeline'> & { timeline: HotlineEvent[] };
