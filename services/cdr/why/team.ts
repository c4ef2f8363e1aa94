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

/** How many of a team were in each state (in the order of `agentStates`), from a moment on. */
export type StaffFrom = { readonly from: Instant; readonly staff: readonly number[] };

const placeOf = Object.fromEntries(agentStates.map((state, place) => [state, place])) as Record<
  AgentStateName,
  number
>;

export const howMany = (staff: readonly number[], state: AgentStateName): number =>
  staff[placeOf[state]] ?? 0;

export const countsOf = (staff: readonly number[]): StaffCounts =>
  Object.fromEntries(
    agentStates.flatMap((state) => (howMany(staff, state) > 0 ? [[state, howMany(staff, state)]] : [])),
  );

/**
 * The team's states from `from` to `to`: one entry for each moment at which anything changed, the first at `from`. A large team changes
 * thousands of times in half an hour, so an entry is no more than a few numbers.
 */
export function staffOver({ agents, intervals }: Team, from: Instant, to: Instant): StaffFrom[] {
  // Who was never seen has not signed in.
  const stateOf = new Map<AgentId, AgentStateName>(agents.map((agent) => [agent, 'signed-out']));
  const counts = agentStates.map((state) => (state === 'signed-out' ? stateOf.size : 0));
  const add = (state: AgentStateName, one: number) => {
    counts[placeOf[state]] = howMany(counts, state) + one;
  };
  const changes = intervals
    // What lasted no time at all began when the next state did, and the two come in any order.
    .filter((one) => one.startedAt !== one.endedAt)
    .filter((one) => stateOf.has(one.agent) && one.startedAt < to && (one.endedAt ?? to) >= from)
    .sort((a, b) => a.startedAt - b.startedAt);
  const staff: StaffFrom[] = [{ from, staff: counts.slice() }];
  for (const { agent, state, startedAt } of changes) {
    add(stateOf.get(agent) ?? 'signed-out', -1);
    add(state, 1);
    stateOf.set(agent, state);
    const at = startedAt > from ? startedAt : from;
    if (staff.at(-1)?.from === at) staff.pop();
    staff.push({ from: at, staff: counts.slice() });
  }
  return staff;
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
