import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asId } from '../../services/events/ids.ts';
import { addCounts, type KpiCounts, noCounts } from '../../services/kpi/counts.ts';
import { simulate } from '../../services/workforce/simulate.ts';
import { plan, s, widen } from '../support/small-router.ts';
import { agentsOf, exponential, fixed, hourMs, queueOf, scenarioOf } from '../support/small-scenario.ts';

const leave = (afterSeconds: number, fromWaiting: number | null, queue: string) => ({
  afterMs: afterSeconds * 1_000,
  fromWaiting,
  does: { kind: 'leave' as const, to: { kind: 'queue' as const, queue: asId<never>(queue) } },
});
const countsOf = (scenario: Parameters<typeof simulate>[0], seed = 1): KpiCounts[] =>
  simulate(scenario, seed).queues.map(({ intervals }) =>
    intervals.map((i) => i.counts).reduce(addCounts, noCounts()),
  );

describe('a simulated centre', () => {
  test('one agent, two callers: the second waits for the first', () => {
    const [billing] = countsOf(scenarioOf([queueOf('billing', [0, 10])], agentsOf(1, ['billing'])));
    expect(billing).toMatchObject({
      offered: 2,
      answered: 2,
      answeredInThreshold: 1,
      waitAnsweredMs: 50_000,
      talkMs: 120_000,
      handleMs: 120_000,
    });
  });

  test('ringing is part of the wait, and wrap-up keeps the agent', () => {
    const queue = queueOf('billing', [0, 10], { ring: fixed(4), wrapUp: fixed(10) });
    const [billing] = countsOf(scenarioOf([queue], agentsOf(1, ['billing'])));
    // The second: rung at 74, answered at 78.
    expect(billing).toMatchObject({
      waitAnsweredMs: 4_000 + 68_000,
      ringMs: 8_000,
      wrapUpMs: 20_000,
      handleMs: 140_000,
    });
  });

  test('who gives up is counted as abandoned, a short wait apart; also while the phone rings', () => {
    const short = queueOf('billing', [0, 10, 20], { patience: fixed(3) });
    expect(countsOf(scenarioOf([short], agentsOf(1, ['billing'])))[0]).toMatchObject({
      answered: 1,
      abandoned: 2,
      shortAbandoned: 2,
      waitAbandonedMs: 6_000,
    });
    const ringing = queueOf('billing', [0], { patience: fixed(6), ring: fixed(8) });
    expect(countsOf(scenarioOf([ringing], agentsOf(1, ['billing'])))[0]).toMatchObject({
      answered: 0,
      abandoned: 1,
      shortAbandoned: 0,
    });
  });

  test('a phone that nobody picks up sends its agent away and the caller to another', () => {
    const queue = queueOf('billing', [0], { ring: fixed(30) });
    const [billing] = countsOf(scenarioOf([{ ...queue, maxWaitMs: 100_000 }], agentsOf(2, ['billing'])));
    expect(billing).toMatchObject({ answered: 0, flowOut: 1 });
  });

  test('a caller whose first ring is missed is answered by the next agent who picks up', () => {
    const ring = { kind: 'measured' as const, ms: [30_000, 2_000] };
    const all = Array.from({ length: 50 }, (_, n) => n * 60);
    const [billing] = countsOf(scenarioOf([queueOf('billing', all, { ring })], agentsOf(40, ['billing'])));
    expect(billing).toMatchObject({ offered: 50, answered: 50, ringMs: 50 * 2_000 });
    expect(billing?.waitAnsweredMs).toBeGreaterThan(50 * 2_000);
  });

  test('a caller whom nobody ever answers and who never gives up is left waiting: it ends all the same', () => {
    const nobody = queueOf('billing', [0], { ring: fixed(30) });
    const { queues, endedAt } = simulate(scenarioOf([nobody], agentsOf(2, ['billing'])), 1);
    expect(queues[0]).toMatchObject({ stillWaiting: 1 });
    expect(endedAt).toBeLessThan(26 * hourMs);
  });

  test('who has waited too long, or finds too many waiting, flows out', () => {
    const queue = queueOf('billing', [0, 1, 2, 3], { maxWaitMs: 30_000, maxWaiting: 2 });
    expect(countsOf(scenarioOf([queue], agentsOf(1, ['billing'])))[0]).toMatchObject({
      offered: 4,
      answered: 1,
      flowOut: 3,
    });
  });

  test('overflow: after its time a wider choice, then another queue, which counts the visit anew', () => {
    const overflow = [widen(20, { alsoQueues: [asId('faults')] }), leave(40, null, 'faults')];
    const widening = queueOf('billing', [0], { plan: plan('billing', { overflow }) });
    const other = queueOf('faults', []);
    expect(countsOf(scenarioOf([widening, other], agentsOf(1, ['faults'])))).toMatchObject([
      { offered: 1, answered: 1, waitAnsweredMs: 20_000 },
      { offered: 0 },
    ]);
    const moving = queueOf('billing', [0], {
      plan: plan('billing', { overflow: [leave(40, null, 'faults')] }),
    });
    expect(countsOf(scenarioOf([moving, other], agentsOf(1, ['faults'])))).toMatchObject([
      { offered: 1, answered: 0, flowOut: 1 },
      { offered: 1, answered: 1, waitAnsweredMs: 0 },
    ]);
  });

  test('two queues that send their callers to each other do so a few times, not for ever', () => {
    const round = (name: string, to: string, at: number[]) =>
      queueOf(name, at, { plan: plan(name, { overflow: [leave(0, 0, to)] }) });
    const [one, other] = countsOf(scenarioOf([round('a', 'b', [0]), round('b', 'a', [])], []));
    expect((one?.flowOut ?? 0) + (other?.flowOut ?? 0)).toBe(6);
  });

  test('who is with a caller at the end of the shift stays for that one, and takes no more', () => {
    const queue = queueOf('billing', [0, 50], { talk: fixed(100) });
    const result = simulate(scenarioOf([queue], agentsOf(1, ['billing'], { from: s(0), to: s(60) })), 1);
    expect(result.queues[0]?.intervals[0]?.counts).toMatchObject({ offered: 2, handled: 1, talkMs: 100_000 });
    expect(result.queues[0]?.stillWaiting).toBe(1);
    expect(result.overtimeMs).toBe(40_000);
  });

  test('a visit counts in the interval in which it entered the queue', () => {
    const queue = queueOf('billing', [890, 900], { talk: fixed(1_000) });
    const result = simulate(scenarioOf([queue], agentsOf(1, ['billing']), 1, 900_000), 1);
    expect(result.queues[0]?.intervals.map(({ counts }) => [counts.offered, counts.waitAnsweredMs])).toEqual([
      [1, 0],
      [1, 990_000],
      [0, 0],
      [0, 0],
    ]);
  });

  const anyQueue = (name: string) =>
    fc
      .record({
        calls: fc.nat({ max: 60 }),
        patience: fc.option(fc.constantFrom(exponential(20), exponential(200)), { freq: 3 }),
        ring: fc.constantFrom(fixed(0), exponential(5), fixed(25)),
        strategy: fc.constantFrom('longest-idle', 'round-robin', 'ring-all'),
        maxWaiting: fc.constantFrom(3, 500),
        overflow: fc.constantFrom([], [widen(30, { alsoQueues: [asId('q0')] })], [leave(60, 5, 'q0')]),
      })
      .map(({ calls, strategy, overflow, ...rest }) =>
        queueOf(name, [], {
          ...rest,
          plan: plan(name, { strategy: strategy as 'ring-all', overflow }),
          arrivals: { kind: 'expected', perInterval: [calls] },
          talk: exponential(80),
          wrapUp: exponential(10),
          maxWaitMs: 300_000,
        }),
      );

  test('every visit leaves once, every answer is handled and wrapped up; the same seed gives the same bytes (property)', () => {
    fc.assert(
      fc.property(anyQueue('q0'), anyQueue('q1'), fc.nat({ max: 4 }), fc.nat(), (q0, q1, count, seed) => {
        const agents = agentsOf(count, ['q0', 'q1'], { from: s(600), to: s(3_000) });
        const scenario = scenarioOf([q0, q1], agents);
        const result = simulate(scenario, seed);
        for (const { intervals, stillWaiting } of result.queues) {
          const c = intervals.map((i) => i.counts).reduce(addCounts, noCounts());
          expect(c.answered + c.abandoned + c.flowOut + stillWaiting).toBe(c.offered);
          expect([c.handled, c.wrappedUp]).toEqual([c.answered, c.answered]);
          expect(c.handleMs).toBe(c.talkMs + c.wrapUpMs);
        }
        expect(JSON.stringify(simulate(scenario, seed))).toBe(JSON.stringify(result));
      }),
      { numRuns: 60 },
    );
  });

  test('callers of a queue are the same whoever serves them: what differs is what was changed', () => {
    const busy = queueOf('billing', [], {
      arrivals: { kind: 'expected', perInterval: [100] },
      patience: exponential(90),
      talk: exponential(180),
    });
    const served = [4, 6, 8].map((count) => countsOf(scenarioOf([busy], agentsOf(count, ['billing']), 1))[0]);
    expect(new Set(served.map((c) => c?.offered)).size).toBe(1);
    const abandoned = served.map((c) => c?.abandoned ?? 0);
    expect(abandoned).toEqual([...abandoned].sort((a, b) => b - a));
    expect(abandoned[0]).toBeGreaterThan(abandoned[2] ?? 0);
  });
});

test('expected arrivals come as many as expected, in each interval (four standard deviations)', () => {
  const queue = queueOf('billing', [], {
    arrivals: { kind: 'expected', perInterval: [100, 0, 400, 2_500] },
    talk: fixed(1),
  });
  const { queues } = simulate(scenarioOf([queue], [], 4), 7);
  const [first = 0, none = 1, third = 0, last = 0] =
    queues[0]?.intervals.map(({ counts }) => counts.offered) ?? [];
  expect(none).toBe(0);
  expect(Math.abs(first - 100)).toBeLessThan(40);
  expect(Math.abs(third - 400)).toBeLessThan(80);
  expect(Math.abs(last - 2_500)).toBeLessThan(200);
});
