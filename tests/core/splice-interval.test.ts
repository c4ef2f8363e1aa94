import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AgentIntervalFold } from '../../services/cdr/fold-agent-interval.ts';
import { type PastPiece, spliceInterval } from '../../services/cdr/splice-interval.ts';
import { asId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import { agentStates } from '../../services/events/vocabulary.ts';

const agent = asId<never>('1001');
const interval = (
  name: string,
  from: number,
  to: number | null,
  state: AgentIntervalFold['state'] = 'available',
  call: string | null = null,
): AgentIntervalFold => ({
  intervalId: asId(name),
  agent,
  state,
  reason: null,
  callId: call === null ? null : asId(call),
  startedAt: instant(from),
  endedAt: to === null ? null : instant(to),
});
const piece = (from: number, to: number, call = 'told'): PastPiece =>
  interval('p', from, to, 'on-call', call) as PastPiece;
const inOrder = (intervals: readonly AgentIntervalFold[]) =>
  intervals
    .toSorted((a, b) => a.startedAt - b.startedAt)
    .map(({ state, startedAt, endedAt }) => [state, startedAt, endedAt]);

test('a conversation told afterwards cuts the state that was recorded for its time, also one that lasts', () => {
  expect(inOrder(spliceInterval([interval('a', 0, null)], piece(10, 20)))).toEqual([
    ['available', 0, 10],
    ['on-call', 10, 20],
    ['available', 20, null],
  ]);
  const recorded = [interval('a', 0, 15), interval('b', 15, 18, 'unreachable'), interval('c', 18, null)];
  expect(inOrder(spliceInterval(recorded, piece(10, 20)))).toEqual([
    ['available', 0, 10],
    ['on-call', 10, 20],
    ['available', 20, null],
  ]);
});

test('work with another caller stays: the piece gives way to it', () => {
  const recorded = [interval('a', 0, 12), interval('b', 12, 14, 'on-call', 'other'), interval('c', 14, null)];
  const spliced = spliceInterval(recorded, piece(10, 20));
  expect(spliced.find(({ intervalId }) => intervalId === 'b')).toBe(recorded[1]);
  expect(inOrder(spliced)).toEqual([
    ['available', 0, 10],
    ['on-call', 10, 12],
    ['on-call', 12, 14],
    ['on-call', 14, 20],
    ['available', 20, null],
  ]);
});

test('told outside of anything that is recorded, it stands alone; without any length it is nothing', () => {
  expect(spliceInterval([], piece(10, 20))).toEqual([piece(10, 20)]);
  const recorded = [interval('a', 0, null)];
  expect(spliceInterval(recorded, piece(10, 10))).toEqual(recorded);
});

test('whatever is recorded and told: no gap, no overlap, no two with the same name and beginning', () => {
  const states = fc.array(
    fc.record({
      lasts: fc.integer({ min: 1, max: 20 }),
      state: fc.constantFrom(...agentStates),
      call: fc.constantFrom('told', 'other', 'another'),
    }),
    { minLength: 1, maxLength: 8 },
  );
  const told = fc.array(fc.tuple(fc.integer({ min: 0, max: 160 }), fc.integer({ min: 0, max: 40 })), {
    maxLength: 5,
  });
  fc.assert(
    fc.property(states, fc.boolean(), told, (parts, lasts, pieces) => {
      let at = 0;
      let intervals = parts.map(({ lasts: ms, state, call }, i) => {
        const from = at;
        at += ms;
        const to = lasts && i === parts.length - 1 ? null : at;
        return interval(`i${i}`, from, to, state, state === 'available' ? null : call);
      });
      const end = lasts ? Infinity : at;
      pieces.forEach(([from, ms], i) => {
        const one = { ...piece(from, from + ms), intervalId: asId<never>(`p${i}`) };
        intervals = spliceInterval(intervals, one);
      });
      const sorted = intervals.toSorted((a, b) => a.startedAt - b.startedAt);
      sorted.forEach((one, i) => {
        const next = sorted[i + 1];
        expect(one.endedAt ?? Infinity).toBeGreaterThan(one.startedAt);
        if (next === undefined) return;
        // Beyond what was recorded pieces may stand apart, but never overlap.
        if (next.startedAt < end) expect(next.startedAt).toBe(one.endedAt);
        else expect(next.startedAt).toBeGreaterThanOrEqual(one.endedAt ?? Infinity);
      });
      expect(sorted[0]?.startedAt).toBe(0);
      const keys = sorted.map(({ intervalId, startedAt }) => `${intervalId} ${startedAt}`);
      expect(new Set(keys).size).toBe(keys.length);
    }),
    { numRuns: 500 },
  );
});
