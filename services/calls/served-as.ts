import type { CallQueued } from '../events/events.ts';
import type { QueueId } from '../events/ids.ts';
import { after } from '../events/instant.ts';
import { strictlyByPriorityMs } from '../queueing/queue.ts';
import { leavesTo, nextStepAt, stepOnJoining } from '../routing/serving-plan.ts';
import type { Call } from './call.ts';
import { needsOf } from './serving-plans.ts';
import type { Turn } from './turn.ts';

/**
 * How whoever joins this queue now is to be served there: with which overflow step it begins, who helped this caller last, and what
 * priority is worth. Steps that send callers away again are left to `sentAwayOnJoining` and to the wait. Whoever was with the caller in
 * this very call has passed them on, was lost or is done with them: that agent is neither waited for nor preferred.
 */
export function servedAs(
  turn: Turn,
  queue: QueueId,
  { callerNumber, startedAt }: Pick<Call, 'callerNumber' | 'startedAt'>,
  skills: readonly string[] = [],
): Pick<CallQueued, 'step' | 'nextStepAt' | 'lastAgent' | 'lastAgentUntil' | 'ageingMs' | 'centre'> {
  const { queues, fingerprint } = turn.rules.centre;
  const plan = queues.get(queue)?.serving.plan;
  if (!plan) return {};
  const begins = stepOnJoining(plan, turn.world.lines.get(queue)?.length ?? 0);
  const step = leavesTo(plan, begins.step) === null ? begins : { step: 0, because: '' };
  const nextAt = nextStepAt(plan, step.step, turn.now);
  const helper = plan.stickyWaitMs === null ? undefined : turn.world.helpers.get(callerNumber);
  const helped = helper && helper.until > turn.now && helper.at < startedAt ? helper.agent : null;
  const visit = { queue, step: step.step, needs: needsOf(skills) };
  const waits = helped !== null && turn.router.index.canWaitFor(helped, visit, turn.now);
  return {
    ...(step.step > 0 && { step }),
    ...(nextAt !== null && { nextStepAt: nextAt }),
    ...(helped !== null && { lastAgent: helped }),
    ...(waits &&
      plan.stickyWaitMs !== null &&
      plan.stickyWaitMs > 0 && { lastAgentUntil: after(turn.now, plan.stickyWaitMs) }),
    ...(plan.ageingMsPerPriority !== strictlyByPriorityMs && { ageingMs: plan.ageingMsPerPriority }),
    ...(fingerprint !== undefined && { centre: fingerprint }),
  };
}
