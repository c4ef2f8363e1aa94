import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  connect,
  createHistory,
  createLedgerCheck,
  migrate,
  type Postgres,
} from '../../services/adapters/postgres/index.ts';
import { asId, type CallId } from '../../services/events/ids.ts';
import { after, instant } from '../../services/events/instant.ts';
import type { LedgerPort } from '../../services/runtime/ledger-port.ts';
import { type CallPlan, historyOf } from '../support/histories.ts';
import { command, startPostgres, type TestPostgres } from '../support/postgres.ts';

const now = instant(Date.parse('2026-03-02T12:00:00+08:00'));
const hour = 3_600_000;
let server: TestPostgres;
let url: string;
let postgres: Postgres;
let ledger: LedgerPort;

beforeAll(async () => {
  server = await startPostgres();
  url = await server.createDatabase();
  await migrate(url, now);
  postgres = connect(url);
  ledger = createLedgerCheck(postgres);
});
afterAll(async () => {
  await postgres?.close();
  await server?.stop();
});
beforeEach(async () => {
  await command(
    url,
    'truncate hotline.call, hotline.event, hotline.witnessed_call, hotline.ledger_unexplained',
  );
  await command(url, 'truncate hotline.journal_position');
});

const plan = (call: string, arrivedAt = now, waits = false): CallPlan => ({
  call,
  arrivedAt,
  callerNumber: '13800138000',
  visits: [
    {
      queue: 'billing',
      beforeMs: 1_000,
      waitMs: 5_000,
      missedRings: [{ agent: '1001', ringMs: 2_000, result: 'no-answer' }],
      end: waits ? { kind: 'waiting' } : { kind: 'abandoned', whileRinging: null },
    },
  ],
});
const id = (text: string) => asId<CallId>(text);
const store = (...plans: CallPlan[]) => createHistory(postgres).write('j', historyOf(plans));

test('records of calls: their end, and all legs their events name', async () => {
  await store(plan('c1'), plan('c2', now, true));
  const records = await ledger.recordsOf([id('c1'), id('c2'), id('c3')]);
  expect([...records.keys()].sort()).toEqual(['c1', 'c2']);
  expect(records.get(id('c1'))).toMatchObject({ endedAt: after(now, 6_000), degraded: false });
  expect(records.get(id('c1'))?.legs.size).toBe(2);
  expect(records.get(id('c2'))?.endedAt).toBeNull();
});

test('records that Asterisk does not tell of: none from before its account began', async () => {
  await store(plan('before', after(now, -2 * hour)), plan('told', after(now, -hour)), plan('untold', now));
  const window = [after(now, -24 * hour), after(now, hour)] as const;
  expect(await ledger.recordsWithoutWitness(...window)).toEqual([]);
  await command(url, 'update hotline.witness_begin set began_at = $1', [new Date(now - hour)]);
  expect((await ledger.recordsWithoutWitness(...window)).map(({ callId }) => callId)).toEqual([
    'told',
    'untold',
  ]);
  const told = { callId: id('told'), startedAt: after(now, -hour) };
  await ledger.noteWitnessed([told]);
  await ledger.noteWitnessed([told]);
  expect(await ledger.recordsWithoutWitness(...window)).toEqual([{ callId: 'untold', startedAt: now }]);
  expect(await ledger.recordsWithoutWitness(window[0], now)).toEqual([]);
});

test('what is unexplained is listed once with its reason, in the view too, until it is explained', async () => {
  const one = { kind: 'channel', id: 'x', callId: id('c1'), startedAt: now, reason: 'no record' } as const;
  const other = { ...one, id: 'y' };
  const old = { ...one, id: 'z', callId: id('c0'), startedAt: after(now, -48 * hour) };
  expect(await ledger.keepUnexplained(after(now, -72 * hour), [one, other, old], now)).toBe(2);
  expect(
    await ledger.keepUnexplained(after(now, -hour), [{ ...one, reason: 'said again' }], after(now, hour)),
  ).toBe(2);
  const rows = await command(url, 'select id, reason, found_at from ledger_unexplained order by id');
  expect(rows).toEqual([
    { id: 'x', reason: 'no record', found_at: new Date(now) },
    { id: 'z', reason: 'no record', found_at: new Date(now) },
  ]);
  expect(await ledger.keepUnexplained(after(now, -72 * hour), [], now)).toBe(0);
});
