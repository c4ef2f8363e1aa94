import { asId, type QueueId, type SkillId } from '../events/ids.ts';
import { strictlyByPriorityMs } from '../queueing/queue.ts';
import type { ServingPlan } from '../routing/serving-plan.ts';
import type { AgentProfile, SkillNeed } from '../routing/skills.ts';
import type { AgentDefinition, Centre, ServingRules } from './centre.ts';

/** How a queue is served of which nothing more is said: longest idle, strictly by priority, everybody who has the queue. */
export const plainServing = (queue: QueueId): ServingRules => ({
  plan: {
    queue,
    strategy: 'longest-idle',
    needs: [],
    preferred: null,
    ageingMsPerPriority: strictlyByPriorityMs,
    stickyWaitMs: null,
    ringAllLimit: 1,
    overflow: [],
  },
  helpedWithinMs: 0,
  whenFull: 'exit',
  hours: null,
  whenClosed: 'exit',
  longestWrapUpMs: null,
});

/** How the queues of a centre are served. */
export const servingPlansOf = (centre: Pick<Centre, 'queues'>): ReadonlyMap<QueueId, ServingPlan> =>
  new Map([...centre.queues.values()].map(({ id, serving }) => [id, serving.plan]));

/** What an agent of the centre may be given, as the router sees it. */
export const profileOf = ({ id, queues, skills, reserve }: AgentDefinition): AgentProfile => ({
  id,
  queues,
  certificates: skills,
  reserve,
});

/** What a flow asks for by name is there at any level. */
export const needsOf = (skills: readonly string[]): SkillNeed[] =>
  skills.map((skill) => ({ skill: asId<SkillId>(skill), level: 1 }));
