import type { Centre } from '../../calls/centre.ts';
import { needsOf, profileOf } from '../../calls/serving-plans.ts';
import type { AgentId } from '../../events/ids.ts';
import { requirementAt } from '../../routing/serving-plan.ts';
import { canServe } from '../../routing/skills.ts';
import type { Wanted } from './explain-call.ts';

/**
 * Who may serve a caller, by the centre's definition as it is now; null when it has no such queue. The reserve counts where the overflow
 * has called it in: whether a lead had, at that time, is not looked for.
 */
export function whoMayServe(
  centre: Pick<Centre, 'queues' | 'agents'>,
  { queue, skills, step, at }: Wanted,
): AgentId[] | null {
  const serving = centre.queues.get(queue)?.serving;
  if (!serving) return null;
  const requirement = requirementAt(serving.plan, step, needsOf(skills));
  return [...centre.agents.values()]
    .filter((one) => canServe(profileOf(one), requirement, at))
    .map(({ id }) => id);
}
