import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  connect,
  createHistory,
  createKpiBooks,
  migrate,
  type Postgres,
  syncCentre,
} from '../../services/adapters/postgres/index.ts';
import type { LegId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import { comparedKpis } from '../../services/kpi/compare-counts.ts';
import type { RecordedCounts } from '../../services/runtime/kpi-books-port.ts';
import { createKpiCheck } from '../../services/runtime/kpi-check.ts';
import { command, startPostgres, type TestPostgres } from '../support/postgres.ts';
import {
  demoCentre,
  type SimulatedHotline,
  simulateHotline,
  startOfTest,
} from '../support/simulated-hotline.ts';
import { SimulatedTime } from '../support/simulated-time.ts';

let server: TestPostgres;
let template: string;
beforeAll(async () => {
  server = await startPostgres();
  template = await server.createDatabase();
  await migrate(template, instant(startOfTest));
  const postgres = connect(template);
  await syncCentre(postgres, demoCentre, instant(startOfTest - 7 * 24 * 3_600_000));
  await postgres.close();
});
afterAll(() => server?.stop());

let url: string;
let postgres: Postgres;
beforeEach(async () => {
  url = await server.createDatabase(template);
  postgres = connect(url, { connectTimeoutMs: 1_000 });
});
afterEach(() => postgres.close());

/** The simulated hotline with its events in real Postgres, and the comparison run when the test says so. */
function setUp(startsAt = startOfTest) {
  const hotline = simulateHotline({ time: new SimulatedTime(startsAt) });
  const history = createHistory(postgres);
  const books = createKpiBooks(postgres, { timeZone: 'Asia/Shanghai' });
  let written = 0;
  const ship = async () => {
    const news = hotline.events.slice(written);
    await history.write('sim', news);
    written += news.length;
  };
  const said: string[] = [];
  /** What happens between the counters' being remembered and the records' being read. */
  const meanwhile = { beforeReading: () => Promise.resolve(), afterReading: () => undefined as unknown };
  const start = () => {
    let due: () => void = () => undefined;
    let done: () => void = () => undefined;
    const check = createKpiCheck({
      state: hotline.engine.state,
      onEvents: hotline.engine.onEvents,
      journalId: () => 'sim',
      books: {
        async countsOfDay(journalId, day): Promise<RecordedCounts> {
          await meanwhile.beforeReading();
          const read = await books.countsOfDay(journalId, day);
          meanwhile.afterReading();
          return read;
        },
      },
      queues: [...hotline.centre.queues.keys()],
      rules: hotline.todayRules,
      shipped: ship,
      clock: () => instant(hotline.time.now()),
      schedule: (_ms, callback) => {
        due = callback;
        done();
        return () => undefined;
      },
      log: { info: (_, text) => void said.push(text), warn: (_, text) => void said.push(text) },
    });
    check.start();
    /** Compares now; what differs, by KPI. */
    const compare = async () => {
      const over = new Promise<void>((resolve) => {
        done = resolve;
      });
      due();
      await over;
      return Object.fromEntries(
        comparedKpis.flatMap((kpi) => {
          const apart = check.mismatch(kpi);
          return apart === 0 ? [] : [[kpi, apart]];
        }),
      );
    };
    return { check, compare };
  };
  return { hotline, ship, start, meanwhile, said };
}

/** One caller served, one who gives up after a while, and one who goes on waiting. */
function traffic(hotline: SimulatedHotline): LegId {
  hotline.signIn('1001', { answerAfterMs: 2_000, hangUpAfterMs: 30_000 });
  hotline.untilEnded(hotline.callForAPerson('13800000001'));
  hotline.setAgent('1001', { kind: 'signed-out' });
  hotline.signIn('1002', { answerAfterMs: 2_000 });
  const talks = hotline.callForAPerson('13800000002');
  hotline.until(() => hotline.agent('1002') === 'on-call', 'the second agent answers');
  const leaves = hotline.callForAPerson('13800000003');
  hotline.pass(20_000);
  hotline.telephony.callerHangsUp(leaves);
  hotline.untilEnded(leaves);
  hotline.callForAPerson('13800000004');
  hotline.pass(1_000);
  return talks;
}

test('the two books agree on a day of calls; a record that was changed shows in its KPIs, by how much, until it is mended', async () => {
  const { hotline, start, said } = setUp();
  traffic(hotline);
  const { check, compare } = start();
  expect(check.mismatch('service_level')).toBeNull();
  expect(await compare()).toEqual({});
  expect(check.lastChecked()?.day).toBe('2026-03-02');
  const answered = "outcome = 'answered' and wait_ms < 15000";
  await command(url, `update hotline.visit set wait_ms = wait_ms + 700 where ${answered}`);
  // Two were answered, and their waits are longer by 700 ms each.
  expect(await compare()).toEqual({ average_speed_of_answer: 1_400 });
  await command(url, 'update hotline.visit set wait_ms = wait_ms - 700 where outcome = $1', ['answered']);
  expect(await compare()).toEqual({});
  await command(url, 'update hotline.visit set wait_ms = wait_ms + 60000 where outcome = $1', ['answered']);
  expect(await compare()).toEqual({ average_speed_of_answer: 120_000, service_level: 2 });
  expect(said).toEqual([
    'the counters of the day are not what the records amount to',
    'the counters of the day are what the records amount to',
    'the counters of the day are not what the records amount to',
  ]);
});

test('a lost record, and a conversation whose time was changed', async () => {
  const { hotline, start } = setUp();
  traffic(hotline);
  const { compare } = start();
  await compare();
  await command(url, "delete from hotline.visit where outcome = 'abandoned'");
  expect(Object.keys(await compare())).toEqual([
    'service_level',
    'answer_rate',
    'abandon_rate',
    'average_abandon_wait',
    'offered',
  ]);
  await command(url, 'update hotline.conversation set talk_ms = talk_ms + 1 where ended_at is not null');
  expect(await compare()).toMatchObject({ average_talk_time: 1 });
});

test('a counter that went wrong shows, and is right again after the controller has counted anew', async () => {
  const { hotline, start } = setUp();
  traffic(hotline);
  const { compare } = start();
  const { today } = hotline.engine.state;
  const queue = 'power-service' as keyof typeof today.queues;
  const counts = today.queues[queue];
  if (counts === undefined) throw new Error('nothing was counted');
  hotline.engine.state.today = {
    ...today,
    queues: { ...today.queues, [queue]: { ...counts, offered: counts.offered + 2, holdMs: 5 } },
  };
  expect(await compare()).toEqual({ offered: 2, hold_time: 5 });
  hotline.killController();
  hotline.startController();
  const again = start();
  expect(await again.compare()).toEqual({});
});

test('what happens while Postgres is asked is no difference, whether the records have it already or not', async () => {
  const { hotline, start, meanwhile, ship } = setUp();
  const talks = traffic(hotline);
  const { compare } = start();
  meanwhile.beforeReading = async () => {
    hotline.telephony.callerHangsUp(talks);
    hotline.until(() => hotline.agent('1002') === 'on-call', 'the caller who waited is served');
    await ship();
    // These are not on their way yet.
    hotline.callForAPerson('13800000005');
  };
  meanwhile.afterReading = () => hotline.callForAPerson('13800000006');
  expect(await compare()).toEqual({});
  meanwhile.beforeReading = () => Promise.resolve();
  meanwhile.afterReading = () => undefined;
  expect(await compare()).toEqual({});
});

test('at midnight in Shanghai both begin anew; who came before belongs to the day before in both', async () => {
  const { hotline, start, meanwhile, ship, said } = setUp(Date.parse('2026-03-02T23:58:00+08:00'));
  const talks = traffic(hotline);
  const { check, compare } = start();
  expect(await compare()).toEqual({});
  // The new day begins while the records of the old one are read: nothing is said of either.
  meanwhile.beforeReading = async () => {
    hotline.time.pass(Date.parse('2026-03-03T00:00:10+08:00') - hotline.time.now());
    hotline.callForAPerson('13800000005');
    await ship();
    meanwhile.beforeReading = () => Promise.resolve();
  };
  await compare();
  expect(check.lastChecked()?.day).toBe('2026-03-02');
  expect(said.at(-1)).toContain('tried again');
  hotline.telephony.callerHangsUp(talks);
  hotline.pass(60_000);
  expect(await compare()).toEqual({});
  expect(check.lastChecked()?.day).toBe('2026-03-03');
  expect(hotline.engine.state.today.queues['power-service' as never]).toMatchObject({ offered: 1 });
});

test('Postgres is away: what was found last stays, and the next comparison is as good as ever', async () => {
  const { hotline, start, said } = setUp();
  traffic(hotline);
  const { compare, check } = start();
  await compare();
  await command(url, 'update hotline.visit set wait_ms = wait_ms + 700 where outcome = $1', ['abandoned']);
  expect(await compare()).toEqual({ average_abandon_wait: 700 });
  const at = check.lastChecked()?.at;
  await server.kill();
  hotline.pass(60_000);
  expect(await compare()).toEqual({ average_abandon_wait: 700 });
  await compare();
  expect(said.filter((text) => text.includes('tried again'))).toHaveLength(1);
  expect(check.lastChecked()?.at).toBe(at);
  await server.start();
  await command(url, 'update hotline.visit set wait_ms = wait_ms - 700 where outcome = $1', ['abandoned']);
  expect(await compare()).toEqual({});
});
