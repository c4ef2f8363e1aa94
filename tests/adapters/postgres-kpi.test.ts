import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  connect,
  createFirstCalls,
  createHistory,
  createRecords,
  migrate,
  type Postgres,
  syncCentre,
} from '../../services/adapters/postgres/index.ts';
import type { HotlineEvent } from '../../services/events/events.ts';
import { asId, type CallId, type QueueId, type VisitId } from '../../services/events/ids.ts';
import { type Instant, instant } from '../../services/events/instant.ts';
import { countEvent } from '../../services/kpi/count-event.ts';
import { type KpiCounts, noCounts } from '../../services/kpi/counts.ts';
import { countFirstCalls } from '../../services/kpi/first-call-resolution.ts';
import type { CallsQuery } from '../../services/runtime/people-port.ts';
import { callPlans, historyOf } from '../support/histories.ts';
import { command, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { queueDefinition, smallCentre } from '../support/small-centre.ts';

/** Just before midnight in Shanghai, so that histories cross a local day and quarters of an hour. */
const evening = instant(Date.parse('2026-03-02T22:00:00+08:00'));
const day = 24 * 3_600_000;
const centre = smallCentre([
  queueDefinition('power-service'),
  queueDefinition('billing', { serviceLevelThresholdMs: 20_000, shortAbandonMs: 10_000 }),
  // 'faults' is not configured: the house's thresholds hold.
]);

let server: TestPostgres;
let template: string;
beforeAll(async () => {
  server = await startPostgres();
  template = await server.createDatabase();
  await migrate(template, evening);
  const postgres = connect(template);
  await syncCentre(postgres, centre, evening);
  await postgres.close();
});
afterAll(() => server.stop());

let url: string;
let postgres: Postgres;
beforeEach(async () => {
  url = await server.createDatabase(template);
  postgres = connect(url);
});
afterEach(() => postgres.close());

const quarterHour = 900_000;
const startOf = (at: Instant): Instant => instant(Math.floor(at / quarterHour) * quarterHour);

/** The other book: counts by queue and interval of queue entry, by the counting code alone. */
function countedByCode(events: readonly HotlineEvent[]): Map<string, KpiCounts> {
  const books = new Map<string, KpiCounts>();
  const visits = new Map<VisitId, Instant>();
  const lastVisit = new Map<string, VisitId>();
  const add = (event: HotlineEvent & { queue: QueueId }, queuedAt: Instant | undefined): void => {
    if (queuedAt === undefined) throw new Error(`event ${event.seq} counts for a visit that never began`);
    const key = `${event.queue} ${startOf(queuedAt)}`;
    const { serviceLevelThresholdMs, shortAbandonMs } =
      centre.queues.get(event.queue) ?? queueDefinition(event.queue);
    const thresholds = { serviceLevelThresholdMs, shortAbandonMs };
    books.set(key, countEvent(books.get(key) ?? noCounts(), event, thresholds));
  };
  for (const event of events) {
    if (event.type === 'CallQueued') visits.set(event.visitId, event.at);
    if (event.type === 'ConversationEnded') lastVisit.set(`${event.callId} ${event.agent}`, event.visitId);
    if (event.type === 'WrapUpEnded') {
      if (event.queue === null) continue;
      add(
        { ...event, queue: event.queue },
        visits.get(lastVisit.get(`${event.callId} ${event.agent}`) ?? asId<VisitId>('none')),
      );
    } else if ('visitId' in event && event.visitId !== null) {
      add(event, visits.get(event.visitId));
    }
  }
  return books;
}

const countedBySql = async (interval: 'quarter-hour' | 'hour' | 'day' = 'quarter-hour') => {
  const records = createRecords(postgres, { timeZone: 'Asia/Shanghai' });
  const range = { from: instant(evening - 2 * day), to: instant(evening + 4 * day) };
  return records.kpiReport({ ...range, queue: null, interval });
};

test('double books: for any history, cut into any batches, SQL counts what the counting code counts', async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      callPlans(evening, { min: 0, max: 15 }),
      fc.integer({ min: 20, max: 200 }),
      async (plans, batch) => {
        // Tables this small are emptied faster by deleting than by truncating.
        for (const table of ['event', 'call', 'visit', 'conversation', 'journal_position']) {
          await sql`delete from ${sql.table(table)}`.execute(postgres.db);
        }
        const events = historyOf(plans);
        const history = createHistory(postgres);
        for (let at = 0; at < events.length; at += batch)
          await history.write('j', events.slice(at, at + batch));

        const rows = await countedBySql();
        const bySql = new Map(rows.map((row) => [`${row.queue} ${row.intervalStart}`, row.counts]));
        expect(bySql).toEqual(countedByCode(events));

        const broken = await command(
          url,
          'select * from kpi_interval where offered <> answered + abandoned + flow_out + still_waiting',
        );
        expect(broken).toEqual([]);
        const [calls] = await command(url, 'select count(*)::int as n from call_record');
        expect(calls).toEqual({ n: plans.length });
        runs += 1;
      },
    ),
    { numRuns: 60 },
  );
  expect(runs).toBeGreaterThanOrEqual(60);
});

test('double books: SQL counts the first calls that the counting code counts', async () => {
  const numbers = fc.constantFrom(...Array.from({ length: 12 }, (_, i) => `1380000000${i}`), '');
  const ends = fc.constantFrom('answered', 'self_served', 'abandoned_in_queue', 'blocked', null);
  const sources = fc.constantFrom('trunk', 'trunk', 'trunk', 'caller', 'agent', 'callback');
  const calls = fc.array(
    fc.record({
      hotline: fc.constantFrom('95598', '10050'),
      number: numbers,
      // Whole hours: calls stand exactly a window apart, and at the same moment.
      hour: fc.integer({ min: 0, max: 96 }),
      outcome: ends,
      source: sources,
    }),
    // Few numbers and many calls: they meet.
    { minLength: 60, maxLength: 90 },
  );
  await fc.assert(
    fc.asyncProperty(calls, fc.constantFrom(1, 24), async (plans, windowHours) => {
      await sql`delete from call`.execute(postgres.db);
      const atMs = (hours: number) => evening + hours * 3_600_000;
      for (const [i, { hotline, number, hour, outcome, source }] of plans.entries())
        await sql`
          insert into hotline.call (call_id, started_at, node_id, source, caller_number, dialled_number, hotline, outcome,
                                    wait_ms, ring_ms, talk_ms, hold_ms, wrap_up_ms, wrap_ups_due, transfers, degraded, sip_call_id)
          values (${`c${i}`}, ${new Date(atMs(hour))}, 'n', ${source}, ${number}, '95598', ${hotline}, ${outcome},
                  0, 0, 0, 0, 0, 0, 0, false, 's')`.execute(postgres.db);
      const windowMs = windowHours * 3_600_000;
      const [from, to] = [instant(atMs(24)), instant(atMs(72))];
      const contacts = plans
        .filter(({ source, outcome }) => ['trunk', 'caller'].includes(source) && outcome !== 'blocked')
        .map(({ hotline, number, hour, outcome }) => ({
          ...{ hotline, number, atMs: atMs(hour) },
          served: outcome === 'answered' || outcome === 'self_served',
        }));
      const bySql = await createFirstCalls(postgres).firstCalls(from, to, windowMs);
      expect(bySql).toEqual(countFirstCalls(contacts, { fromMs: from, toMs: to, windowMs }));
    }),
    { numRuns: 40 },
  );
});

test('hours and local days add up to the same sums', async () => {
  const plans = fc.sample(callPlans(evening, { min: 60, max: 60 }), { numRuns: 1, seed: 7 })[0] ?? [];
  const events = historyOf(plans);
  await createHistory(postgres).write('j', events);
  const total = (rows: { counts: KpiCounts }[], name: keyof KpiCounts): number =>
    rows.reduce((sum, row) => sum + row.counts[name], 0);
  const [quarters, hours, days] = [
    await countedBySql(),
    await countedBySql('hour'),
    await countedBySql('day'),
  ];
  for (const name of Object.keys(noCounts()) as (keyof KpiCounts)[]) {
    expect(total(hours, name)).toBe(total(quarters, name));
    expect(total(days, name)).toBe(total(quarters, name));
  }
  const starts = new Set(days.map((row) => new Date(row.intervalStart).toISOString()));
  expect([...starts].every((start) => start.endsWith('T16:00:00.000Z'))).toBe(true);
  expect(starts.size).toBe(2);
});

test('a report from noon leaves out the day that began before, and keeps the whole day that begins within', async () => {
  const at = (text: string) => instant(Date.parse(text));
  const call = (name: string, time: string) => ({
    call: name,
    arrivedAt: at(time),
    callerNumber: '1',
    visits: [
      {
        queue: 'billing',
        beforeMs: 0,
        waitMs: 20_000,
        missedRings: [],
        end: { kind: 'abandoned' as const, whileRinging: null },
      },
    ],
  });
  await createHistory(postgres).write(
    'j',
    historyOf([call('c1', '2026-03-02T13:00:00+08:00'), call('c2', '2026-03-03T23:50:00+08:00')]),
  );
  const report = await createRecords(postgres, { timeZone: 'Asia/Shanghai' }).kpiReport({
    from: at('2026-03-02T12:00:00+08:00'),
    to: at('2026-03-03T12:00:00+08:00'),
    queue: asId<QueueId>('billing'),
    interval: 'day',
  });
  expect(report.map((row) => [new Date(row.intervalStart).toISOString(), row.counts.offered])).toEqual([
    ['2026-03-02T16:00:00.000Z', 1],
  ]);
});

test('calls are listed page by page without gap or double, and by each filter', async () => {
  const plans = fc.sample(callPlans(evening, { min: 60, max: 60 }), { numRuns: 1, seed: 11 })[0] ?? [];
  // Some at the same moment: the id decides.
  const arrivals = plans.map((plan, index) => ({
    ...plan,
    arrivedAt: plans[index - (index % 3)]?.arrivedAt ?? evening,
  }));
  await createHistory(postgres).write('j', historyOf(arrivals));
  const records = createRecords(postgres, { timeZone: 'Asia/Shanghai' });
  const any: CallsQuery = {
    from: null,
    to: null,
    number: null,
    agent: null,
    queue: null,
    hotline: null,
    outcome: null,
    order: 'newest-first',
    after: null,
    limit: 1_000,
  };
  const all = await records.listCalls(any);
  expect(all).toHaveLength(plans.length);
  for (const order of ['newest-first', 'oldest-first'] as const) {
    const paged: CallId[] = [];
    let after: CallsQuery['after'] = null;
    for (;;) {
      const page = await records.listCalls({ ...any, order, after, limit: 7 });
      paged.push(...page.map((call) => call.callId));
      const last = page.at(-1);
      if (last === undefined) break;
      after = { startedAt: last.startedAt, callId: last.callId };
    }
    const expected = all.map((call) => call.callId);
    expect(paged).toEqual(order === 'newest-first' ? expected : expected.toReversed());
  }
  // Agents differ from run to run of the generator: one who spoke.
  const agent = all.find((call) => call.agent !== null)?.agent ?? null;
  const filters: [Partial<CallsQuery>, (call: (typeof all)[number]) => boolean][] = [
    [{ queue: asId<QueueId>('billing') }, (call) => call.queue === 'billing'],
    [{ outcome: 'answered' }, (call) => call.outcome === 'answered'],
    [{ number: '13800138000' }, (call) => call.callerNumber === '13800138000'],
    [{ agent }, (call) => call.agent === agent],
    [{ from: instant(evening + 3_600_000) }, (call) => call.startedAt >= evening + 3_600_000],
    [{ to: instant(evening + 3_600_000) }, (call) => call.startedAt < evening + 3_600_000],
  ];
  for (const [filter, fits] of filters) {
    const found = await records.listCalls({ ...any, ...filter });
    expect(found).toEqual(all.filter(fits));
    expect(found.length).toBeGreaterThan(0);
  }
});
