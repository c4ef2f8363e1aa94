import { asId } from '../../services/events/ids.ts';
import { type Instant, instant } from '../../services/events/instant.ts';
import type { Distribution } from '../../services/workforce/distribution.ts';
import type { Scenario, SimulatedAgent, SimulatedQueue } from '../../services/workforce/scenario.ts';
import { plan, s } from './small-router.ts';

export const hourMs = 3_600_000;
export const fixed = (seconds: number): Distribution => ({ kind: 'fixed', ms: seconds * 1_000 });
export const exponential = (seconds: number): Distribution => ({
  kind: 'exponential',
  meanMs: seconds * 1_000,
});

/** A queue of callers who come at these seconds, talk for a minute, and never give up. */
export const queueOf = (
  name: string,
  arriveAt: readonly number[],
  over: Partial<SimulatedQueue> = {},
): SimulatedQueue => ({
  plan: plan(name),
  thresholds: { serviceLevelThresholdMs: 15_000, shortAbandonMs: 5_000 },
  arrivals: { kind: 'given', at: arriveAt.map(s) },
  priority: 0,
  patience: null,
  talk: fixed(60),
  wrapUp: fixed(0),
  ring: fixed(0),
  ringTimeoutMs: 20_000,
  missedRingAwayMs: 60_000,
  maxWaitMs: Number.POSITIVE_INFINITY,
  maxWaiting: 500,
  ...over,
});

export const scenarioOf = (
  queues: readonly SimulatedQueue[],
  agents: readonly SimulatedAgent[],
  hours = 1,
  intervalMs = hourMs,
): Scenario => ({
  name: 'test',
  startsAt: instant(0),
  endsAt: instant(hours * hourMs),
  intervalMs,
  queues,
  agents,
});

/** So many agents of these queues, at work all the time or within the given seconds. */
export const agentsOf = (
  count: number,
  queues: readonly string[],
  within: { from: Instant; to: Instant } = { from: instant(0), to: instant(1e12) },
): SimulatedAgent[] =>
  Array.from({ length: count }, (_, n) => ({
    profile: {
      id: asId(String(1001 + n)),
      queues: queues.map((q) => asId(q)),
      certificates: [],
      reserve: false,
    },
    shifts: [within],
  }));
