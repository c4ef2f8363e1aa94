import { afterEach, beforeEach, expect, test } from 'vitest';
import { ledgerSchema, liveSnapshotSchema } from '../../../services/adapters/http/contract/index.ts';
import { asId } from '../../../services/events/ids.ts';
import { noon } from '../../support/http-fakes.ts';
import { type HttpUnderTest, problemOf, startHttp } from '../../support/http-server.ts';

let http: HttpUnderTest;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http.stop());

test('leads see what is unexplained, with its reason, and on which KPIs the books differ; the board says how many', async () => {
  const cookie = await http.signIn('lead');
  const read = async () => ledgerSchema.parse(await (await http.get('/api/v1/ledger', { cookie })).json());
  expect(await read()).toEqual({ unexplainedCalls: 0, unexplained: [], kpi: null });
  const entry = {
    kind: 'channel' as const,
    id: 'n1-1.2',
    callId: asId<never>('n1-1.1'),
    startedAt: noon,
    reason: 'PJSIP/1001-00000002 is no leg of the recorded call',
    foundAt: noon,
    recorded: true,
  };
  const difference = {
    queue: 'power-service',
    kpi: 'service_level' as const,
    live: [8, 10],
    recorded: [7, 10],
  };
  http.people.state.unexplained = [entry];
  http.state.books = {
    unexplainedCalls: 1,
    kpi: { at: noon, day: '2026-05-01', differences: [difference] },
  };
  expect(await read()).toEqual({
    unexplainedCalls: 1,
    unexplained: [entry],
    kpi: { checkedAt: noon, day: '2026-05-01', differences: [difference] },
  });
  const live = liveSnapshotSchema.parse(await (await http.get('/api/v1/live', { cookie })).json());
  expect(live.books).toEqual({ unexplainedCalls: 1, kpiDifferences: 1 });
});

test('agents do not, and nobody does without signing in', async () => {
  const cookie = await http.signIn('1001');
  expect((await problemOf(await http.get('/api/v1/ledger', { cookie }))).code).toBe('not-allowed');
  expect((await problemOf(await http.get('/api/v1/ledger'))).code).toBe('not-signed-in');
});

test('Postgres is away: who is signed in stays so; what needs it says since when it is away, and so does readiness', async () => {
  const cookie = await http.signIn('lead');
  http.people.state.mode = 'away';
  http.state.health = { ...http.state.health, postgres: 'down', downSince: { postgres: noon } };
  const ledger = await problemOf(await http.get('/api/v1/ledger', { cookie }));
  expect(ledger).toMatchObject({ code: 'store-unavailable', status: 503, since: noon });
  const json = { user: 'lead', password: 'lead-password' };
  const signIn = await problemOf(await http.send('POST', '/api/v1/session', { json }));
  expect(signIn).toMatchObject({ code: 'store-unavailable', status: 503, since: noon });
  expect((await http.get('/api/v1/session', { cookie })).status).toBe(200);
  expect((await http.get('/api/v1/live', { cookie })).status).toBe(200);
  const ready = await http.get('/readyz');
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ ready: true, postgres: 'down', downSince: { postgres: noon } });
});
