import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answeredWithinA, erlangA } from '../../services/workforce/erlang-a.ts';
import {
  agentsNeeded,
  answeredWithinC,
  erlangB,
  erlangC,
  rostered,
} from '../../services/workforce/erlang-c.ts';
import { perInterval } from '../../services/workforce/load.ts';

const halfHour = 1_800;
const calls = (count: number, handleSeconds: number) => ({
  arrivalRate: perInterval(count, halfHour),
  handleSeconds,
});

describe('Erlang C, on published vectors', () => {
  test('100 calls in half an hour of 180 s each, 14 agents', () => {
    const load = calls(100, 180);
    const queue = erlangC(load, 14);
    expect(queue.stable && queue.waits).toBeCloseTo(0.174131933595, 12);
    expect(queue.stable && queue.answerSeconds).toBeCloseTo(7.835937011777, 11);
    expect(queue.stable && queue.occupancy).toBeCloseTo(0.7142857, 7);
    expect(answeredWithinC(load, 14, 20)).toBeCloseTo(0.8883500191795, 12);
    expect(rostered(14, 0.3)).toBe(20);
  });

  test('the same with 11 agents; 360 calls of 240 s with 55', () => {
    expect(erlangC(calls(100, 180), 11)).toMatchObject({ waits: expect.closeTo(0.6821182, 7) });
    expect(answeredWithinC(calls(100, 180), 11, 20)).toBeCloseTo(0.3896138, 7);
    expect(erlangC(calls(360, 240), 55)).toMatchObject({
      waits: expect.closeTo(0.238701, 6),
      answerSeconds: expect.closeTo(8.184032, 6),
    });
    expect(answeredWithinC(calls(360, 240), 55, 15)).toBeCloseTo(0.845883, 6);
  });

  test('how many agents it takes', () => {
    const target = { share: 0.8, seconds: 20 };
    const tenMinutes = { arrivalRate: 25 / 600, handleSeconds: 180 };
    expect(agentsNeeded(tenMinutes, target)).toBe(11);
    expect(rostered(11, 0.3)).toBe(16);
    expect(agentsNeeded({ arrivalRate: 250 / 3_600, handleSeconds: 330 }, { share: 0.8, seconds: 30 })).toBe(
      28,
    );
  });

  // kpi.md, "Agents needed", AHT 180 s: 80 % in 20 s, 85 % in 15 s, 95 % in 15 s
  test.each([
    [10, 3, 3, 4],
    [25, 5, 5, 6],
    [50, 8, 8, 10],
    [100, 14, 14, 16],
    [200, 24, 25, 28],
    [400, 45, 47, 50],
    [800, 87, 88, 92],
  ])('%i calls of 180 s want %i, %i or %i agents', (count, easy, usual, strict) => {
    const needed = (share: number, seconds: number) => agentsNeeded(calls(count, 180), { share, seconds });
    expect([needed(0.8, 20), needed(0.85, 15), needed(0.95, 15)]).toEqual([easy, usual, strict]);
  });

  test('as much work as agents, or more: the queue is said to be unstable, and no number is given', () => {
    expect(erlangC(calls(100, 180), 10)).toEqual({ stable: false });
    expect(answeredWithinC(calls(100, 180), 9, 20)).toBe(0);
  });

  test('what is no load is refused by name', () => {
    expect(() => erlangC({ arrivalRate: -1, handleSeconds: 180 }, 3)).toThrow(/arrivalRate is -1/);
    expect(() => erlangC(calls(10, 180), 2.5)).toThrow(/agents is 2.5/);
    expect(() => agentsNeeded(calls(10, 180), { share: 1, seconds: 20 })).toThrow(/share is 1/);
    expect(() => rostered(10, 1)).toThrow(/shrinkage is 1/);
  });

  test('a large centre is no trouble: 5 000 erlangs (Jagerman 1974: 1/B → √(πA/2) + 2/3)', () => {
    expect(erlangB(5_000, 5_000)).toBeCloseTo(1 / (Math.sqrt((Math.PI * 5_000) / 2) + 2 / 3), 6);
  });
});

describe('Erlang A', () => {
  test('48 calls a minute of one minute, patience of two minutes, 50 agents', () => {
    const load = { arrivalRate: 48 / 60, handleSeconds: 60, patienceSeconds: 120 };
    const queue = erlangA(load, 50);
    expect(queue.abandons).toBeCloseTo(0.030912, 6);
    expect(queue.waitSeconds).toBeCloseTo(3.7095, 4);
    expect(queue.waits).toBeCloseTo(0.467774, 6);
    expect(queue.occupancy).toBeCloseTo(0.930324, 6);
    expect(answeredWithinA(load, 50, 20)).toBeCloseTo(0.943019, 6);
    const patient = erlangC(load, 50);
    expect(patient.stable && patient.answerSeconds).toBeCloseTo(20.8337, 4);
  });

  test('100 calls in half an hour of 180 s, patience 120 s, 12 agents', () => {
    const load = { ...calls(100, 180), patienceSeconds: 120 };
    const queue = erlangA(load, 12);
    expect(queue.abandons).toBeCloseTo(0.061597, 6);
    expect(queue.waitSeconds).toBeCloseTo(7.391685, 6);
    expect(queue.waits).toBeCloseTo(0.279807, 6);
    expect(answeredWithinA(load, 12, 20)).toBeCloseTo(0.825583, 6);
  });

  const anyQueue = fc.record({
    offered: fc.double({ min: 0.5, max: 300, noNaN: true }),
    handleSeconds: fc.double({ min: 10, max: 900, noNaN: true }),
    patienceSeconds: fc.double({ min: 5, max: 3_600, noNaN: true }),
    agents: fc.integer({ min: 1, max: 320 }),
  });
  const loadOf = ({
    offered,
    handleSeconds,
    patienceSeconds,
  }: {
    offered: number;
    handleSeconds: number;
    patienceSeconds: number;
  }) => ({ arrivalRate: offered / handleSeconds, handleSeconds, patienceSeconds });

  test('whoever comes is answered or gives up: what is answered is what the agents handle', () => {
    fc.assert(
      fc.property(anyQueue, (one) => {
        const load = loadOf(one);
        const { abandons, occupancy } = erlangA(load, one.agents);
        expect((occupancy * one.agents) / one.offered).toBeCloseTo(1 - abandons, 8);
        expect(answeredWithinA(load, one.agents, 1e7)).toBeCloseTo(1 - abandons, 8);
        expect(answeredWithinA(load, one.agents, 0)).toBeCloseTo(1 - erlangA(load, one.agents).waits, 8);
      }),
    );
  });

  test('longer counts more: the share answered in time never falls with the time', () => {
    fc.assert(
      fc.property(anyQueue, fc.double({ min: 0, max: 600, noNaN: true }), (one, seconds) => {
        const share = (within: number) => answeredWithinA(loadOf(one), one.agents, within);
        expect(share(seconds + 5)).toBeGreaterThanOrEqual(share(seconds) - 1e-12);
      }),
    );
  });

  test('patience without end is Erlang C; patience as long as a call is a Poisson number of callers', () => {
    const load = calls(100, 180);
    const patient = erlangA({ ...load, patienceSeconds: 1e9 }, 14);
    expect(patient.waitSeconds).toBeCloseTo(7.835937, 4);
    expect(patient.waits).toBeCloseTo(0.1741319, 6);
    const even = erlangA({ ...load, patienceSeconds: 180 }, 12);
    let poisson = Math.exp(-10);
    let atLeast = 1;
    for (let k = 0; k < 12; k++) {
      atLeast -= poisson;
      poisson *= 10 / (k + 1);
    }
    expect(even.waits).toBeCloseTo(atLeast, 10);
  });
});
