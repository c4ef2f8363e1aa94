import { z } from 'zod';
import { flowExits, type ServingRules } from '../calls/centre.ts';
import { asId, type QueueId, type SkillId } from '../events/ids.ts';
import { plainName } from '../ivr/plain-text.ts';
import { strictlyByPriorityMs } from '../queueing/queue.ts';
import { type FlowOutTarget, type OverflowStep, strategies } from '../routing/serving-plan.ts';
import type { SkillLevel, SkillNeed } from '../routing/skills.ts';

export const skillName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'use lower-case letters, digits and -');
export const level = z
  .number()
  .int()
  .min(1)
  .max(5)
  .transform((value) => value as SkillLevel);
const seconds = z.number().min(0).max(86_400);

/** Skills that must be there: with their levels, or by name alone, at any level. */
const needs = z.union([z.record(skillName, level), z.array(skillName)], {
  error: 'write skills with levels from 1 to 5, such as { english: 3 }, or by name alone, such as [english]',
});
const widening = z
  .strictObject({
    needs: needs.optional(),
    queues: z.array(z.string()).max(50).default([]),
    reserve: z.boolean().default(false),
  })
  .refine((says) => says.needs !== undefined || says.queues.length > 0 || says.reserve, {
    message: 'lets nobody else serve: say which needs (or none: {}), queues, or reserve: true',
  });
const step = z
  .strictObject({
    afterSeconds: seconds,
    /** Who finds so many others waiting begins with this step. */
    fromWaiting: z.number().int().min(1).max(100_000).nullable().default(null),
    widen: widening.optional(),
    leave: z
      .union([z.enum(['callback', 'voicemail', 'message']), z.strictObject({ queue: z.string() })], {
        error: 'write callback, voicemail, message, or a queue: { queue: billing }',
      })
      .optional(),
  })
  .refine(({ widen, leave }) => (widen === undefined) !== (leave === undefined), {
    message: 'a step either widens who may serve (widen: …) or leaves the queue (leave: …)',
  });
const overflow = z
  .array(step)
  .max(20)
  .superRefine((steps, context) => {
    steps.forEach(({ afterSeconds, leave }, i) => {
      const before = steps[i - 1];
      if (before && afterSeconds < before.afterSeconds)
        context.addIssue({
          code: 'custom',
          path: [i, 'afterSeconds'],
          message: 'is sooner than the step before',
        });
      if (leave !== undefined && i < steps.length - 1)
        context.addIssue({
          code: 'custom',
          path: [i, 'leave'],
          message: 'no step can follow: the caller has left',
        });
    });
  });

/** What queues can be told in `queueDefaults`, and each by itself. */
export const servingDefaults = {
  strategy: z.enum(strategies).optional(),
  ageingSecondsPerPriority: z.number().min(1).max(86_400).nullable().optional(),
  sticky: z
    .strictObject({
      waitSeconds: seconds,
      withinHours: z
        .number()
        .min(0.1)
        .max(24 * 90),
    })
    .nullable()
    .optional(),
  ringAllAtMost: z.number().int().min(1).max(20).optional(),
  whenFull: z.enum(flowExits).optional(),
  hours: plainName.nullable().optional(),
  whenClosed: z.enum(flowExits).optional(),
  longestWrapUpSeconds: seconds.nullable().optional(),
};
type Defaults = z.infer<z.ZodObject<typeof servingDefaults>>;

/** Of what nobody says anything. */
const usual: Required<Defaults> = {
  strategy: 'longest-idle',
  ageingSecondsPerPriority: null,
  sticky: null,
  ringAllAtMost: 5,
  whenFull: 'exit',
  hours: null,
  whenClosed: 'exit',
  longestWrapUpSeconds: null,
};

/** What is a queue's own alone. */
export const servingSettings = {
  needs: needs.default([]),
  prefers: skillName.optional(),
  overflow: overflow.default([]),
};
export type Settings = z.infer<z.ZodObject<typeof servingSettings>>;

/** How a queue is served, from its own settings and those of all. */
export function buildServing(queue: QueueId, all: Defaults, own: Defaults & Settings): ServingRules {
  const { strategy, ageingSecondsPerPriority, sticky, ringAllAtMost, whenFull, hours, whenClosed, ...rest } =
    {
      ...usual,
      ...all,
      ...own,
    };
  const longest = rest.longestWrapUpSeconds;
  const needsOfQueue = needsFrom(own.needs);
  return {
    plan: {
      queue,
      strategy,
      needs: needsOfQueue,
      preferred: own.prefers === undefined ? null : asId<SkillId>(own.prefers),
      ageingMsPerPriority:
        ageingSecondsPerPriority === null ? strictlyByPriorityMs : ms(ageingSecondsPerPriority),
      stickyWaitMs: sticky === null ? null : ms(sticky.waitSeconds),
      ringAllLimit: ringAllAtMost,
      overflow: stepsFrom(own.overflow, needsOfQueue),
    },
    helpedWithinMs: sticky === null ? 0 : ms(sticky.withinHours * 3_600),
    whenFull,
    hours,
    whenClosed,
    longestWrapUpMs: longest === null ? null : ms(longest),
  };
}

const ms = (value: number) => Math.round(value * 1_000);

const needsFrom = (text: z.infer<typeof needs>): SkillNeed[] =>
  Array.isArray(text)
    ? text.map((skill) => ({ skill: asId<SkillId>(skill), level: 1 }))
    : Object.entries(text).map(([skill, at]) => ({ skill: asId<SkillId>(skill), level: at }));

/** A step that says nothing of needs keeps those of the step before. */
function stepsFrom(text: z.infer<typeof overflow>, queueNeeds: readonly SkillNeed[]): OverflowStep[] {
  let inForce = queueNeeds;
  return text.map(({ afterSeconds, fromWaiting, widen, leave }): OverflowStep => {
    const when = { afterMs: ms(afterSeconds), fromWaiting };
    if (leave !== undefined) return { ...when, does: { kind: 'leave', to: targetFrom(leave) } };
    if (widen?.needs !== undefined) inForce = needsFrom(widen.needs);
    const alsoQueues = (widen?.queues ?? []).map((name) => asId<QueueId>(name));
    return { ...when, does: { kind: 'widen', needs: inForce, alsoQueues, reserve: widen?.reserve ?? false } };
  });
}

const targetFrom = (leave: NonNullable<z.infer<typeof step>['leave']>): FlowOutTarget =>
  typeof leave === 'string' ? { kind: leave } : { kind: 'queue', queue: asId<QueueId>(leave.queue) };

type WrapUps = { readonly wrapUpSeconds: number } & Pick<Defaults, 'longestWrapUpSeconds'>;

/** Wrap-ups that are longer of themselves than agents may make them. As "place: problem", where the shorter word stands. */
export function wrapUpsTooLong(all: WrapUps, queues: Readonly<Record<string, Partial<WrapUps>>>): string[] {
  const problems = Object.entries(queues).flatMap(([queue, own]) => {
    const { wrapUpSeconds: usually, longestWrapUpSeconds: longest } = { ...all, ...own };
    if (typeof longest !== 'number' || usually <= longest) return [];
    const ownWord = own.wrapUpSeconds !== undefined || own.longestWrapUpSeconds !== undefined;
    return [
      `${ownWord ? `queues.${queue}` : 'queueDefaults'}.longestWrapUpSeconds: ${longest} is less than wrapUpSeconds, ${usually}; ` +
        'make it as long at least, or null',
    ];
  });
  return [...new Set(problems)];
}
