import { type Agent, stateOf } from '../agents/agent.ts';
import type { AgentId, QueueId } from '../events/ids.ts';
import { type Line, servedBefore, type Waiting } from '../queueing/queue.ts';

/** Whom to ring for whom, and why. */
export type Pairing = { visit: Waiting; agent: AgentId; because: string };

/**
 * Pairs waiting callers with free agents until one side runs out: the caller who is to be served first among all
 * queues that have a free agent, and of that queue's free agents the one who has been idle longest. Pure and
 * deterministic: ties go to the lower agent number. Each agent and each visit appears at most once.
 */
export function route(
  lines: ReadonlyMap<QueueId, Line>,
  agents: ReadonlyMap<AgentId, Agent>,
  staff: ReadonlyMap<AgentId, { readonly queues: readonly QueueId[]; readonly skills: readonly string[] }>,
): Pairing[] {
  const free = [...agents.values()].filter((a) => stateOf(a) === 'available').sort(longestIdleFirst);
  // Asked after every step: with hundreds waiting and nobody free there must be nothing to do.
  if (free.length === 0) return [];
  const heads = [...lines.values()].flatMap((line) => line.filter((v) => !v.beingRung)).sort(servedBefore);
  const pairings: Pairing[] = [];
  for (const visit of heads) {
    if (free.length === 0) break;
    const candidates = free.filter(({ id }) => mayServe(staff.get(id), visit));
    const chosen = candidates[0];
    if (!chosen) continue;
    free.splice(free.indexOf(chosen), 1);
    pairings.push({ visit, agent: chosen.id, because: `longest idle of ${candidates.length}` });
  }
  return pairings;
}

/** Whether an agent serves the queue and has all the skills the caller needs. */
export const mayServe = (
  agent: { readonly queues: readonly QueueId[]; readonly skills: readonly string[] } | undefined,
  visit: Pick<Waiting, 'queue' | 'skills'>,
): boolean =>
  agent?.queues.includes(visit.queue) === true && visit.skills.every((skill) => agent.skills.includes(skill));

const longestIdleFirst = (a: Agent, b: Agent): number => a.idleSince - b.idleSince || (a.id < b.id ? -1 : 1);
