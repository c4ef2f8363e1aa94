import { needsOf } from '../../calls/serving-plans.ts';
import { explainCall, type TeamOf, waitsOf } from '../../cdr/why/explain-call.ts';
import type { Explanation } from '../../cdr/why/explanation.ts';
import type { AgentId } from '../../events/ids.ts';
import type { Instant } from '../../events/instant.ts';
import { requirementAt } from '../../routing/serving-plan.ts';
import { canServe, type Requirement } from '../../routing/skills.ts';
import type { Centre } from '../../runtime/centre.ts';
import type { CallWithTimeline, RecordsPort } from '../../runtime/people-port.ts';
import { fromStore } from './deadline.ts';

/**
 * Explains a call from what is stored. Who may serve a queue is taken from the centre as it is defined now: of an old call, agents who
 * have left since are not counted.
 */
export async function whyOf(
  centre: Centre,
  store: RecordsPort,
  { call, timeline }: CallWithTimeline,
  now: Instant,
  limitMs: number,
): Promise<Explanation> {
  const waits = waitsOf(timeline, now);
  const agents = [...centre.agents.keys()];
  const intervals =
    waits === null
      ? []
      : await fromStore(store.agentStates({ agents, from: waits.from, to: waits.to }), limitMs);
  const teamOf: TeamOf = ({ queue, skills, at }) => {
    const serving = centre.queues.get(queue)?.serving;
    if (intervals === null || serving === undefined) return null;
    const requirement = requirementAt(serving.plan, 0, needsOf(skills));
    return { agents: servedBy(centre, requirement, at), intervals };
  };
  return explainCall(call.callId, timeline, now, teamOf);
}

const servedBy = (centre: Centre, requirement: Requirement, at: Instant): AgentId[] =>
  [...centre.agents.values()]
    .filter(({ skills, ...one }) => canServe({ ...one, certificates: skills }, requirement, at))
    .map(({ id }) => id);
