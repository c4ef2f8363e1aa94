import { describe, expect, test } from 'vitest';
import { noCounts } from '../../services/kpi/counts.ts';
import { expectedWait, patienceOf } from '../../services/queueing/expected-wait.ts';
import { backTest } from '../../services/workforce/back-test.ts';
import { agentsOf, exponential, queueOf, scenarioOf } from '../support/small-scenario.ts';

describe('the expected wait', () => {
  test('first in line: until one of the agents is free', () => {
    expect(expectedWait({ ahead: 0, agents: 10, occupiedMs: 200_000, patienceMs: null })).toEqual({
      meanMs: 20_000,
      nineOfTenMs: 45_632,
    });
  });

  test('without anybody giving up, each caller ahead costs one such time', () => {
    expect(expectedWait({ ahead: 4, agents: 10, occupiedMs: 200_000, patienceMs: null })?.meanMs).toBe(
      100_000,
    );
  });

  test('callers ahead who give up make it shorter', () => {
    // 1/(n/o + j/p) for j = 0, 1, 2: 20, 16, 13.333 s
    const ahead = { ahead: 2, agents: 10, occupiedMs: 200_000, patienceMs: 80_000 };
    expect(expectedWait(ahead)?.meanMs).toBe(49_333);
  });

  test('is unknown with nobody at work, or before any call was handled', () => {
    expect(expectedWait({ ahead: 0, agents: 0, occupiedMs: 200_000, patienceMs: null })).toBeNull();
    expect(expectedWait({ ahead: 0, agents: 3, occupiedMs: 0, patienceMs: null })).toBeNull();
  });

  test('patience is measured from all waits, not from those alone who gave up', () => {
    const counts = { ...noCounts(), abandoned: 10, waitAbandonedMs: 300_000, waitAnsweredMs: 1_500_000 };
    expect(patienceOf(counts)).toBe(180_000);
    expect(patienceOf(noCounts())).toBeNull();
  });
});

describe('the expected wait in simulated centres', () => {
  const crowded = (talk: Parameters<typeof queueOf>[2]) =>
    queueOf('billing', [], {
      arrivals: { kind: 'expected', perInterval: Array.from({ length: 60 }, () => 480) },
      patience: exponential(120),
      ...talk,
    });

  test('with exponential times it is right on average, and nine of ten wait no longer than it says', () => {
    const found = backTest(
      scenarioOf([crowded({ talk: exponential(180) })], agentsOf(20, ['billing']), 60),
      1,
    );
    expect(found?.model.callers).toBeGreaterThan(300);
    expect(Math.abs(found?.model.meanErrorMs ?? 1e9)).toBeLessThan(0.1 * (found?.model.meanWaitMs ?? 0));
    expect(Math.abs((found?.withinNineOfTen ?? 0) - 0.9)).toBeLessThan(0.05);
  });

  test('it does better than one that forgets that callers give up', () => {
    const found = backTest(
      scenarioOf([crowded({ talk: exponential(180) })], agentsOf(20, ['billing']), 60),
      2,
    );
    const errors = [found?.model.meanAbsoluteErrorMs ?? 1e9, found?.simple.meanAbsoluteErrorMs ?? 0];
    expect(errors[0]).toBeLessThan(errors[1] ?? 0);
  });

  test('where nobody waits nothing is said', () => {
    expect(backTest(scenarioOf([queueOf('billing', [0, 100])], agentsOf(5, ['billing'])), 1)).toBeNull();
  });
});
