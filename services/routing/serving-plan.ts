import type { QueueId, SkillId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import type { Requirement, SkillNeed } from './skills.ts';

/** Which of the free agents is rung. */
export const strategies = [
  'longest-idle',
  'fewest-calls', // in this shift, then longest idle
  'best-skill', // the highest level of the preferred skill, then longest idle
  'round-robin', // whoever was rung longest ago
  'ring-all', // everybody who is free, for small teams
] as const;
export type Strategy = (typeof strategies)[number];

/** Where a visit goes that its queue serves no longer. */
export type FlowOutTarget =
  | { readonly kind: 'queue'; readonly queue: QueueId }
  | { readonly kind: 'callback' }
  | { readonly kind: 'voicemail' }
  | { readonly kind: 'message' };

/** One step of a queue's overflow. It begins by waiting, or at once for who joins when many wait already. */
export type OverflowStep = {
  /** After so much waiting; at least as long as the step before. */
  readonly afterMs: number;
  /** Who finds so many others waiting in the queue begins with this step; null: the load does not matter. */
  readonly fromWaiting: number | null;
  readonly does:
    | {
        readonly kind: 'widen';
        /** Instead of the needs before; fewer or lower ones widen the choice. */
        readonly needs: readonly SkillNeed[];
        /** Agents of these queues may serve too. */
        readonly alsoQueues: readonly QueueId[];
        /** The reserve may be called in. */
        readonly reserve: boolean;
      }
    | { readonly kind: 'leave'; readonly to: FlowOutTarget };
};

/** How a queue is served: as data, from the centre's definition. */
export type ServingPlan = {
  readonly queue: QueueId;
  readonly strategy: Strategy;
  readonly needs: readonly SkillNeed[];
  /** Best-skill goes by its level; the other strategies take those who hold it before those who do not. */
  readonly preferred: SkillId | null;
  /** How much waiting one point of priority is worth. */
  readonly ageingMsPerPriority: number;
  /** How long a caller waits for the agent who helped last, should they be busy; 0: that agent is preferred only if free; null: is not. */
  readonly stickyWaitMs: number | null;
  /** How many phones ring at most when all ring. */
  readonly ringAllLimit: number;
  /** Step 1 and later; step 0 is the plan itself. */
  readonly overflow: readonly OverflowStep[];
};

/** A step with the reason for it in words, for the event and the agent's choice. */
export type StepReached = { readonly step: number; readonly because: string };

/** The step of who joins when so many wait in the queue already. */
export function stepOnJoining(plan: ServingPlan, waiting: number): StepReached {
  for (let step = plan.overflow.length; step > 0; step--) {
    const from = plan.overflow[step - 1]?.fromWaiting ?? null;
    if (from !== null && waiting >= from)
      return { step, because: `overflow step ${step} with ${waiting} waiting` };
  }
  return { step: 0, because: '' };
}

/** The step of who has waited so long, being at `reached` before: steps are never taken back, even if the clock is. */
export function stepAfter(plan: ServingPlan, reached: number, waitedMs: number): StepReached | null {
  for (let step = plan.overflow.length; step > reached; step--) {
    const afterMs = plan.overflow[step - 1]?.afterMs ?? Number.POSITIVE_INFINITY;
    if (waitedMs >= afterMs) return { step, because: `overflow step ${step} after ${afterMs / 1000} s` };
  }
  return null;
}

/** When the step after this one begins by waiting; null after the last. */
export function nextStepAt(plan: ServingPlan, reached: number, queuedAt: Instant): Instant | null {
  const next = plan.overflow[reached];
  return next ? ((queuedAt + next.afterMs) as Instant) : null;
}

/**
 * What an agent must be to serve a visit that is at this step. Each step widens the choice of the one before. The caller's own needs,
 * such as a language, stay: no overflow makes a caller understand another. The reserve serves if a step or a lead has called it in.
 */
export function requirementAt(
  plan: ServingPlan,
  step: number,
  ownNeeds: readonly SkillNeed[],
  reserveCalledIn = false,
): Requirement {
  const queues = [plan.queue];
  let needs = plan.needs;
  let reserve = reserveCalledIn;
  for (const { does } of plan.overflow.slice(0, step)) {
    if (does.kind !== 'widen') continue;
    needs = does.needs;
    reserve ||= does.reserve;
    for (const queue of does.alsoQueues) if (!queues.includes(queue)) queues.push(queue);
  }
  return { queues, needs: ownNeeds.length === 0 ? needs : [...needs, ...ownNeeds], reserve };
}

/** Where a visit at this step goes, if its queue serves it no longer. */
export function leavesTo(plan: ServingPlan, step: number): FlowOutTarget | null {
  const does = plan.overflow[step - 1]?.does;
  return does?.kind === 'leave' ? does.to : null;
}
