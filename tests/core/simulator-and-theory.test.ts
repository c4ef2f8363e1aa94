import { describe, expect, test } from 'vitest';
import type { KpiCounts } from '../../services/kpi/counts.ts';
import { answeredWithinA, erlangA } from '../../services/workforce/erlang-a.ts';
import { answeredWithinC, erlangC } from '../../services/workforce/erlang-c.ts';
import { simulate } from '../../services/workforce/simulate.ts';
import { agentsOf, exponential, hourMs, queueOf, scenarioOf } from '../support/small-scenario.ts';

const batchHours = 4;
const thresholdSeconds = 20;

/** So many batches of four hours after one to warm up; each batch is one observation (batch means). */
function batches(
  count: number,
  load: { callsPerHour: number; handle: number; patience: number | null; agents: number },
) {
  const queue = queueOf('billing', [], {
    arrivals: {
      kind: 'expected',
      perInterval: Array.from({ length: count + 1 }, () => load.callsPerHour * batchHours),
    },
    thresholds: { serviceLevelThresholdMs: thresholdSeconds * 1_000, shortAbandonMs: 0 },
    talk: exponential(load.handle),
    patience: load.patience === null ? null : exponential(load.patience),
    maxWaiting: 1_000_000,
  });
  const agents = agentsOf(load.agents, ['billing']);
  const { queues } = simulate(
    scenarioOf([queue], agents, (count + 1) * batchHours, batchHours * hourMs),
    20_261_122,
  );
  return (queues[0]?.intervals ?? []).slice(1).map(({ counts }) => counts);
}

/** The mean over the batches, with the half width of its 99.9 % confidence interval. */
function estimate(all: readonly KpiCounts[], of: (counts: KpiCounts) => number) {
  const values = all.map(of);
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
  return { mean, within: 3.4 * Math.sqrt(variance / values.length) };
}

/** The theory's number lies in the confidence interval, and the interval is narrow enough to say something. */
function agrees(
  name: string,
  { mean, within }: { mean: number; within: number },
  theory: number,
  precision: number,
): void {
  expect(Math.abs(mean - theory), `${name}: ${mean} ± ${within}, theory ${theory}`).toBeLessThanOrEqual(
    within,
  );
  expect(within, `${name}: ± ${within} of ${theory} says nothing`).toBeLessThan(precision);
}

const inTime = (c: KpiCounts) => c.answeredInThreshold / c.offered;
const abandons = (c: KpiCounts) => c.abandoned / c.offered;
const waitOfAll = (c: KpiCounts) => (c.waitAnsweredMs + c.waitAbandonedMs) / c.offered / 1_000;
const occupancy = (agents: number) => (c: KpiCounts) => c.handleMs / (agents * batchHours * hourMs);

// Hundreds of thousands of calls: seconds of reckoning, and more on a busy machine.
describe('the simulator with exponential times agrees with the theory', { timeout: 120_000 }, () => {
  test.each([
    { callsPerHour: 200, handle: 180, agents: 14 },
    { callsPerHour: 720, handle: 240, agents: 55 },
  ])(
    'Erlang C: $callsPerHour calls an hour of $handle s, $agents agents',
    ({ callsPerHour, handle, agents }) => {
      const all = batches(100, { callsPerHour, handle, patience: null, agents });
      const load = { arrivalRate: callsPerHour / 3_600, handleSeconds: handle };
      const queue = erlangC(load, agents);
      if (!queue.stable) throw new Error('this queue should be stable');
      agrees('service level', estimate(all, inTime), answeredWithinC(load, agents, thresholdSeconds), 0.03);
      agrees(
        'speed of answer',
        estimate(all, (c) => c.waitAnsweredMs / c.answered / 1_000),
        queue.answerSeconds,
        2,
      );
      agrees('occupancy', estimate(all, occupancy(agents)), queue.occupancy, 0.02);
    },
  );

  test.each([
    { callsPerHour: 2_880, handle: 60, patience: 120, agents: 50, count: 25 },
    { callsPerHour: 200, handle: 180, patience: 120, agents: 12, count: 150 },
    { callsPerHour: 400, handle: 180, patience: 60, agents: 15, count: 100 },
  ])(
    'Erlang A: $callsPerHour calls an hour of $handle s, patience $patience s, $agents agents',
    ({ count, ...one }) => {
      const all = batches(count, one);
      const load = {
        arrivalRate: one.callsPerHour / 3_600,
        handleSeconds: one.handle,
        patienceSeconds: one.patience,
      };
      const queue = erlangA(load, one.agents);
      agrees(
        'service level',
        estimate(all, inTime),
        answeredWithinA(load, one.agents, thresholdSeconds),
        0.015,
      );
      agrees('abandonment', estimate(all, abandons), queue.abandons, 0.008);
      agrees('wait of all', estimate(all, waitOfAll), queue.waitSeconds, 0.7);
      agrees('occupancy', estimate(all, occupancy(one.agents)), queue.occupancy, 0.01);
    },
  );
});
