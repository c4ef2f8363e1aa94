import { expect, test } from 'vitest';
import { emptyLedger, foldLedger } from '../../services/cdr/ledger.ts';
import type { AgentStateChanged, HotlineEvent } from '../../services/events/events.ts';
import { type AgentId, asId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import { numbered } from '../support/histories.ts';

const nine = Date.parse('2026-03-02T09:00:00+08:00');
const agent = asId<AgentId>('1001');

type Change = [seconds: number, state: AgentStateChanged['state'], more?: Partial<AgentStateChanged>];

const history = (...changes: Change[]): HotlineEvent[] =>
  numbered(
    changes.map(([seconds, state, more]) => ({
      at: instant(nine + seconds * 1_000),
      body: {
        type: 'AgentStateChanged',
        agent,
        state,
        reason: null,
        callId: null,
        intent: { kind: 'ready' },
        devices: ['sip'],
        work: { kind: 'none' },
        missedRings: 0,
        because: 'told so',
        ...more,
      },
    })),
  );

const intervals = (events: HotlineEvent[]) => {
  const ledger = foldLedger(emptyLedger(), events);
  return [...ledger.closedIntervals, ...ledger.openIntervals.values()].map((one) => [
    one.state,
    (one.startedAt - nine) / 1_000,
    one.endedAt === null ? null : (one.endedAt - nine) / 1_000,
  ]);
};

test('each change closes the state before and opens the next: no gap, no overlap', () => {
  const callId = asId<never>('c1');
  const events = history(
    [0, 'available'],
    [5, 'ringing', { callId }],
    [9, 'on-call', { callId }],
    [60, 'wrapping-up', { callId }],
    [70, 'available'],
  );
  expect(intervals(events)).toEqual([
    ['available', 0, 5],
    ['ringing', 5, 9],
    ['on-call', 9, 60],
    ['wrapping-up', 60, 70],
    ['available', 70, null],
  ]);
});

test('a change of phones or missed rings alone does not split the interval', () => {
  const events = history(
    [0, 'available'],
    [5, 'available', { devices: ['sip', 'web'] }],
    [9, 'available', { missedRings: 1 }],
  );
  expect(intervals(events)).toEqual([['available', 0, null]]);
});

test('another reason, or another call, is another interval', () => {
  const events = history([0, 'not-ready', { reason: 'break' }], [60, 'not-ready', { reason: 'meal' }]);
  expect(intervals(events)).toEqual([
    ['not-ready', 0, 60],
    ['not-ready', 60, null],
  ]);
});

test('a clock set back does not make an interval end before it began', () => {
  expect(intervals(history([10, 'available'], [5, 'not-ready', { reason: 'break' }]))).toEqual([
    ['available', 10, 10],
    ['not-ready', 5, null],
  ]);
});
