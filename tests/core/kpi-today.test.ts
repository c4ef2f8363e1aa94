import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HotlineEvent } from '../../services/events/events.ts';
import { asId, type QueueId } from '../../services/events/ids.ts';
import { after } from '../../services/events/instant.ts';
import { countEvent } from '../../services/kpi/count-event.ts';
import { noCounts, settledVisits } from '../../services/kpi/counts.ts';
import { localDayIn } from '../../services/kpi/local-day.ts';
import { countsToday, createToday, foldToday, rollOver, type Today } from '../../services/kpi/today.ts';
import { at, goldenStories, journalOf, type Story } from '../support/golden-events.ts';

const house = { serviceLevelThresholdMs: 15_000, shortAbandonMs: 5_000 };
const rules = { localDay: localDayIn('Asia/Shanghai'), thresholdsOf: () => house };
const power = asId<QueueId>('power-service');
const telecom = asId<QueueId>('telecom-service');
const fold = (events: readonly HotlineEvent[], from: Today = createToday('2026-03-01')): Today =>
  events.reduce((today, event) => foldToday(today, event, rules), from);

const goldenPower = {
  offered: 5,
  answered: 2,
  answeredInThreshold: 1,
  abandoned: 2,
  shortAbandoned: 1,
  flowOut: 1,
  waitAnsweredMs: 28_000,
  waitAbandonedMs: 42_000,
  ringMs: 5_000,
  handled: 2,
  talkMs: 90_000,
  holdMs: 5_000,
  wrapUpMs: 14_000,
  wrappedUp: 2,
  handleMs: 109_000,
};

test('the golden day: counts as worked out by hand, an answer at exactly T in time', () => {
  const today = fold(journalOf(goldenStories('2026-03-02')));
  expect(today.day).toBe('2026-03-02');
  expect(countsToday(today, power)).toEqual(goldenPower);
  expect(countsToday(today, telecom)).toMatchObject({
    offered: 1,
    answered: 1,
    answeredInThreshold: 1,
    flowOut: 0,
  });
  expect(today.conversations).toEqual([]);
  expect(today.wrappingUp).toEqual([]);
});

test('counting the golden events one by one gives the same', () => {
  const events = journalOf(goldenStories('2026-03-02')).filter((e) => 'queue' in e && e.queue === power);
  expect(events.reduce((counts, e) => countEvent(counts, e, house), noCounts())).toEqual(goldenPower);
});

test('an event that counts for nothing gives the same object back', () => {
  const [arrived] = journalOf(goldenStories('2026-03-02'));
  if (arrived === undefined) throw new Error('no golden events');
  const counts = noCounts();
  expect(countEvent(counts, arrived, house)).toBe(counts);
});

test('an abandonment at exactly the short limit is a real one', () => {
  const story: Story = {
    call: 'n1-1',
    queuedAt: at('2026-03-02T09:00:00+08:00'),
    end: { kind: 'abandoned', waitMs: 5_000 },
  };
  expect(countsToday(fold(journalOf([story])), power)).toMatchObject({ abandoned: 1, shortAbandoned: 0 });
});

test('a threshold that is edited while a caller waits holds for those who enter afterwards', () => {
  const answered = {
    kind: 'answered',
    agent: '1001',
    waitMs: 12_000,
    ringMs: 3_000,
    talkMs: 0,
    wrapUpMs: 0,
  } as const;
  const waits: Story = { call: 'n1-1', queuedAt: at('2026-03-02T09:00:00+08:00'), end: answered };
  const later: Story = { call: 'n1-2', queuedAt: at('2026-03-02T09:05:00+08:00'), end: answered };
  const edited = { ...rules, thresholdsOf: () => ({ ...house, serviceLevelThresholdMs: 5_000 }) };
  const events = journalOf([waits, later]);
  const entry = events.findIndex(({ type }) => type === 'CallQueued') + 1;
  // As a snapshot keeps it.
  const before = JSON.parse(JSON.stringify(fold(events.slice(0, entry)))) as Today;
  const today = events.slice(entry).reduce((sum, event) => foldToday(sum, event, edited), before);
  expect(countsToday(today, power)).toMatchObject({ answered: 2, answeredInThreshold: 1 });
  expect(today.enteredUnder).toEqual({});
});

describe('midnight', () => {
  const answered = {
    kind: 'answered',
    agent: '1001',
    waitMs: 4_000,
    ringMs: 3_000,
    talkMs: 60_000,
    wrapUpMs: 10_000,
  } as const;
  const lastOfDay: Story = { call: 'n1-1', queuedAt: at('2026-03-02T23:59:58+08:00'), end: answered };
  const firstOfNext: Story = {
    call: 'n1-2',
    queuedAt: at('2026-03-03T00:00:00+08:00'),
    end: { ...answered, agent: '1002' },
  };

  test('a visit that entered yesterday, answered today, counts for nothing today', () => {
    const today = fold(journalOf([lastOfDay]));
    expect(today.day).toBe('2026-03-03');
    expect(countsToday(today, power)).toEqual(noCounts());
  });
  test('a visit that enters at midnight is the first of the new day', () => {
    const today = fold(journalOf([lastOfDay, firstOfNext]));
    expect(countsToday(today, power)).toMatchObject({
      offered: 1,
      answered: 1,
      handled: 1,
      wrappedUp: 1,
      handleMs: 70_000,
    });
  });
  test('only the wrap-up falls after midnight: the conversation is not counted again', () => {
    const events = journalOf([{ ...lastOfDay, queuedAt: at('2026-03-02T23:58:50+08:00') }]);
    const beforeWrapUp = fold(events.slice(0, -1));
    expect(countsToday(beforeWrapUp, power)).toMatchObject({ handled: 1, wrappedUp: 0 });
    expect(beforeWrapUp.wrappingUp).toEqual([{ agent: '1001', callId: 'n1-1' }]);
    expect(countsToday(fold(events), power)).toEqual(noCounts());
  });
  test('a quiet night rolls over too, and a clock set back does not', () => {
    const today = fold(journalOf(goldenStories('2026-03-02')));
    expect(rollOver(today, '2026-03-03')).toEqual(createToday('2026-03-03'));
    expect(rollOver(today, '2026-03-02')).toBe(today);
    expect(rollOver(today, '2026-03-01')).toBe(today);
  });
  test('the day is the local one of the time zone', () => {
    expect(localDayIn('Asia/Shanghai')(at('2026-03-02T15:59:59Z'))).toBe('2026-03-02');
    expect(localDayIn('Asia/Shanghai')(at('2026-03-02T16:00:00Z'))).toBe('2026-03-03');
    expect(localDayIn('UTC')(at('2026-03-02T16:00:00Z'))).toBe('2026-03-02');
  });
});

test('events of a queue that is not configured any more do not count', () => {
  const events = journalOf(goldenStories('2026-03-02'));
  const thresholdsOf = (queue: QueueId) => (queue === power ? house : undefined);
  const today = events.reduce(
    (t, e) => foldToday(t, e, { ...rules, thresholdsOf }),
    createToday('2026-03-02'),
  );
  expect(Object.keys(today.queues)).toEqual([power]);
});

const story = fc.record({
  startMs: fc.nat(6 * 3_600_000),
  waitMs: fc.nat(60_000),
  partMs: fc.nat(300_000),
  kind: fc.constantFrom('answered', 'abandoned', 'flow_out'),
  queue: fc.constantFrom('power-service', 'telecom-service'),
});

const stories = fc.array(story, { maxLength: 30 }).map((all) =>
  all.map((r, i): Story => {
    const queuedAt = after(at('2026-03-02T21:00:00+08:00'), r.startMs);
    const base = { call: `n1-${i}`, queue: r.queue, queuedAt };
    if (r.kind === 'abandoned') return { ...base, end: { kind: 'abandoned', waitMs: r.waitMs } };
    if (r.kind === 'flow_out')
      return { ...base, end: { kind: 'flow_out', waitMs: r.waitMs, reason: 'max-wait' } };
    // An agent each: the stories do not know of one another, and an agent holds at most one call.
    return {
      ...base,
      end: {
        kind: 'answered',
        agent: `${2000 + i}`,
        waitMs: r.waitMs,
        ringMs: Math.min(r.waitMs, 3_000),
        talkMs: r.partMs,
        wrapUpMs: 10_000,
      },
    };
  }),
);

describe('any day', () => {
  test('at every moment offered = answered + abandoned + flowed out + waiting, across midnight', () => {
    fc.assert(
      fc.property(stories, (all) => {
        let today = createToday('2026-03-02');
        for (const event of journalOf(all)) {
          today = foldToday(today, event, rules);
          let talking = 0;
          for (const counts of Object.values(today.queues)) {
            const waiting = counts.offered - settledVisits(counts);
            expect(waiting).toBeGreaterThanOrEqual(0);
            expect(counts.answeredInThreshold).toBeLessThanOrEqual(counts.answered);
            expect(counts.shortAbandoned).toBeLessThanOrEqual(counts.abandoned);
            talking += counts.answered - counts.handled;
          }
          expect(today.conversations).toHaveLength(talking);
        }
        expect(today.conversations).toEqual([]);
        expect(today.wrappingUp).toEqual([]);
      }),
    );
  });
  test('the fold of the last day = counting only the visits that entered on it', () => {
    fc.assert(
      fc.property(stories, (all) => {
        const events = journalOf(all);
        const today = fold(events);
        const own = new Set(
          events.flatMap((e) =>
            e.type === 'CallQueued' && rules.localDay(e.at) === today.day ? [e.callId] : [],
          ),
        );
        for (const queue of [power, telecom]) {
          const expected = events
            .filter(
              (e) =>
                'queue' in e && e.queue === queue && 'callId' in e && e.callId !== null && own.has(e.callId),
            )
            .reduce((counts, e) => countEvent(counts, e, house), noCounts());
          expect(countsToday(today, queue)).toEqual(expected);
        }
      }),
    );
  });
  test('it survives a snapshot at any point', () => {
    fc.assert(
      fc.property(stories, fc.nat(1000), (all, cutAt) => {
        const events = journalOf(all);
        const cut = cutAt % (events.length + 1);
        const restored = JSON.parse(JSON.stringify(fold(events.slice(0, cut)))) as Today;
        expect(fold(events.slice(cut), restored)).toEqual(fold(events));
      }),
    );
  });
});
