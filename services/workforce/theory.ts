import type { QueueId } from '../events/ids.ts';
import { requirementAt } from '../routing/serving-plan.ts';
import { canServe } from '../routing/skills.ts';
import { meanMs } from './distribution.ts';
import { answeredWithinA, erlangA } from './erlang-a.ts';
import { answeredWithinC, erlangC } from './erlang-c.ts';
import type { Scenario, SimulatedQueue } from './scenario.ts';

/** What the formulas say of a queue: of all its callers, over the whole scenario. Null where they say nothing. */
export type Theory = {
  /** Share answered within the threshold. */
  readonly inTimeC: number | null;
  readonly inTimeA: number | null;
  readonly abandonsA: number | null;
};

/**
 * Each interval by itself, as if it lasted for ever with its own calls and agents; then the average, weighed by calls. The formulas know one
 * kind of callers and agents: so nothing is said of a queue whose agents serve others too, or whose calls come at given times. Ringing
 * occupies the agent like talking, and is taken off the threshold.
 */
export function theoryOf(scenario: Scenario, id: QueueId): Theory | null {
  const queue = scenario.queues.find(({ plan }) => plan.queue === id);
  const members = scenario.agents.filter(({ profile }) => profile.queues.includes(id));
  if (!queue || members.some(({ profile }) => profile.queues.length > 1)) return null;
  if (queue.arrivals.kind !== 'expected') return null;
  // Overflow is nothing the formulas know: only those count who may serve without it.
  const requirement = requirementAt(queue.plan, 0, []);
  const staff = members.filter(({ profile }) => canServe(profile, requirement, scenario.startsAt));
  const intervals = queue.arrivals.perInterval.map((calls, n) => ({
    calls,
    agents: Math.round(staffIn(scenario, staff, n)),
  }));
  const average = (of: (calls: number, agents: number) => number | null): number | null => {
    let [sum, all] = [0, 0];
    for (const { calls, agents } of intervals) {
      if (calls === 0) continue;
      const value = of(calls, agents);
      if (value === null) return null;
      sum += calls * value;
      all += calls;
    }
    return all === 0 ? null : sum / all;
  };
  const load = (calls: number) => loadOf(queue, calls, scenario.intervalMs);
  const within = Math.max(0, queue.thresholds.serviceLevelThresholdMs - meanMs(queue.ring)) / 1_000;
  // The formulas want callers who wait a little, and calls that last.
  if (meanMs(queue.ring) + meanMs(queue.talk) + meanMs(queue.wrapUp) === 0) return null;
  const meanPatienceMs = queue.patience === null ? 0 : meanMs(queue.patience);
  const patienceSeconds = meanPatienceMs === 0 ? null : meanPatienceMs / 1_000;
  const impatient = (calls: number) =>
    patienceSeconds === null ? null : { ...load(calls), patienceSeconds };
  return {
    inTimeC: average((calls, agents) =>
      agents > 0 && erlangC(load(calls), agents).stable ? answeredWithinC(load(calls), agents, within) : null,
    ),
    inTimeA: average((calls, agents) => {
      const one = impatient(calls);
      return one && (agents > 0 ? answeredWithinA(one, agents, within) : 0);
    }),
    abandonsA: average((calls, agents) => {
      const one = impatient(calls);
      return one && (agents > 0 ? erlangA(one, agents).abandons : 1);
    }),
  };
}

const loadOf = (queue: SimulatedQueue, calls: number, intervalMs: number) => ({
  arrivalRate: (calls / intervalMs) * 1_000,
  handleSeconds: (meanMs(queue.ring) + meanMs(queue.talk) + meanMs(queue.wrapUp)) / 1_000,
});

/** How many agents are there in an interval, on average. */
export function staffIn(
  { startsAt, intervalMs }: Scenario,
  staff: Scenario['agents'],
  interval: number,
): number {
  const from = startsAt + interval * intervalMs;
  return (
    staff.reduce((sum, { shifts }) => sum + thereWithin(shifts, from, from + intervalMs), 0) / intervalMs
  );
}

/** How many milliseconds of a time these shifts cover. */
export const thereWithin = (shifts: Scenario['agents'][number]['shifts'], from: number, to: number): number =>
  shifts.reduce((sum, shift) => sum + Math.max(0, Math.min(shift.to, to) - Math.max(shift.from, from)), 0);
