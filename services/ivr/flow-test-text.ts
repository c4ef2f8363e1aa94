import { z } from 'zod';
import { callOutcomes } from '../events/vocabulary.ts';

/**
 * Tests of a flow as they stand beside it (`dialplans/ivr/95598.test.yaml`): who calls when, what is pressed, and what must come of it.
 *
 * ```yaml
 * flow: "95598"
 * tests:
 *   - name: a bill by account number
 *     at: 2026-03-02T10:00
 *     caller: "13800138000"
 *     lookups:
 *       customer-by-caller: not-found
 *       bill: { found: { balance: "128.50" } }
 *     keys: 2 1234567890# hangs-up
 *     path: [welcome, main-menu, ask-account, bill, say-bill, after-service]
 *     hears: [bill-intro]
 *     outcome: self_served
 * ```
 *
 * **keys**: steps one after the other, with blanks between. Each waits until everything has been said and the call waits for the caller:
 * - `1`, `1234567890#`: these keys, quickly one after the other
 * - `!1`, `!hangs-up`: at once, into what is being said (early keys, barge-in)
 * - `.`: silence, as long as the call listens
 * - `answered`: an agent (or the number a call is transferred to) answers, talks, and hangs up first
 * - `agent-lost`: an agent answers and is lost in mid-conversation
 * - `timeout`: the longest wait in the queue passes; the number a call is transferred to does not answer
 * - `30s`: so much time passes, in a queue for example
 * - `speaks`: leaves a message, at a voicemail; `.` there says nothing
 * - `hangs-up`: the caller hangs up
 */

const answered = z.union([
  z.enum(['not-found', 'failed', 'timed-out']),
  z.strictObject({ found: z.record(z.string(), z.union([z.string(), z.number().transform(String)])) }),
]);

/** What a lookup answers: every time, or, as a list, one after the other (the last one from then on). */
const lookupAnswers = z.union([answered, z.array(answered).min(1)]);

export const stepPattern = /^(!?[0-9*#]+|!?hangs-up|\.|answered|agent-lost|timeout|speaks|\d{1,4}s)$/;
const keys = z
  .union([z.string(), z.number().transform(String)])
  .transform((text) => text.split(/\s+/).filter((step) => step !== ''))
  .refine((steps) => steps.every((step) => stepPattern.test(step)), {
    error: 'steps such as 1, 1234567890#, !1, ., answered, timeout, 30s, speaks, hangs-up',
  });

export const flowTestText = z.strictObject({
  name: z.string().min(1),
  /** Local time of the centre: when the call comes. */
  at: z
    .string()
    .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/, 'a local time such as 2026-03-02T10:00')
    .default('2026-03-02T10:00'),
  caller: z.string().default('13800138000'),
  /** Switches a lead has turned on for this hotline. */
  switches: z.array(z.string()).default([]),
  lookups: z.record(z.string(), lookupAnswers).default({}),
  /** Queues in which there is no room. */
  full: z.array(z.string()).default([]),
  keys: keys.default([]),
  /** Every node entered, in order; `flow/node` for one of another flow. */
  path: z.array(z.string()).optional(),
  /** Prompts heard in this order; others may come between. Those that are not to be heard: `not-heard`. */
  hears: z.array(z.string()).default([]),
  'not-heard': z.array(z.string()).default([]),
  /** Variables of the call at the end; only those named are compared. */
  values: z.record(z.string(), z.string()).optional(),
  /** The queue entered last. */
  queue: z.string().optional(),
  /** Of the last entry into a queue. */
  priority: z.number().int().optional(),
  score: z.number().int().optional(),
  /** As it would be recorded; `waiting`: in a queue, `listening`: to be asked on, when there are no more steps. */
  outcome: z.enum([...callOutcomes, 'waiting', 'listening', 'recording', 'transferred']),
});

export const flowTestsText = z.strictObject({
  flow: z.string(),
  tests: z.array(flowTestText).min(1),
});

export type FlowTestText = z.infer<typeof flowTestText>;
export type LookupAnswer = z.infer<typeof answered>;
