import type { AgentDefinition, Centre, QueueDefinition, ServingRules } from '../../services/calls/centre.ts';
import { asId, type QueueId } from '../../services/events/ids.ts';
import type { ServingPlan } from '../../services/routing/serving-plan.ts';
import type { SkillLevel } from '../../services/routing/skills.ts';
import { demoCentre } from './simulated-hotline.ts';

type Serving = Partial<Omit<ServingRules, 'plan'>> & Partial<Omit<ServingPlan, 'queue'>>;
type Changed = Partial<Omit<QueueDefinition, 'serving'>> & Serving;
type Agents = Readonly<
  Record<
    string,
    Partial<Pick<AgentDefinition, 'reserve'>> & { queues?: string[]; skills?: Record<string, SkillLevel> }
  >
>;

const planKeys = [
  'strategy',
  'needs',
  'preferred',
  'ageingMsPerPriority',
  'stickyWaitMs',
  'ringAllLimit',
  'overflow',
] as const satisfies (keyof ServingPlan)[];

/** The demo centre, with these queues served otherwise, and these agents and no others. */
export function servedCentre(queues: Readonly<Record<string, Changed>>, agents: Agents): Centre {
  const changed = new Map(demoCentre.queues);
  for (const [name, changes] of Object.entries(queues)) {
    const id = asId<QueueId>(name);
    const before = demoCentre.queues.get(id);
    if (!before) throw new Error(`the demo centre has no queue ${name}`);
    const plan = Object.fromEntries(
      planKeys.flatMap((key) => (changes[key] === undefined ? [] : [[key, changes[key]]])),
    );
    const { serving } = before;
    changed.set(id, {
      ...before,
      ...changes,
      serving: { ...serving, ...changes, plan: { ...serving.plan, ...plan } },
    });
  }
  const staff = Object.entries(agents).map(
    ([id, { queues: own = ['power-service'], skills = {}, reserve = false }]) =>
      [
        asId<AgentDefinition['id']>(id),
        {
          id: asId<AgentDefinition['id']>(id),
          name: id,
          queues: own.map((queue) => asId<QueueId>(queue)),
          skills: Object.entries(skills).map(([skill, level]) => ({
            skill: asId<never>(skill),
            level,
            expiresAt: null,
          })),
          reserve,
        },
      ] as const,
  );
  return { ...demoCentre, queues: changed, agents: new Map(staff) };
}
