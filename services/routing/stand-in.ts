import type { Instant } from '../events/instant.ts';
import { preferredOf, tierOf } from './service-classes.ts';
import { requirementAt, type ServingPlan } from './serving-plan.ts';
import { type AgentProfile, canServe } from './skills.ts';

/** Ranks of one overflow step; its tiers are fewer. */
const ranksOfAStep = 10;

/**
 * In which order an agent is rung for a queue where something simpler stands in for this router, which can do no more than ring lower ranks
 * first: 0 for the first choice; null for who may serve nobody there. Those whom a later step of the overflow lets serve come after all
 * others, the reserve among them, and need no step to come: a caller is not to wait in vain while nobody is there to take that step.
 */
export function standInRank(
  plan: ServingPlan,
  profile: AgentProfile,
  reserveCalledIn: boolean,
  now: Instant,
): number | null {
  for (let step = 0; step <= plan.overflow.length; step++) {
    const requirement = requirementAt(plan, step, [], reserveCalledIn);
    if (!canServe(profile, requirement, now)) continue;
    return step * ranksOfAStep + tierOf(plan.strategy, preferredOf(plan, requirement), profile, now);
  }
  return null;
}
