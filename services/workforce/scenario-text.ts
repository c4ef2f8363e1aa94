import { z } from 'zod';
import { strategies } from '../routing/serving-plan.ts';
import { skillLevels } from '../routing/skills.ts';

/** The text of a scenario file: everything in seconds, as people write it. scenario-from-text.ts makes a scenario of it. */

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'use lower-case letters, digits and -');
const seconds = z.number().min(0).max(86_400);
const positive = z.number().positive().max(86_400);
const level = z.literal(skillLevels);
const needs = z.record(id, level);
const time = z
  .string()
  .regex(
    /^([0-3]\d|4[0-7]):[0-5]\d(:[0-5]\d)?$/,
    'a time is 08:30 or 08:30:15; 26:00 is two in the next morning',
  );

const durations = [
  z.strictObject({ fixed: seconds }),
  z.strictObject({ exponential: positive }),
  z.strictObject({ lognormal: positive, deviation: z.number().positive().max(10).default(1) }),
  z.strictObject({ measured: z.array(seconds).min(1).max(1_000_000) }),
] as const;
const oneOfThem =
  'write one of { fixed: 10 }, { exponential: 180 }, { lognormal: 150, deviation: 0.9 }, { measured: [12, 40] }; in seconds';
const duration = z.union(durations, { error: oneOfThem });
export type DurationText = z.infer<typeof duration>;

const overflowStep = z
  .strictObject({
    afterSeconds: seconds,
    fromWaiting: z.number().int().min(0).optional(),
    needs: needs.optional(),
    alsoQueues: z.array(id).optional(),
    reserve: z.boolean().optional(),
    leaveTo: z
      .union([z.enum(['callback', 'voicemail', 'message']), z.strictObject({ queue: id })], {
        error: 'write callback, voicemail, message, or a queue: { queue: billing }',
      })
      .optional(),
  })
  .refine((step) => step.leaveTo === undefined || (!step.needs && !step.alsoQueues && !step.reserve), {
    error: 'a step either widens the choice (needs, alsoQueues, reserve) or leaves the queue (leaveTo)',
  });
export type OverflowText = z.infer<typeof overflowStep>;

const settings = z.strictObject({
  strategy: z.enum(strategies).default('longest-idle'),
  needs: needs.default({}),
  preferred: id.optional(),
  priority: z.number().int().min(0).max(100).default(0),
  ageingSecondsPerPriority: seconds.default(60),
  ringAllLimit: z.number().int().min(1).max(100).default(10),
  overflow: z.array(overflowStep).max(20).default([]),
  talk: duration.default({ exponential: 180 }),
  wrapUp: duration.default({ fixed: 10 }),
  ring: duration.default({ exponential: 4 }),
  patience: z
    .union([...durations, z.literal('endless')], { error: `${oneOfThem}; or endless` })
    .default({ exponential: 180 }),
  ringTimeoutSeconds: positive.default(20),
  missedRingAwaySeconds: positive.default(60),
  maxWaitSeconds: positive.default(600),
  maxWaiting: z.number().int().min(1).max(100_000).default(500),
  serviceLevelThresholdSeconds: positive.default(15),
  shortAbandonSeconds: seconds.default(5),
});

export const scenarioText = z.strictObject({
  name: z.string().min(1).max(100),
  startsAt: z.iso.datetime({
    offset: true,
    error: 'write a moment with its zone, such as 2026-11-23T08:00:00+08:00',
  }),
  hours: z
    .number()
    .positive()
    .max(24 * 31),
  intervalMinutes: z.number().int().min(1).max(1_440).default(30),
  queues: z.record(
    id,
    settings.extend({
      /** Expected in each interval; the last one goes on until the end. */
      calls: z.array(z.number().min(0).max(1_000_000)).min(1).max(50_000).optional(),
      /** Or when exactly they come. */
      callsAt: z.array(time).min(1).max(1_000_000).optional(),
    }),
  ),
  agents: z
    .array(
      z.strictObject({
        /** 1001, or 1001-1010. */
        numbers: z
          .string()
          .regex(/^\d{3,8}(-\d{3,8})?$/, 'one number, or the first and the last with - between'),
        queues: z.array(id).min(1),
        skills: z
          .record(id, z.union([level, z.strictObject({ level, until: z.iso.datetime({ offset: true }) })]))
          .default({}),
        reserve: z.boolean().default(false),
        shifts: z.array(z.string().regex(/^\d\d:\d\d-\d\d:\d\d$/, 'a shift is 08:00-12:00')).min(1),
      }),
    )
    .min(1),
});
export type ScenarioText = z.infer<typeof scenarioText>;
