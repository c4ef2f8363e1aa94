import { z } from 'zod';
import { asId, type SkillId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import { localDayIn } from '../kpi/local-day.ts';
import type { Certificate } from '../routing/skills.ts';
import { dayBounds } from '../workforce/day-bounds.ts';
import { level, type Settings, skillName } from './centre-serving.ts';

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
