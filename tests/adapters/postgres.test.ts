import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { migrations } from '../../db/migrations/index.ts';
import {
  connect,
  createHistory,
  createRecords,
  DatabaseError,
  EventsOutOfOrder,
  ensurePartitions,
  migrate,
  type Postgres,
} from '../../services/adapters/postgres/index.ts';
import { asId, type CallId, type EventId } from '../../services/events/ids.ts';
import { after, instant } from '../../services/events/instant.ts';
import type { HistoryPort } from '../../services/runtime/history-port.ts';
import { freePort } from '../support/free-ports.ts';
import { type CallPlan, historyOf } from '../support/histories.ts';
import { command, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { until } from '../support/until.ts';

const now = instant(Date.parse('2026-03-02T12:00:00+08:00'));

let server: TestPostgres;
let template: string;
beforeAll(async () => {
  server = await startPostgres();
  template = await server.createDatabase();
  await migrate(template, now);
});
afterAll(() => server.stop());

let url: string;
let postgres: Postgres;
let history: HistoryPort;
beforeEach(async () => {
  url = await server.createDatabase(template);
  postgres = connect(url);
  history = createHistory(postgres);
});
afterEach(() => postgres.close());

/** One call, answered by 1001 after 10 s, one minute long, 20 s of wrap-up. */
const answeredCall = (call: string, arrivedAt = now): CallPlan => ({
  call,
  arrivedAt,
  callerNumber: '13800138000',
  visits: [
    {
      queue: 'billing',
      beforeMs: 5_000,
      waitMs: 10_000,
      missedRings: [],
      end: {
        kind: 'answered',
        agent: '1001',
        ringMs: 3_000,
        talk: { talkMs: 60_000, holdMs: 0 },
        wrapUpMs: 20_000,
      },
    },
  ],
});

const count = async (relation: string): Promise<number> =>
  Number((await command(url, `select count(*) as n from ${relation}`))[0]?.n);

test('a connection lost between two statements of a transaction fails that transaction, and nothing else', async () => {
  const transaction = postgres.db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
    await command(url, 'select pg_terminate_backend($1)', [rows[0]?.pid]);
    await until('the end of the connection to be noticed', async () => {
      const [left] = await command(url, 'select count(*)::int as n from pg_stat_activity where pid = $1', [
        rows[0]?.pid,
      ]);
      return left?.n === 0;
    });
    await sql`select 1`.execute(trx);
  });
  await expect(transaction).rejects.toThrow();
  await expect(postgres.check()).resolves.toBeUndefined();
});

describe('schema', () => {
  test('a second migration changes nothing, and two at once do not disturb each other', async () => {
    expect(await migrate(url, now)).toEqual({ migrations: [], views: [], partitions: 0 });
    const other = await server.createDatabase();
    const both = await Promise.all([migrate(other, now), migrate(other, now)]);
    expect(both.flatMap((report) => report.migrations).toSorted()).toHaveLength(
      Object.keys(migrations).length,
    );
    expect(await migrate(other, now)).toEqual({ migrations: [], views: [], partitions: 0 });
  });

  test('the views have the columns of the contract, times with zone, durations in whole milliseconds', async () => {
    const rows = await command(
      url,
      `select table_name || '.' || column_name as name, data_type as type from information_schema.columns
        where table_schema = 'public'`,
    );
    const types = new Map(rows.map((row) => [String(row.name), String(row.type)]));
    for (const [view, columns] of Object.entries(contract)) {
      for (const column of columns.split(' ')) {
        const type = types.get(`${view}.${column}`);
        expect(type, `${view}.${column}`).toBeDefined();
        if (column.endsWith('_at') || column === 'at') expect(type).toBe('timestamp with time zone');
        if (column.endsWith('_ms') && view !== 'kpi_interval') expect(type).toBe('integer');
      }
    }
  });

  test('hotline_read reads the views and nothing behind them', async () => {
    const asReader = async (statement: string) =>
      command(url, `do $$ begin set local role hotline_read; perform * from (${statement}) as it; end $$`);
    await asReader('select * from call_record');
    await asReader('select * from kpi_interval');
    await expect(asReader('select * from hotline.call')).rejects.toThrow(/permission denied/);
    await expect(asReader('select * from hotline.staff_user')).rejects.toThrow(/permission denied/);
  });

  test('events are append-only', async () => {
    await history.write('j', historyOf([answeredCall('c1')]));
    await expect(command(url, `update hotline.event set type = 'Other'`)).rejects.toThrow(/append-only/);
  });
});

describe('months', () => {
  test('rows of a month without a partition are kept, and move into it when it is made', async () => {
    const later = instant(Date.parse('2026-09-15T09:00:00Z'));
    await history.write('j', historyOf([answeredCall('c1', later)]));
    expect(await count('hotline.call_default')).toBe(1);
    expect(await ensurePartitions(postgres, later)).toBe(5 * 5);
    expect(await count('hotline.call_default')).toBe(0);
    expect(await count('hotline.call_2026_09')).toBe(1);
    expect(await count('hotline.event_2026_09')).toBe(await count('call_event'));
    expect(await count('queue_visit')).toBe(1);
    expect(await ensurePartitions(postgres, later)).toBe(0);
  });

  test('a month begins at midnight UTC', async () => {
    const lastMoment = instant(Date.parse('2026-03-31T23:59:59.999Z'));
    await history.write('j', historyOf([{ ...answeredCall('c1', lastMoment) }]));
    expect(await count('hotline.call_2026_03')).toBe(1);
    expect(await count('hotline.visit_2026_04')).toBe(1);
  });
});

describe('history', () => {
  const events = historyOf([answeredCall('c1'), answeredCall('c2')]);

  test('the arrival is told again by another controller, in the middle of the call: one record, which goes on', async () => {
    const events = historyOf([answeredCall('c1')]);
    const talking = events.findIndex(({ type }) => type === 'CallConnected') + 1;
    await history.write('first', events.slice(0, talking));
    const again = events.filter(({ type }) => type === 'CallArrived');
    const rest = [...again.map((one) => ({ ...one, at: after(one.at, 40_000) })), ...events.slice(talking)];
    await history.write(
      'second',
      rest.map((event, i) => ({ ...event, seq: i + 1, eventId: asId<EventId>(`second-${i + 1}`) })),
    );
    expect(await command(url, 'select wait_ms, talk_ms, started_at from call_record')).toEqual([
      { wait_ms: 10_000, talk_ms: 60_000, started_at: new Date(now) },
    ]);
  });

  test('written twice is written once', async () => {
    await history.write('j', events);
    const [eventCount, record] = [await count('call_event'), await command(url, 'select * from call_record')];
    await history.write('j', events);
    expect(await count('call_event')).toBe(eventCount);
    expect(eventCount).toBe(events.length);
    expect(await command(url, 'select * from call_record')).toEqual(record);
    expect(await history.position('j')).toBe(events.length);
  });

  test('overlapping batches, and the same batch from two controllers at once, count once', async () => {
    await history.write('j', events.slice(0, 8));
    const rival = connect(url);
    await Promise.all([
      history.write('j', events.slice(4)),
      createHistory(rival).write('j', events.slice(4)),
    ]);
    await rival.close();
    expect(await count('call_event')).toBe(events.length);
    const [row] = await command(
      url,
      `select sum(talk_ms) as talk, sum(wrap_up_ms) as wrap_up from call_record`,
    );
    expect(row).toEqual({ talk: '120000', wrap_up: '40000' });
  });

  test('a batch with a hole before it, or in it, is refused as a whole', async () => {
    await history.write('j', events.slice(0, 3));
    await expect(history.write('j', events.slice(4))).rejects.toThrow(EventsOutOfOrder);
    await expect(history.write('j', events.slice(4))).rejects.toThrow(/event 4 comes next, but 5 was given/);
    await expect(history.write('j', [...events.slice(3, 5), ...events.slice(6)])).rejects.toThrow(
      EventsOutOfOrder,
    );
    await expect(history.write('j', events.slice(3).toReversed())).rejects.toThrow(EventsOutOfOrder);
    expect(await count('call_event')).toBe(3);
    expect(await history.position('j')).toBe(3);
  });

  test('numbers that are known to be lost are passed over; what is there counts once', async () => {
    await history.write('j', events.slice(0, 3), 0);
    await history.write('j', [...events.slice(4, 6), ...events.slice(7)], 3);
    expect(await count('call_event')).toBe(events.length - 2);
    expect(await history.position('j')).toBe(events.length);
    await history.write('j', [...events.slice(4, 6), ...events.slice(7)], 3);
    expect(await count('call_event')).toBe(events.length - 2);
  });

  test('what it is said to follow must be there, and the order must be right', async () => {
    await history.write('j', events.slice(0, 3), 0);
    await expect(history.write('j', events.slice(5), 5)).rejects.toThrow(EventsOutOfOrder);
    await expect(history.write('j', events.slice(3).toReversed(), 3)).rejects.toThrow(EventsOutOfOrder);
    expect(await count('call_event')).toBe(3);
  });

  test('cut into batches of any size, the rows are the same', async () => {
    await history.write('whole', events);
    const views = [
      'call_record',
      'queue_visit',
      'agent_conversation',
      'agent_state_interval',
      'kpi_interval',
    ];
    const rowsOf = async (where: string) =>
      Promise.all(views.map((view) => command(where, `select * from ${view} order by 1, 2`)));
    const whole = await rowsOf(url);
    for (const size of [1, 2, 7]) {
      const other = await server.createDatabase(template);
      const door = connect(other);
      const cut = createHistory(door);
      for (let at = 0; at < events.length; at += size) await cut.write('whole', events.slice(at, at + size));
      await door.close();
      expect(await rowsOf(other)).toEqual(whole);
    }
  });

  test('a journal that is new to the database may begin anywhere', async () => {
    await history.write('old', historyOf([answeredCall('c9')], 5_000));
    expect(await history.position('old')).toBeGreaterThan(5_000);
    expect(await history.position('unheard-of')).toBe(0);
  });

  test('garbled text from outside is stored, not stumbled over', async () => {
    const garbled = { ...answeredCall('c1'), callerNumber: `138\0\uD800'"\\; drop table call` };
    await history.write('j', historyOf([garbled]));
    const [row] = await command(url, 'select caller_number from call_record');
    expect(row?.caller_number).toBe(`138\uFFFD\uFFFD'"\\; drop table call`);
  });

  test('the timeline gives back the events that were written', async () => {
    await history.write('j', events);
    const records = createRecords(postgres, { timeZone: 'Asia/Shanghai' });
    const found = await records.callWithTimeline(asId<CallId>('c1'));
    expect(found?.timeline).toEqual(events.filter((event) => 'callId' in event && event.callId === 'c1'));
    expect(await records.callWithTimeline(asId<CallId>('nobody'))).toBeNull();
  });
});

describe('a database that is not as it should be', () => {
  const failure = async (work: Promise<unknown>): Promise<DatabaseError> => {
    const error = await work.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(DatabaseError);
    return error as DatabaseError;
  };
  const wrong = (change: (url: URL) => void): string => {
    const changed = new URL(url);
    change(changed);
    return changed.href;
  };

  test.each([
    ['mysql://u:secret@h/db', /not a Postgres URL/],
    ['postgres://u:secr%et@h/db', /not a valid URL/],
    ['postgres://u:secret@h:99999/db', /not a valid URL/],
    ['postgres://u:secret@h', /names no database/],
  ])('%s: says so, without the password', async (text, message) => {
    const error = await failure((async () => connect(text))());
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/DATABASE_URL/);
    expect(`${error.message}${error.stack}${JSON.stringify(error)}`).not.toMatch(/secr/);
  });

  test('nobody listens there: names host and port, and may pass', async () => {
    const port = await freePort();
    const error = await failure(
      migrate(
        wrong((it) => (it.port = String(port))),
        now,
      ),
    );
    expect(error.message).toContain(`127.0.0.1:${port}`);
    expect(error.message).toMatch(/nothing listens there/);
    expect(error.mayPass).toBe(true);
  });

  test('wrong password, unknown database: says which, not the password', async () => {
    const refused = await failure(
      migrate(
        wrong((it) => (it.password = 'mistaken')),
        now,
      ),
    );
    expect(refused.message).toMatch(/password refused.*DATABASE_URL/);
    expect(refused.message).not.toContain('mistaken');
    const missing = await failure(
      migrate(
        wrong((it) => (it.pathname = '/elsewhere')),
        now,
      ),
    );
    expect(missing.message).toMatch(/elsewhere at 127.0.0.1:\d+ as user tester: there is no such database/);
    expect(missing.mayPass).toBe(false);
  });

  test('a user without rights: the migration says what it needs and leaves nothing behind', async () => {
    const bare = await server.createDatabase();
    await command(
      bare,
      `do $$ begin create role weak login password 'weak'; exception when duplicate_object then null; end $$`,
    );
    const weak = new URL(bare);
    weak.username = 'weak';
    weak.password = 'weak';
    const error = await failure(migrate(weak.href, now));
    expect(error.message).toMatch(/as user weak: this user lacks a permission.*owner/);
    expect(await command(bare, `select 1 from pg_namespace where nspname = 'hotline'`)).toEqual([]);
  });

  test('the server is killed and comes back: writing fails, then works, and nothing is lost or doubled', async () => {
    const events = historyOf([answeredCall('c1'), answeredCall('c2')]);
    await history.write('j', events.slice(0, 10));
    await server.kill();
    const error = await failure(history.write('j', events.slice(10)));
    expect(error.mayPass).toBe(true);
    await server.start();
    await history.write('j', events.slice(10));
    expect(await count('call_event')).toBe(events.length);
    expect(await count('call_record')).toBe(2);
  });
});

const contract = {
  call_record:
    'call_id caller_number dialled_number hotline started_at ended_at outcome release_party queue agent wait_ms ring_ms talk_ms hold_ms wrap_up_ms transfers disposition resolved survey_score recording degraded sip_call_id',
  queue_visit: 'visit_id call_id queue queued_at left_at outcome flow_out_reason wait_ms agent priority',
  agent_state_interval: 'agent state reason call_id started_at ended_at',
  call_event: 'event_id call_id agent type at payload',
  kpi_interval:
    'queue interval_start offered answered answered_in_threshold abandoned short_abandoned flow_out wait_answered_ms wait_abandoned_ms ring_ms handled talk_ms hold_ms wrap_up_ms wrapped_up handle_ms',
};
