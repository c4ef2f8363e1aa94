import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSqlSource } from '../../services/adapters/lookup-sql/sql-source.ts';
import { connect, createHistory, migrate, sowDemoData } from '../../services/adapters/postgres/index.ts';
import { instant } from '../../services/events/instant.ts';
import { checkValues } from '../../services/ivr/lookup-values.ts';
import type { Lookup } from '../../services/ivr/lookups.ts';
import { localDayIn } from '../../services/kpi/local-day.ts';
import { type LookupSourcePort, SourceAway } from '../../services/runtime/lookup-source.ts';
import { parseLookups } from '../../services/runtime/lookups-file.ts';
import { historyOf } from '../support/histories.ts';
import { command, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { until } from '../support/until.ts';

/** The lookups of `dialplans/lookups.yaml` on the demo data, in a real Postgres. */
const file = join(import.meta.dirname, '../../dialplans/lookups.yaml');
const { lookups } = parseLookups(readFileSync(file, 'utf8'), file);
const timeZone = 'Asia/Shanghai';
const now = instant(Date.now());
const today = localDayIn(timeZone)(now);

let server: TestPostgres;
let url: string;
let source: LookupSourcePort;
beforeAll(async () => {
  server = await startPostgres();
  url = await server.createDatabase();
  await migrate(url, now);
  const postgres = connect(url);
  // Twice: what is there already is put right, not doubled.
  await sowDemoData(postgres, { today, timeZone });
  await sowDemoData(postgres, { today, timeZone });
  await postgres.close();
  source = sourceAt(url);
});
afterAll(async () => {
  await source?.close();
  await server?.stop();
});

const sourceAt = (at: string, role: string | null = 'hotline_lookup') =>
  createSqlSource({ url: at, maxConnections: 2, timeZone, role, onConnectionLost: () => undefined });

const named = (name: string): Lookup => {
  const lookup = lookups.get(name);
  if (!lookup) throw new Error(`${name} is not in ${file}`);
  return lookup;
};
let made = 0;
const withSql = (text: string, timeoutMs = 2_000): Lookup => {
  made += 1;
  return {
    ...named('caller-class'),
    id: `made-${made}`,
    parameters: [],
    timeoutMs,
    question: { kind: 'sql', text },
  };
};
const never = () => new AbortController().signal;

async function look(
  name: string,
  parameters: Record<string, string>,
): Promise<Record<string, string> | null> {
  const lookup = named(name);
  const answer = await source.ask(lookup, parameters, never());
  if (answer === null) return null;
  const checked = checkValues(lookup, answer);
  if ('problem' in checked) throw new Error(checked.problem);
  // Every declared result is a column: one that is spelt differently would always be ''.
  expect(Object.keys(answer).sort()).toEqual([...lookup.results.keys()].sort());
  return checked.values;
}

const tomorrow = new Date(Date.parse(`${today}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
const inThreeDays = new Date(Date.parse(`${today}T00:00:00Z`) + 3 * 86_400_000).toISOString().slice(0, 10);

describe('each lookup answers with something real, and tells when there is nothing', () => {
  const cases: readonly [string, Record<string, string>, Record<string, string> | null][] = [
    ['caller-class', { caller: '13800000001' }, { callerClass: 'ordinary', repeatCaller: 'no' }],
    ['caller-class', { caller: '13800000002' }, { callerClass: 'vip', repeatCaller: 'no' }],
    ['caller-class', { caller: '13800000007' }, { callerClass: 'blacklisted', repeatCaller: 'no' }],
    ['caller-class', { caller: '' }, { callerClass: 'ordinary', repeatCaller: 'no' }],
    ['account-of-caller', { caller: '13800000001' }, { account: '3100000001' }],
    ['account-of-caller', { caller: '13800000009' }, null],
    ['account-of-caller', { caller: '' }, null],
    ['power-account', { account: '3701000000006' }, { area: '250006', supply: 'connected' }],
    ['power-account', { account: '3100000008' }, { area: '250002', supply: 'cut-off' }],
    ['power-account', { account: '999' }, null],
    [
      'power-bill',
      { account: '3100000001' },
      {
        billAmount: '91.73',
        billKwh: '168',
        paid: 'yes',
        standing: 'in-credit',
        balance: '128.50',
        arrears: '0.00',
      },
    ],
    [
      'power-bill',
      { account: '3100000002' },
      { paid: 'no', standing: 'in-arrears', balance: '0.00', arrears: '256.05' },
    ],
    ['power-bill', { account: '3100000004' }, { standing: 'settled', balance: '0.00', arrears: '0.00' }],
    ['power-bill', { account: '999' }, null],
    ['power-usage', { account: '3100000001' }, { usageUntil: today }],
    ['power-usage', { account: '999' }, null],
    [
      'outage-by-account',
      { account: '3100000003' },
      { outageKind: 'fault', outageCause: 'storm', restoreDate: tomorrow, restoreTime: '09:30' },
    ],
    ['outage-by-account', { account: '3100000001' }, null],
    ['outage-by-caller', { caller: '13800000004' }, { outageKind: 'planned', outageCause: 'maintenance' }],
    ['outage-by-caller', { caller: '13800000001' }, null],
    ['outage-by-area', { area: '250003' }, { outageKind: 'fault' }],
    // Over since yesterday, long before it was expected.
    ['outage-by-area', { area: '250006' }, null],
    [
      'notice-by-account',
      { account: '3100000005' },
      { noticeCause: 'upgrade', noticeDate: inThreeDays, noticeFrom: '08:00', noticeUntil: '17:00' },
    ],
    ['notice-by-account', { account: '3100000004' }, null],
    ['notice-by-area', { area: '250005' }, { noticeCause: 'upgrade' }],
    ['notice-by-area', { area: '250001' }, null],
    ['line-of-caller', { caller: '13800000001' }, { line: '13800000001' }],
    ['line-of-caller', { caller: '13800000006' }, null],
    [
      'telecom-bill',
      { line: '13800000001' },
      { plan: 'family', billAmount: '99.00', dataLeft: '12', standing: 'in-credit' },
    ],
    [
      'telecom-bill',
      { line: '13800000004' },
      { plan: 'basic', paid: 'no', standing: 'in-arrears', arrears: '58.00' },
    ],
    ['telecom-bill', { line: '999' }, null],
    ['line-test', { line: '13800000001' }, { lineState: 'working', faultCause: '', restoreDate: '' }],
    [
      'line-test',
      { line: '13800000003' },
      { lineState: 'known-fault', faultCause: 'cable-cut', restoreTime: '12:00' },
    ],
    ['line-test', { line: '13800000004' }, { lineState: 'suspended' }],
    ['line-test', { line: '13800000005' }, { lineState: 'no-signal' }],
    ['line-test', { line: '999' }, null],
    [
      'order-progress',
      { order: '2600000001' },
      { orderKind: 'installation', orderStatus: 'received', orderTime: '' },
    ],
    [
      'order-progress',
      { order: '2600000002' },
      { orderStatus: 'scheduled', orderDate: tomorrow, orderTime: '09:30' },
    ],
    ['order-progress', { order: '2600000003' }, { orderStatus: 'under-way' }],
    ['order-progress', { order: '2600000004' }, { orderStatus: 'done' }],
    ['order-progress', { order: '2600000005' }, { orderStatus: 'cancelled' }],
    ['order-progress', { order: '999' }, null],
  ];
  test.each(cases)('%s %j', async (name, parameters, expected) => {
    const values = await look(name, parameters);
    if (expected === null) expect(values).toBeNull();
    else expect(values).toMatchObject(expected);
  });

  test('no lookup is left out', () => {
    expect([...lookups.keys()].filter((name) => !cases.some(([tried]) => tried === name))).toEqual([]);
  });

  test('codes that the data holds are those that the file declares', async () => {
    for (const [name, parameters] of cases) {
      for (const [result, type] of named(name).results) {
        const value = (await look(name, parameters))?.[result] ?? '';
        if (type.kind === 'code' && value !== '') expect(type.codes, `${name} ${result}`).toContain(value);
      }
    }
  });
});

test('who has called in the last 24 hours is a repeat caller; the call under way does not count', async () => {
  const caller = '13800009999';
  const events = historyOf([
    { call: 'call-1', arrivedAt: instant(now - 60_000), callerNumber: caller, visits: [] },
  ]);
  const ended = events.findIndex((event) => event.type === 'CallEnded');
  const postgres = connect(url);
  const history = createHistory(postgres);
  await history.write('journal-1', events.slice(0, ended));
  expect(await look('caller-class', { caller })).toMatchObject({ repeatCaller: 'no' });
  await history.write('journal-1', events.slice(ended));
  expect(await look('caller-class', { caller })).toMatchObject({ repeatCaller: 'yes' });
  await postgres.close();
});

describe('a lookup', () => {
  test('sees schema service and nothing else', async () => {
    for (const text of [
      'select * from hotline.staff_user',
      'select * from hotline.call',
      'select * from call_record',
    ])
      await expect(source.ask(withSql(text), {}, never()), text).rejects.toThrow(/42501/);
  });

  test('is asked by whoever signed in where there is no such role', async () => {
    const own = sourceAt(url, 'hotline_nobody');
    expect(await own.ask(withSql('select current_user as who'), {}, never())).toEqual({ who: 'tester' });
    await own.close();
    expect(await source.ask(withSql('select current_user as who'), {}, never())).toEqual({
      who: 'hotline_lookup',
    });
  });

  test('only reads, also as a user who may write', async () => {
    const own = sourceAt(url, null);
    const write = `with gone as (delete from service.outage returning 1) select count(*)::text as n from gone`;
    // Data-changing WITH is for the top of a statement only; a function is not.
    await expect(own.ask(withSql(write), {}, never())).rejects.toThrow(/0A000|25006/);
    const create = `select hotline.ensure_months(now() + interval '90 months', 1)`;
    await expect(own.ask(withSql(create), {}, never())).rejects.toThrow(/25006/);
    await own.close();
  });

  test('that takes too long is stopped in the server, too', async () => {
    await expect(source.ask(withSql('select pg_sleep(60)', 200), {}, never())).rejects.toBeInstanceOf(
      SourceAway,
    );
    const left = AbortSignal.timeout(200);
    await expect(source.ask(withSql('select pg_sleep(50)', 900), {}, left)).rejects.toBeInstanceOf(
      SourceAway,
    );
    await until('the server to have stopped them', async () => {
      const running = await command(
        url,
        `select 1 from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid() and state = 'active'`,
      );
      return running.length === 0;
    });
    expect(await look('power-account', { account: '3100000001' })).not.toBeNull();
  });

  test('that is wrong fails by itself: its source is not away, and nothing of the data is told', async () => {
    const failure = await source
      .ask(withSql(`select cast('3100000001' as integer) / 0`), {}, never())
      .catch((error: unknown) => error);
    expect(failure).not.toBeInstanceOf(SourceAway);
    expect((failure as Error).message).toBe('the database cannot do what the lookup asks (22003)');
  });
});
