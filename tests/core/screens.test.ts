import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { kpiText } from '../../dashboards/board/kpi-text.ts';
import { waitLevel } from '../../dashboards/board/wait-level.ts';
import { waitingCalls } from '../../dashboards/board/waiting-calls.ts';
import { filterOf } from '../../dashboards/calls/calls-choice.ts';
import { clockDuration } from '../../dashboards/shared/format/duration.ts';
import { percent, whole } from '../../dashboards/shared/format/numbers.ts';
import {
  dateTime,
  endOfDate,
  localDate,
  startOfDate,
  timeOfDay,
} from '../../dashboards/shared/format/time.ts';
import { learnServerTime, serverNow } from '../../dashboards/shared/live/clock.ts';
import { shareUnchanged } from '../../dashboards/shared/live/share-unchanged.ts';
import { stalePartsOf } from '../../dashboards/shared/live/stale-parts.ts';
import { pathOf, routeOf } from '../../dashboards/shared/ui/router.ts';
import { callsQuerySchema } from '../../services/adapters/http/contract/calls.ts';
import { liveCall } from '../support/http-fakes.ts';

describe('durations and numbers', () => {
  it.each([
    [0, '0:00'],
    [999, '0:00'],
    [59_999, '0:59'],
    [60_000, '1:00'],
    [3_599_000, '59:59'],
    [3_723_000, '1:02:03'],
    [-5, '0:00'],
  ])('%d ms is %s', (ms, text) => expect(clockDuration(ms)).toBe(text));

  it.each([
    [null, '–'],
    [0, '0.0%'],
    [0.6665, '66.7%'],
    [0.99949, '99.9%'],
    [0.9995, '100%'],
    [1, '100%'],
    [0.0125, '1.3%'],
  ])('the ratio %d is %s', (ratio, text) => expect(percent(ratio)).toBe(text));

  it('groups thousands', () => expect(whole(1_234_567)).toBe('1,234,567'));

  it('shows a KPI in its unit, and a dash while there is nothing to divide by', () => {
    expect(kpiText({ unit: 'ms', value: 12_600 })).toBe('0:13');
    expect(kpiText({ unit: 'ratio', value: 0.914 })).toBe('91.4%');
    expect(kpiText({ unit: 'ratio', value: null })).toBe('–');
  });
});

describe("the centre's clock", () => {
  const lateEvening = Date.parse('2026-12-31T16:30:00Z'); // half past midnight in Shanghai

  it('is Shanghai time wherever the browser is', () => {
    expect(localDate(lateEvening)).toBe('2027-01-01');
    expect(timeOfDay(lateEvening)).toBe('00:30:00');
  });

  it('gives the year only when it is another', () => {
    expect(dateTime(lateEvening, lateEvening)).toBe('01-01 00:30:00');
    expect(dateTime(lateEvening - 86_400_000, lateEvening)).toBe('2026-12-31 00:30:00');
  });

  it('begins and ends a date at its midnights', () => {
    expect(Date.parse(startOfDate('2027-01-01'))).toBe(Date.parse('2026-12-31T16:00:00Z'));
    expect(endOfDate('2027-01-01')).toBe('2027-01-01T16:00:00.000Z');
  });

  it("follows the server's clock, not the browser's", () => {
    // It stands still: between two looks at a real one a millisecond may pass.
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const browser = Date.now();
    learnServerTime(browser + 600_000, browser);
    expect(serverNow() - Date.now()).toBe(600_000);
    learnServerTime(browser + 600_000 - 400, browser); // a late message does not set the clock back
    expect(serverNow() - Date.now()).toBeGreaterThan(600_000 - 100);
    learnServerTime(browser, browser); // a corrected clock is followed
    expect(serverNow() - Date.now()).toBe(0);
  });
});

describe('waits', () => {
  it('are in time, late, or far too late', () => {
    expect([15_000, 15_001, 60_000, 60_001].map((ms) => waitLevel(ms, 15_000))).toEqual([
      '',
      'level-warn',
      'level-warn',
      'level-bad',
    ]);
  });

  it('are listed by queue and place, those being rung included', () => {
    const call = (
      callId: string,
      queue: string,
      position: number,
      stage: 'waiting' | 'ringing' | 'talking',
    ) => ({
      ...liveCall('1'),
      callId,
      queue,
      position,
      stage,
    });
    const listed = waitingCalls([
      call('d', 'b', 1, 'waiting'),
      call('x', 'a', 1, 'talking'),
      call('c', 'a', 2, 'waiting'),
      call('b', 'a', 1, 'ringing'),
    ]);
    expect(listed.map(({ callId }) => callId)).toEqual(['b', 'c', 'd']);
  });
});

describe('sharing what did not change', () => {
  const before = {
    seq: 1,
    agents: [
      { agent: '1', state: 'a' },
      { agent: '2', state: 'a' },
    ],
    nodes: [],
  };

  it('keeps the whole when nothing changed', () => {
    expect(shareUnchanged(before, structuredClone(before))).toBe(before);
  });

  it('keeps every part that did not change', () => {
    const next = structuredClone(before);
    next.seq = 2;
    const shared = shareUnchanged(before, next);
    expect(shared).toEqual(next);
    expect(shared.agents).toBe(before.agents);
  });

  it('follows entries by identity when a list moves up', () => {
    const shared = shareUnchanged(before, { ...before, agents: [{ agent: '2', state: 'a' }] });
    expect(shared.agents[0]).toBe(before.agents[1]);
  });

  it('shows what changed', () => {
    const next = structuredClone(before);
    next.agents[1] = { agent: '2', state: 'b' };
    const shared = shareUnchanged(before, next);
    expect(shared).toEqual(next);
    expect(shared.agents[0]).toBe(before.agents[0]);
    expect(shareUnchanged({ a: 1, b: 2 }, { a: 1 })).toEqual({ a: 1 });
    expect(shareUnchanged([1, 2], [1])).toEqual([1]);
    expect(shareUnchanged(null, { a: null })).toEqual({ a: null });
  });
});

describe('what is stale', () => {
  const parts = {
    ready: true,
    telephony: 'up',
    postgres: 'up',
    journalBacklogEvents: 0,
    journal: 'up',
  } as const;
  const nodes = [{ nodeId: 'n1', connected: true }];

  it('is nothing while all works, nor before the first snapshot', () => {
    expect(stalePartsOf({ parts, nodes }, 'live')).toEqual([]);
    expect(stalePartsOf(null, 'connecting')).toEqual([]);
  });

  it('is told by part', () => {
    expect(stalePartsOf({ parts: { ...parts, telephony: 'down', postgres: 'down' }, nodes }, 'live')).toEqual(
      ['telephony', 'postgres'],
    );
    expect(stalePartsOf({ parts, nodes: [...nodes, { nodeId: 'n2', connected: false }] }, 'live')).toEqual([
      'node',
    ]);
  });

  it('is the whole page while the stream is interrupted', () => {
    expect(stalePartsOf({ parts: { ...parts, postgres: 'down' }, nodes }, 'interrupted')).toEqual(['stream']);
  });
});

describe('addresses', () => {
  beforeEach(() => vi.restoreAllMocks());

  it.each([
    [{ page: 'home' }, '/'],
    [{ page: 'board' }, '/board'],
    [{ page: 'calls', callId: null }, '/calls'],
    [{ page: 'calls', callId: 'node-1-1790000000.1' }, '/calls?call=node-1-1790000000.1'],
    [{ page: 'calls', callId: 'a&b=c' }, '/calls?call=a%26b%3Dc'],
  ] as const)('%j is %s, and back', (route, address) => {
    expect(pathOf(route)).toBe(address);
    const [path = '', search] = address.split('?', 2);
    expect(routeOf(path, search)).toEqual(route);
  });

  it('says of others that there is no such page', () => {
    expect(routeOf('/nonsense')).toEqual({ page: 'unknown', path: '/nonsense' });
  });
});

describe("the calls list's question", () => {
  it('is one that the server takes', () => {
    const choices = [
      { date: '2026-05-01' },
      { date: '', number: ' 138 1234 1234 ', outcome: 'answered' as const },
      { date: '2026-05-01', agent: '1001', queue: 'power-service', hotline: '95598', number: '' },
    ];
    for (const choice of choices)
      expect(callsQuerySchema.safeParse(filterOf(choice, null)).error).toBeUndefined();
    expect(filterOf({ date: '2026-05-01', agent: undefined }, 'next')).toEqual({
      from: '2026-05-01T00:00:00+08:00',
      to: '2026-05-01T16:00:00.000Z',
      cursor: 'next',
      limit: '50',
    });
  });
});
