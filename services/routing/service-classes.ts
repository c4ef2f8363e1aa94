import type { QueueId, SkillId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import { requirementAt, type ServingPlan, type Strategy } from './serving-plan.ts';
import {
  type AgentProfile,
  canServe,
  levelOf,
  type Requirement,
  type SkillNeed,
  skillLevels,
} from './skills.ts';

/**
 * All visits that the same agents may serve, chosen in the same way. Its agents fall into tiers: whoever is free in an earlier tier is
 * chosen before those of a later one. Each tier is a mark, so that trees can find its agents and visits (masked-tree.ts).
 */
export type ServiceClass = {
  readonly strategy: Strategy;
  readonly requirement: Requirement;
  /** Whose level, or mere presence, makes the tiers. */
  readonly preferred: SkillId | null;
  /** The mark of the first tier; the others follow. */
  readonly firstMark: number;
  readonly tiers: number;
};

/** More different requirements than any centre's definition makes; each costs memory in every tree. */
export const maxMarks = 8_192;

/** All classes there are. They come from the centre's definition and flows, so their number is settled soon. */
export class ServiceClasses {
  readonly all: ServiceClass[] = [];
  markCount = 0;
  readonly #byText = new Map<string, ServiceClass>();
  readonly #byStep = new Map<QueueId, ServiceClass[]>();

  constructor(plans: Iterable<ServingPlan>) {
    for (const plan of plans)
      this.#byStep.set(
        plan.queue,
        Array.from({ length: plan.overflow.length + 1 }, (_, step) =>
          this.#classOf(plan, requirementAt(plan, step, [])),
        ),
      );
  }

  /** The class of a visit; a new one when no visit was ever like it (`all` and `markCount` then grow). */
  of(plan: ServingPlan, step: number, ownNeeds: readonly SkillNeed[], reserveCalledIn = false): ServiceClass {
    const isUsual = ownNeeds.length === 0 && !reserveCalledIn;
    const usual = isUsual ? this.#byStep.get(plan.queue)?.[step] : undefined;
    return usual ?? this.#classOf(plan, requirementAt(plan, step, ownNeeds, reserveCalledIn));
  }

  /** The marks of an agent: one for each class that they may serve now. */
  marksOf(profile: AgentProfile, now: Instant): number[] {
    return this.all.flatMap((one) => markOf(one, profile, now) ?? []);
  }

  #classOf(plan: ServingPlan, requirement: Requirement): ServiceClass {
    const { strategy } = plan;
    const preferred = preferredOf(plan, requirement);
    const tiers = preferred === null ? 1 : strategy === 'best-skill' ? skillLevels.length + 1 : 2;
    const text = JSON.stringify([strategy, preferred, sorted(requirement)]);
    const known = this.#byText.get(text);
    if (known) return known;
    if (this.markCount + tiers > maxMarks)
      throw new RangeError(
        `queue ${plan.queue}: more than ${maxMarks} different requirements: give callers fewer different skill needs of their own`,
      );
    const made = { strategy, requirement, preferred, firstMark: this.markCount, tiers };
    this.markCount += tiers;
    this.#byText.set(text, made);
    this.all.push(made);
    return made;
  }
}

const sorted = ({ queues, needs, reserve }: Requirement) => [
  [...queues].sort(),
  [...needs.map(({ skill, level }) => `${skill}≥${level}`)].sort(),
  reserve,
];

/** The mark of the tier that an agent is in; null when they may not serve the class. */
export function markOf(one: ServiceClass, profile: AgentProfile, now: Instant): number | null {
  if (!canServe(profile, one.requirement, now)) return null;
  return one.firstMark + tierOf(one.strategy, one.preferred, profile, now);
}

/** Whose level, or mere presence, makes the tiers: who is best is said by the skill that is asked for, unless the plan names another. */
export function preferredOf({ preferred, strategy }: ServingPlan, { needs }: Requirement): SkillId | null {
  return preferred ?? (strategy === 'best-skill' ? (needs[0]?.skill ?? null) : null);
}

/** 0 for those who are chosen first. */
export function tierOf(
  strategy: Strategy,
  preferred: SkillId | null,
  profile: AgentProfile,
  now: Instant,
): number {
  if (preferred === null) return 0;
  const level = levelOf(profile, preferred, now);
  if (strategy === 'best-skill') return skillLevels.length - level;
  return level > 0 ? 0 : 1;
}

export const marksOfClass = ({ firstMark, tiers }: ServiceClass): number[] =>
  Array.from({ length: tiers }, (_, tier) => firstMark + tier);
