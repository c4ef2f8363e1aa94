import type { AgentId } from '../../events/ids.ts';
import type { Instant } from '../../events/instant.ts';
import { type AgentStateName, agentStates } from '../../events/vocabulary.ts';
import type { AgentStateInterval } from '../call-record.ts';
import type { StaffCounts } from './explanation.ts';

/** What the agents who may serve a caller did: their states on record, and who they are. */
export type Team = {
  readonly agents: readonly AgentId[];
  /** Over the time that is asked about; those of other agents do no harm. */
  readonly intervals: readonly AgentStateInterval[];
};

/** How many of a team were in which state, from a moment on. */
export type StaffFrom = { readonly from: Instant; readonly staff: StaffCounts };

/** The team's states from `from` to `to`: one entry for each moment at which anything changed, the first at `from`. */
export function staffOver({ agents, intervals }: Team, from: Instant, to: Instant): StaffFrom[] {
  // Who was never seen has not signed in.
  const stateOf = new Map<AgentId, AgentStateName>(agents.map((agent) => [agent, 'signed-out']));
  const counts = new Map<AgentStateName, number>([['signed-out', stateOf.size]]);
  const changes = intervals
    .filter((one) => stateOf.has(one.agent) && one.startedAt < to && (one.endedAt ?? to) >= from)
    .sort((a, b) => a.startedAt - b.startedAt);
  const staff: { from: Instant; staff: StaffCounts }[] = [{ from, staff: shown(counts) }];
  for (const { agent, state, startedAt } of changes) {
    const before = stateOf.get(agent) ?? 'signed-out';
    counts.set(before, (counts.get(before) ?? 0) - 1);
    counts.set(state, (counts.get(state) ?? 0) + 1);
    stateOf.set(agent, state);
    const at = startedAt > from ? startedAt : from;
    if (staff.at(-1)?.from === at) staff.pop();
    staff.push({ from: at, staff: shown(counts) });
  }
  return staff;
}

function shown(counts: ReadonlyMap<AgentStateName, number>): StaffCounts {
  return Object.fromEntries(
    agentStates.flatMap((state) => {
      const count = counts.get(state) ?? 0;
      return count > 0 ? [[state, count]] : [];
    }),
  );
}

/** Who of the team was free at a moment, besides those who were rung at that very moment. */
export function freeAt({ agents, intervals }: Team, at: Instant): AgentId[] {
  const free = new Set(
    intervals
      .filter((one) => one.state === 'available' && one.startedAt <= at && (one.endedAt ?? at + 1) > at)
      .map(({ agent }) => agent),
  );
  return agents.filter((agent) => free.has(agent));
}
