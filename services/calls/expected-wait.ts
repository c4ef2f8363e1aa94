import { type Agent, stateOf } from '../agents/agent.ts';
import type { QueueId, VisitId } from '../events/ids.ts';
import { servedBefore } from '../queueing/queue.ts';
import type { Turn } from './turn.ts';

/**
 * How long a waiting caller will have to wait still, in ms: all who are served before by the same agents, and the caller, each one
 * conversation of the usual length, shared among the agents at work. An estimate, and null where nothing is known: no conversation
 * of this queue has ended yet, or nobody is at work for it.
 */
export function expectedWaitOf(turn: Turn, queue: QueueId, visitId: VisitId): number | null {
  const { world, rules } = turn;
  const times = world.handleTimes.get(queue) ?? [];
  const visit = world.lines.get(queue)?.find((one) => one.visitId === visitId);
  const queuesOf = (agent: Agent) => rules.centre.agents.get(agent.id)?.queues ?? [];
  const staff = [...world.agents.values()].filter(
    (agent) => atWork(agent) && queuesOf(agent).includes(queue),
  );
  if (!visit || times.length === 0 || staff.length === 0) return null;
  const theirQueues = new Set(staff.flatMap(queuesOf));
  const before = [...theirQueues]
    .flatMap((one) => world.lines.get(one) ?? [])
    .filter((one) => !one.beingRung && servedBefore(one, visit) < 0).length;
  const usualMs = times.reduce((sum, ms) => sum + ms, 0) / times.length;
  return Math.round(((before + 1) * usualMs) / staff.length);
}

/** Takes calls now, or when the present one is over. */
function atWork(agent: Agent): boolean {
  if (agent.intent.kind !== 'ready') return false;
  const state = stateOf(agent);
  return state !== 'unreachable' && state !== 'not-ready' && state !== 'signed-out';
}
