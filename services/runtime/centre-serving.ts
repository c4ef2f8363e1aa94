import { z } from 'zod';
import { flowExits, type ServingRules } from '../calls/centre.ts';
import { asId, type QueueId, type SkillId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import { plainName } from '../ivr/plain-text.ts';
import { localDayIn } from '../kpi/local-day.ts';
import { strictlyByPriorityMs } from '../queueing/queue.ts';
import { type FlowOutTarget, type OverflowStep, strategies } from '../routing/serving-plan.ts';
import type { Certificate, SkillLevel, SkillNeed } from '../routing/skills.ts';
import { dayBounds } from '../workforce/day-bounds.ts';

const skillName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'use lower-case letters, digits and -');
const level = z
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
const widening = z.strictObject({
  needs: needs.optional(),
  queues: z.array(z.string()).max(50).default([]),
  reserve: z.boolean().default(false),
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
type Settings = z.infer<z.ZodObject<typeof servingSettings>>;

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

const held = z.union([
  level,
  z.strictObject({
    level: level.default(1),
    until: z.string().regex(/^\d{4}-\d\d-\d\d$/, 'a day such as 2027-03-31'),
  }),
]);

/** What is said of an agent beside name and queues. */
export const agentText = {
  skills: z
    .union([z.array(skillName), z.record(skillName, held)], {
      error:
        'write skills by name alone, such as [english], or with levels from 1 to 5 and perhaps the last day: ' +
        '{ english: 3, gas: { level: 2, until: 2027-03-31 } }',
    })
    .default([]),
  reserve: z.boolean().default(false),
};
type AgentText = z.infer<z.ZodObject<typeof agentText>>;

/** What each agent can do. `until` is the last day on which it counts (PPL-01), in the centre's time zone. */
export function agentSkills(
  agents: Readonly<Record<string, Pick<AgentText, 'skills'>>>,
  timeZone: string,
  tell: (where: string, problem: string) => void,
): Map<string, readonly Certificate[]> {
  const endOf = endOfDayIn(timeZone);
  return new Map(
    Object.entries(agents).map(([agent, { skills }]): [string, Certificate[]] => {
      if (Array.isArray(skills))
        return [agent, skills.map((skill) => ({ skill: asId<SkillId>(skill), level: 1, expiresAt: null }))];
      return [
        agent,
        Object.entries(skills).map(([skill, holds]): Certificate => {
          if (typeof holds === 'number')
            return { skill: asId<SkillId>(skill), level: holds, expiresAt: null };
          const expiresAt = endOf(holds.until);
          if (expiresAt === null)
            tell(`agents.${agent}.skills.${skill}.until`, `there is no day ${holds.until}`);
          return { skill: asId<SkillId>(skill), level: holds.level, expiresAt };
        }),
      ];
    }),
  );
}

/** Skills that queues cannot do without and nobody has: their callers would wait in vain. As place and name. */
export function skillsNobodyHas(
  queues: Readonly<Record<string, Settings>>,
  agents: Readonly<Record<string, Pick<AgentText, 'skills'>>>,
): { where: string; skill: string; held: readonly string[] }[] {
  const namesOf = (text: readonly string[] | Readonly<Record<string, unknown>>): string[] =>
    Array.isArray(text) ? [...text] : Object.keys(text);
  const held = [...new Set(Object.values(agents).flatMap(({ skills }) => namesOf(skills)))].toSorted();
  return Object.entries(queues)
    .flatMap(([queue, { needs: all, overflow: steps }]) => [
      ...namesOf(all).map((skill) => ({ where: `queues.${queue}.needs`, skill })),
      ...steps.flatMap(({ widen }, i) =>
        namesOf(widen?.needs ?? []).map((skill) => ({
          where: `queues.${queue}.overflow.${i}.widen.needs`,
          skill,
        })),
      ),
    ])
    .filter(({ skill }) => !held.includes(skill))
    .map((one) => ({ ...one, held }));
}

function endOfDayIn(timeZone: string): (day: string) => Instant | null {
  const localDay = localDayIn(timeZone);
  const known = new Map<string, Instant | null>();
  return (day) => {
    const end = known.has(day) ? (known.get(day) ?? null) : (dayBounds(day, localDay)?.to ?? null);
    known.set(day, end);
    return end;
  };
}
