import type { AgentId, QueueId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import { standInRank } from '../routing/stand-in.ts';
import type { Centre } from './centre.ts';
import { profileOf } from './serving-plans.ts';

/** A queue of Asterisk's own that an agent serves while no controller is there; lower penalties are rung first. */
export type FallbackPlace = { readonly queue: QueueId; readonly penalty: number };

/**
 * Where an agent is rung while Asterisk serves callers alone, at a moment: in the queues that they may serve then. None for an agent of the
 * past. `reserves`: queues whose reserve a lead has called in.
 */
export function fallbackPlaces(
  centre: Pick<Centre, 'queues' | 'agents'>,
  agent: AgentId,
  reserves: { has(queue: QueueId): boolean },
  now: Instant,
): FallbackPlace[] {
  const definition = centre.agents.get(agent);
  if (!definition) return [];
  const profile = profileOf(definition);
  return [...centre.queues.values()].flatMap(({ id: queue, serving }) => {
    const penalty = standInRank(serving.plan, profile, reserves.has(queue), now);
    return penalty === null ? [] : [{ queue, penalty }];
  });
}
