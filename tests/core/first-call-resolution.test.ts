import { describe, expect, test } from 'vitest';
import { instant } from '../../services/events/instant.ts';
import {
  type Contact,
  countFirstCalls,
  firstCallResolution,
} from '../../services/kpi/first-call-resolution.ts';
import { watchFirstCalls } from '../../services/runtime/first-calls.ts';
import type { FirstCallsPort } from '../../services/runtime/first-calls-port.ts';

const hour = 3_600_000;
const day = 24 * hour;
const begin = Date.parse('2026-03-02T00:00:00+08:00');
const call = (number: string, atMs: number, more: Partial<Contact> = {}): Contact => ({
  hotline: '95598',
  number,
  atMs: begin + atMs,
  served: true,
  ...more,
});
const counted = (contacts: readonly Contact[], windowMs = 7 * day) =>
  countFirstCalls(contacts, { fromMs: begin, toMs: begin + 30 * day, windowMs }).get('95598');

describe('first-call resolution', () => {
  test('three customers of whom one calls twice: two of three first calls were enough', () => {
    const calls = counted([call('tom', 0), call('john', hour), call('john', day), call('betty', 2 * day)]);
    expect(calls).toEqual({ first: 3, repeated: 1 });
    expect(firstCallResolution({ first: 3, repeated: 1 })).toBeCloseTo(0.6667, 4);
  });

  test('a call later than the window is a new first call', () => {
    expect(counted([call('a', 0), call('a', 7 * day)])).toEqual({ first: 1, repeated: 1 });
    expect(counted([call('a', 0), call('a', 7 * day + 1)])).toEqual({ first: 2, repeated: 0 });
  });

  test('whoever gives up before an agent answers has had no first call, but has called again', () => {
    expect(counted([call('a', 0, { served: false }), call('a', hour)])).toEqual({ first: 1, repeated: 0 });
    expect(counted([call('a', 0), call('a', hour, { served: false })])).toEqual({ first: 1, repeated: 1 });
  });

  test('another hotline is another matter; who withholds the number is nobody we know', () => {
    expect(counted([call('a', 0), call('a', hour, { hotline: '10050' })])).toEqual({ first: 1, repeated: 0 });
    expect(counted([call('', 0), call('', hour)])).toBeUndefined();
  });

  test('calls before the time counted decide who calls for the first time', () => {
    expect(counted([call('a', -day), call('a', hour)])).toBeUndefined();
    expect(counted([call('a', -day), call('a', hour)], hour)).toEqual({ first: 1, repeated: 0 });
  });

  test('nobody called: no ratio', () => expect(firstCallResolution({ first: 0, repeated: 0 })).toBeNull());
});

describe('first calls, counted over the records now and then', () => {
  const now = instant(begin + 20 * day);
  function watch(firstCalls: FirstCallsPort['firstCalls']) {
    const due: (() => void)[] = [];
    const warnings: string[] = [];
    const watched = watchFirstCalls({
      port: { firstCalls },
      clock: () => now,
      schedule: (_, callback) => {
        due.push(callback);
        return () => undefined;
      },
      log: { warn: (_, text) => warnings.push(text) },
    });
    watched.start();
    /** What is due now, until it has armed the next. */
    const turn = async () => {
      const before = due.length;
      due.shift()?.();
      await expect.poll(() => due.length).toBe(before);
    };
    return { watched, warnings, turn };
  }

  test('final ones of the window before the last; where there were none, those since, provisionally', async () => {
    const { watched, turn } = watch(async (from, to, windowMs) => {
      expect(to - from).toBe(windowMs);
      return to === now
        ? new Map([
            ['95598', { first: 9, repeated: 9 }],
            ['10050', { first: 4, repeated: 1 }],
          ])
        : new Map([['95598', { first: 4, repeated: 2 }]]);
    });
    expect(watched.ratios()).toEqual([]);
    await turn();
    const of = (window: string) => watched.ratios().filter((one) => one.window === window);
    for (const window of ['24h', '7d'])
      expect(of(window)).toEqual([
        { hotline: '95598', window, provisional: false, ratio: 0.5 },
        { hotline: '10050', window, provisional: true, ratio: 0.75 },
      ]);
  });

  test('Postgres goes away: what was counted last stands, it is said once, and counted again later', async () => {
    let away = false;
    const { watched, warnings, turn } = watch(async () => {
      if (away) throw new Error('away');
      return new Map([['95598', { first: 1, repeated: 0 }]]);
    });
    await turn();
    away = true;
    await turn();
    await turn();
    expect(warnings).toEqual(['first calls cannot be counted now; it is tried again']);
    expect(watched.ratios()).toHaveLength(2);
    away = false;
    await turn();
    expect(warnings).toHaveLength(1);
  });
});
