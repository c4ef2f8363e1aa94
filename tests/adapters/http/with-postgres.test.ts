import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  callDetailSchema,
  callsPageSchema,
  callWhySchema,
  kpiReportSchema,
} from '../../../services/adapters/http/contract/index.ts';
import {
  connect,
  createAudit,
  createAuth,
  createHistory,
  createRecords,
  migrate,
  type Postgres,
  syncUsers,
} from '../../../services/adapters/postgres/index.ts';
import { goldenStories, journalOf } from '../../support/golden-events.ts';
import { noon, passwordOf } from '../../support/http-fakes.ts';
import { type HttpUnderTest, startHttp } from '../../support/http-server.ts';
import { command, startPostgres, type TestPostgres } from '../../support/postgres.ts';
import { simulateHotline } from '../../support/simulated-hotline.ts';
import { smallCentre } from '../../support/small-centre.ts';

/** The API on the real store: what one adapter promises is what the other needs. */
let server: TestPostgres;
let url: string;
let postgres: Postgres;
let http: HttpUnderTest;
beforeAll(async () => {
  server = await startPostgres();
  url = await server.createDatabase();
  await migrate(url, noon);
  postgres = connect(url);
  const users = { admin: passwordOf('admin'), lead: passwordOf('lead'), 1001: passwordOf('1001') };
  await syncUsers(postgres, smallCentre(), users);
  await createHistory(postgres).write('j1', journalOf(goldenStories('2026-05-01')));
  http = await startHttp(
    {},
    {
      store: createRecords(postgres, { timeZone: 'Asia/Shanghai' }),
      auth: createAuth(postgres),
      audit: createAudit(postgres),
    },
  );
});
afterAll(async () => {
  await http.stop();
  await postgres.close();
  await server.stop();
});
const sessions = async () => (await command(url, 'select * from hotline.session')).length;

describe('people and sessions', () => {
  test('sign in, are recognised after a restart of the server, and sign out for good', async () => {
    const before = await sessions();
    const cookie = await http.signIn('1001');
    expect(await sessions()).toBe(before + 1);
    expect(await (await http.get('/api/v1/session', { cookie })).json()).toMatchObject({
      user: '1001',
      role: 'agent',
      agent: '1001',
    });
    const afterRestart = await startHttp({}, { auth: createAuth(postgres) });
    try {
      const token = cookie.split('=')[1] ?? '';
      const there = { cookie: `hotline_session_${afterRestart.port}=${token}` };
      expect((await afterRestart.get('/api/v1/live', there)).status).toBe(200);
    } finally {
      await afterRestart.stop();
    }
    await http.send('DELETE', '/api/v1/session', { cookie });
    expect((await http.get('/api/v1/session', { cookie })).status).toBe(401);
    expect(await sessions()).toBe(before);
  });

  test.each(["lead' or true --", 'lead\u0000', 'ＬＥＡＤ', '\ud800', ' lead'])(
    'the user name %j is nobody, and no failure',
    async (user) => {
      const res = await http.send('POST', '/api/v1/session', {
        json: { user, password: passwordOf('lead') },
      });
      expect([400, 401]).toContain(res.status);
    },
  );
});

describe('records', () => {
  test('come in pages that leave nothing out, newest first', async () => {
    const cookie = await http.signIn('lead');
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = callsPageSchema.parse(
        await (await http.get(`/api/v1/calls?limit=2${more}`, { cookie })).json(),
      );
      seen.push(...page.calls.map((call) => call.callId));
      cursor = page.nextCursor;
    }
    const stored = await command(
      url,
      'select call_id from call_record order by started_at desc, call_id desc',
    );
    expect(seen).toEqual(stored.map((row) => row.call_id));
    expect(seen.length).toBeGreaterThan(2);
  });

  test("an agent's list holds only calls of that agent; each can be opened with its timeline", async () => {
    const cookie = await http.signIn('1001');
    const { calls } = callsPageSchema.parse(await (await http.get('/api/v1/calls', { cookie })).json());
    expect(calls.length).toBeGreaterThan(0);
    for (const call of calls) {
      expect(call.agent).toBe('1001');
      const detail = callDetailSchema.parse(
        await (await http.get(`/api/v1/calls/${call.callId}`, { cookie })).json(),
      );
      expect(detail.timeline[0]?.type).toBe('CallArrived');
    }
  });

  test('the KPI report has the counts that the view has', async () => {
    const cookie = await http.signIn('lead');
    const range = 'from=2026-05-01T00:00:00%2B08:00&to=2026-05-02T00:00:00%2B08:00';
    for (const interval of ['quarter-hour', 'hour', 'day']) {
      const res = await http.get(`/api/v1/reports/kpi?${range}&interval=${interval}`, { cookie });
      const report = kpiReportSchema.parse(await res.json());
      const [sums] = await command(
        url,
        'select sum(offered)::int as offered, sum(answered)::int as answered from kpi_interval',
      );
      expect(report.overall.counts).toMatchObject({ ...sums });
      expect(report.overall.counts.offered).toBeGreaterThan(0);
    }
  });

  test('whole numbers are shown after the audit row is there', async () => {
    const cookie = await http.signIn('lead');
    const res = await http.get('/api/v1/calls?reveal=numbers&reason=%E6%8A%95%E8%AF%89+4711', { cookie });
    expect(res.status).toBe(200);
    const rows = await command(url, 'select * from hotline.audit_entry');
    expect(rows).toMatchObject([{ user_name: 'lead', action: 'reveal-numbers', reason: '投诉 4711' }]);
    expect((await http.get('/api/v1/calls?reveal=numbers&reason=abc%00', { cookie })).status).toBe(400);
  });

  test('a call is explained with what the agents did meanwhile', async () => {
    const hotline = simulateHotline();
    hotline.signIn('1001', { silent: true });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.agent('1001') === 'not-ready', 'missed');
    hotline.pass(10_000);
    hotline.signIn('1002', { answerAfterMs: 1_000, hangUpAfterMs: 5_000 });
    hotline.untilEnded(leg);
    await createHistory(postgres).write('sim', hotline.events);
    const res = await http.get(`/api/v1/calls/${leg}/why`, { cookie: await http.signIn('lead') });
    const { waits, rings, ending } = callWhySchema.parse(await res.json());
    expect(waits[0]?.spans).toMatchObject([
      { code: 'rung', agents: ['1001'], result: 'no-answer' },
      { code: 'nobody-at-work', staff: { 'not-ready': 1, 'signed-out': 1 } },
      { code: 'rung', agents: ['1002'], result: 'answered' },
    ]);
    expect(rings.map(({ alsoFree }) => alsoFree)).toEqual([[], []]);
    expect(ending).toMatchObject({ code: 'agent-hung-up' });
  });
});

test('the database goes and comes back: live data all along, records refused meanwhile', async () => {
  const cookie = await http.signIn('lead');
  await server.kill();
  try {
    expect((await http.get('/api/v1/live', { cookie })).status).toBe(200);
    const refused = await http.get('/api/v1/calls', { cookie });
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({ code: 'store-unavailable' });
  } finally {
    await server.start();
  }
  expect((await http.get('/api/v1/calls', { cookie })).status).toBe(200);
});
