import { asId } from '../../services/events/ids.ts';
import { type Instant, instant } from '../../services/events/instant.ts';
import { RoutingIndex } from '../../services/routing/routing-index.ts';
import type { OverflowStep, ServingPlan } from '../../services/routing/serving-plan.ts';
import type { AgentProfile, Certificate, SkillLevel, SkillNeed } from '../../services/routing/skills.ts';
import type { RoutingVisit } from '../../services/routing/waiting-visits.ts';

/** A second, as tests count time. */
export const s = (seconds: number): Instant => instant(seconds * 1_000);
export const need = (skill: string, level: SkillLevel): SkillNeed => ({ skill: asId(skill), level });
export const certificate = (
  skill: string,
  level: SkillLevel,
  expiresAt: Instant | null = null,
): Certificate => ({
  skill: asId(skill),
  level,
  expiresAt,
});
export const plan = (queue: string, over: Partial<ServingPlan> = {}): ServingPlan => ({
  queue: asId(queue),
  strategy: 'longest-idle',
  needs: [],
  preferred: null,
  ageingMsPerPriority: 60_000,
  stickyWaitMs: null,
  ringAllLimit: 10,
  overflow: [],
  ...over,
});
export const widen = (
  afterSeconds: number,
  over: object = {},
  fromWaiting: number | null = null,
): OverflowStep => ({
  afterMs: afterSeconds * 1_000,
  fromWaiting,
  does: { kind: 'widen', needs: [], alsoQueues: [], reserve: false, ...over },
});
export const visit = (name: string, queue: string, over: Partial<RoutingVisit> = {}): RoutingVisit => ({
  visitId: asId(name),
  queue: asId(queue),
  queuedAt: s(0),
  priority: 0,
  step: 0,
  stepBecause: '',
  needs: [],
  lastAgent: null,
  ...over,
});

/** An index with agents of these names, all free; `idle: 30` has been idle since second 30. */
export function routerOf(
  plans: readonly ServingPlan[],
  agents: Readonly<
    Record<string, Partial<Omit<AgentProfile, 'id'>> & { idle?: number; calls?: number; rung?: number }>
  >,
): RoutingIndex {
  const index = new RoutingIndex(new Map(plans.map((p) => [p.queue, p])));
  for (const [id, { idle = 0, calls = 0, rung, ...profile }] of Object.entries(agents)) {
    const queues = plans.map(({ queue }) => queue);
    index.agentDefined({ id: asId(id), queues, certificates: [], reserve: false, ...profile }, s(0));
    const lastRungAt = rung === undefined ? Number.NEGATIVE_INFINITY : s(rung);
    index.agentFree(asId(id), { idleSince: s(idle), calls, lastRungAt });
  }
  return index;
}

/** Everything that can be decided now, as "visit → agents: because"; the agents are busy and the visits rung afterwards. */
export function decisions(index: RoutingIndex, now: Instant): string[] {
  const all: string[] = [];
  for (let decision = index.next(now); decision; decision = index.next(now)) {
    const { visitId, agents, because } = decision;
    index.visitOffered(visitId, false);
    for (const agent of agents) index.agentBusy(agent);
    all.push(`${visitId} → ${agents.join(', ')}: ${because}`);
  }
  return all;
}
