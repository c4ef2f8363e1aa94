import { z } from 'zod';
import { agentStates, callOutcomes } from '../../../events/vocabulary.ts';
import { countSchema, durationMsSchema, instantSchema } from './common.ts';

const ringResultSchema = z.enum([
  'answered',
  'no-answer',
  'declined',
  'unreachable',
  'caller-left',
  'answered-elsewhere',
  'failed',
]);

const span = { from: instantSchema, to: instantSchema };
/** How many of those who may serve the caller were in which state, most of the time; left out: none. */
const staff = z.partialRecord(z.enum(agentStates), countSchema);

/** What a wait went by with; spans follow each other without a gap. */
export const waitSpanSchema = z
  .discriminatedUnion('code', [
    z.object({ ...span, code: z.literal('all-busy'), staff }),
    z.object({ ...span, code: z.literal('nobody-at-work'), staff }),
    z.object({ ...span, code: z.literal('others-first'), staff }),
    z.object({ ...span, code: z.literal('waits-for-last-agent'), agent: z.string() }),
    z.object({ ...span, code: z.literal('not-rung') }),
    z.object({
      ...span,
      code: z.literal('rung'),
      agents: z.array(z.string()),
      /** null while it rings. */
      result: ringResultSchema.nullable(),
    }),
  ])
  .meta({ id: 'WaitSpan' });
export type WaitSpanView = z.infer<typeof waitSpanSchema>;

/**
 * Whether queues, agents and their skills are defined as they were when the wait began. Who may serve is counted by the definition of now:
 * `changed`: others may have served then; `unknown`: it was not recorded, as with calls that Asterisk served alone.
 */
export const centreSinceSchema = z.enum(['unchanged', 'changed', 'unknown']);
export type CentreSince = z.infer<typeof centreSinceSchema>;

export const waitExplainedSchema = z
  .object({
    visitId: z.string(),
    queue: z.string(),
    queuedAt: instantSchema,
    /** null while the caller waits. */
    leftAt: instantSchema.nullable(),
    waitMs: durationMsSchema,
    outcome: z.enum(['answered', 'abandoned', 'flow_out']).nullable(),
    flowOutReason: z.string().nullable(),
    /** 1 for the first in line, when the wait began. */
    position: z.number().int(),
    skills: z.array(z.string()),
    centreSince: centreSinceSchema,
    spans: z.array(waitSpanSchema),
    /** Overflow steps that were reached, each in the router's words. */
    steps: z.array(z.object({ at: instantSchema, step: z.number().int(), because: z.string() })),
    /** What the caller was told of how it stands. */
    told: z.array(
      z.object({
        at: instantSchema,
        position: z.number().int(),
        expectedWaitMs: durationMsSchema.nullable(),
      }),
    ),
  })
  .meta({ id: 'WaitExplained' });
export type WaitExplainedView = z.infer<typeof waitExplainedSchema>;

export const ringExplainedSchema = z
  .object({
    at: instantSchema,
    queue: z.string(),
    agent: z.string(),
    /** The router's reason in its own words, such as `longest idle of 3`. */
    because: z.string(),
    /** Who else was free; null when that is not on record, or a colleague asked for this very agent. */
    alsoFree: z.array(z.string()).nullable(),
    result: ringResultSchema.nullable(),
    ringMs: durationMsSchema.nullable(),
  })
  .meta({ id: 'RingExplained' });
export type RingExplainedView = z.infer<typeof ringExplainedSchema>;

const ending = {
  at: instantSchema,
  outcome: z.enum(callOutcomes).nullable(),
  releaseParty: z.enum(['caller', 'agent', 'system']).nullable(),
};
export const endingExplainedSchema = z
  .discriminatedUnion('code', [
    z.object({ ...ending, code: z.literal('caller-left-talk'), agent: z.string() }),
    z.object({ ...ending, code: z.literal('agent-hung-up'), agent: z.string().nullable() }),
    z.object({ ...ending, code: z.literal('line-lost'), agent: z.string(), cause: z.string() }),
    z.object({
      ...ending,
      code: z.literal('caller-left-wait'),
      queue: z.string(),
      waitMs: durationMsSchema,
    }),
    z.object({
      ...ending,
      code: z.literal('caller-left-ring'),
      queue: z.string(),
      waitMs: durationMsSchema,
      agent: z.string(),
    }),
    z.object({ ...ending, code: z.literal('caller-left-menu'), node: z.string().nullable() }),
    z.object({ ...ending, code: z.literal('caller-left-end'), because: z.string() }),
    z.object({ ...ending, code: z.literal('caller-left-passed-on'), by: z.string() }),
    z.object({ ...ending, code: z.literal('outgoing-ended'), agent: z.string(), result: z.string() }),
    z.object({ ...ending, code: z.literal('outside-talk-ended') }),
    z.object({ ...ending, code: z.literal('taken-to-fallback') }),
    z.object({ ...ending, code: z.literal('we-ended'), because: z.string() }),
  ])
  .meta({ id: 'EndingExplained' });
export type EndingExplainedView = z.infer<typeof endingExplainedSchema>;

/** GET /api/v1/calls/{id}/why */
export const callWhySchema = z
  .object({
    callId: z.string(),
    /** As of when, for a call that lasts. */
    at: instantSchema,
    waits: z.array(waitExplainedSchema),
    rings: z.array(ringExplainedSchema),
    /** null while the call lasts. */
    ending: endingExplainedSchema.nullable(),
  })
  .meta({ id: 'CallWhy' });
export type CallWhy = z.infer<typeof callWhySchema>;
