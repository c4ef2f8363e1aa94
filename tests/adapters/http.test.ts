import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  callDetailSchema,
  callsPageSchema,
  kpiDefinitionsSchema,
  kpiReportSchema,
  liveSnapshotSchema,
  problemSchema,
  sessionSchema,
} from '../../services/adapters/http/contract/index.ts';
import type { HotlineEvent } from '../../services/events/events.ts';
import { asId, type QueueId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import { noCounts } from '../../services/kpi/counts.ts';
import { callRecord, noon, passwordOf } from '../support/http-fakes.ts';
import { type HttpUnderTest, startHttp } from '../support/http-server.ts';

let http: HttpUnderTest;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http.stop());

/** The problem in an answer, checked against its schema. */
async function problemOf(res: Response) {
  expect(res.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const text = await res.text();
  expect(text).not.toMatch(/\bat .*\.(ts|js|mjs):\d+/);
  const problem = problemSchema.parse(JSON.parse(text));
  expect(problem.status).toBe(res.status);
  return problem;
}

describe('signing in', () => {
  test('gives an HttpOnly, SameSite=Strict cookie and says who one is', async () => {
    const res = await http.send('POST', '/api/v1/session', {
      json: { user: 'lead', password: passwordOf('lead') },
    });
    expect(res.status).toBe(200);
    const cookie = res.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(new RegExp(`^hotline_session_${http.port}=[\\w-]{43};`));
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).not.toMatch(/Secure/);
    expect(sessionSchema.parse(await res.json())).toMatchObject({ user: 'lead', role: 'lead', agent: null });
    const again = await http.get('/api/v1/session', { cookie: cookie.split(';', 1)[0] ?? '' });
    expect(await again.json()).toMatchObject({ user: 'lead', expiresAt: noon + 12 * 3600_000 });
  });

  test('behind a trusted TLS proxy the cookie is Secure and bound to the host', async () => {
    const proxied = await startHttp({ trustedProxies: ['127.0.0.1'] });
    try {
      const res = await proxied.send('POST', '/api/v1/session', {
        json: { user: 'lead', password: passwordOf('lead') },
        headers: { 'x-forwarded-proto': 'https' },
      });
      expect(res.headers.get('set-cookie')).toMatch(/^__Host-hotline_session_.*; Secure/);
      expect(res.headers.get('strict-transport-security')).toMatch(/max-age/);
    } finally {
      await proxied.stop();
    }
  });

  test('an unknown user and a wrong password get the same answer', async () => {
    const answers = await Promise.all(
      [
        { user: 'nobody', password: 'x' },
        { user: 'lead', password: 'x' },
        { user: '__proto__', password: 'x' },
      ].map(async (json) => {
        const res = await http.send('POST', '/api/v1/session', { json });
        const { requestId, ...rest } = await problemOf(res);
        expect(requestId).not.toBe('');
        return { rest, cookie: res.headers.get('set-cookie') };
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[2]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ rest: { status: 401, code: 'wrong-credentials' }, cookie: null });
  });

  test('ten failures of a user stop further attempts of that user from that address, not of others', async () => {
    const wrong = () => http.send('POST', '/api/v1/session', { json: { user: 'lead', password: 'x' } });
    const first = await Promise.all(Array.from({ length: 10 }, wrong));
    expect(first.map((res) => res.status)).toEqual(Array(10).fill(401));
    const verifications = http.people.state.verifications;
    const blocked = await http.send('POST', '/api/v1/session', {
      json: { user: 'lead', password: passwordOf('lead') },
    });
    expect(blocked.headers.get('retry-after')).toBe('300');
    expect(await problemOf(blocked)).toMatchObject({ status: 429, code: 'too-many-attempts' });
    expect(http.people.state.verifications).toBe(verifications);
    await http.signIn('admin');
    http.state.now = instant(noon + 300_000);
    await http.signIn('lead');
  });

  test('signing out ends the session for good', async () => {
    const cookie = await http.signIn('1001');
    const out = await http.send('DELETE', '/api/v1/session', { cookie });
    expect(out.status).toBe(204);
    expect(http.people.sessions.size).toBe(0);
    expect(await problemOf(await http.get('/api/v1/session', { cookie }))).toMatchObject({
      status: 401,
      code: 'not-signed-in',
    });
  });

  test('a session ends when its time is up', async () => {
    const cookie = await http.signIn('1001');
    http.state.now = instant(noon + 12 * 3600_000);
    expect((await http.get('/api/v1/live', { cookie })).status).toBe(401);
  });

  test('while the database is away people stay signed in, and new sign-ins are told so', async () => {
    const cookie = await http.signIn('lead');
    http.people.state.mode = 'away';
    http.state.now = instant(noon + 3600_000);
    expect((await http.get('/api/v1/live', { cookie })).status).toBe(200);
    const res = await http.send('POST', '/api/v1/session', {
      json: { user: 'admin', password: passwordOf('admin') },
    });
    const problem = await problemOf(res);
    expect(problem).toMatchObject({ status: 503, code: 'store-unavailable' });
    expect(JSON.stringify(problem)).not.toContain('secret-host');
  });

  test('a database outage does not count as failed sign-ins', async () => {
    http.people.state.mode = 'away';
    for (let i = 0; i < 12; i++) {
      const res = await http.send('POST', '/api/v1/session', { json: { user: 'lead', password: 'x' } });
      expect(res.status).toBe(503);
    }
    http.people.state.mode = 'up';
    await http.signIn('lead');
  });

  test.each([
    'GET /api/v1/live',
    'GET /api/v1/live/stream',
    'GET /api/v1/calls',
    'GET /api/v1/calls/x',
    'GET /api/v1/reports/kpi',
    'PUT /api/v1/agents/1001/state',
    'DELETE /api/v1/session',
  ])('%s needs a session', async (call) => {
    const [method = '', path = ''] = call.split(' ');
    expect(await problemOf(await http.send(method, path))).toMatchObject({ code: 'not-signed-in' });
    const cookie = `hotline_session_${http.port}=${'A'.repeat(43)}`;
    expect((await http.send(method, path, { cookie })).status).toBe(401);
  });
});

describe('requests that another site may have caused are refused', () => {
  const attempt = async (headers: Record<string, string>) => {
    const cookie = await http.signIn('1001');
    return http.send('PUT', '/api/v1/agents/1001/state', { cookie, json: { state: 'available' }, headers });
  };
  test.each<Record<string, string>>([
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site', 'x-csrf-token': 'guessed' },
  ])('%o', async (headers) => {
    expect(await problemOf(await attempt(headers))).toMatchObject({
      status: 403,
      code: 'cross-site-request',
    });
    expect(http.commands).toEqual([]);
  });

  test('our own pages and programs pass', async () => {
    expect((await attempt({ 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    expect((await attempt({ origin: http.base })).status).toBe(200);
    expect((await attempt({})).status).toBe(200);
  });

  test("the session's own token passes, and is nobody else's", async () => {
    const cookie = await http.signIn('1001');
    const { csrfToken } = sessionSchema.parse(await (await http.get('/api/v1/session', { cookie })).json());
    const headers = { 'sec-fetch-site': 'cross-site', 'x-csrf-token': csrfToken };
    const put = (as: string) =>
      http.send('PUT', '/api/v1/agents/1001/state', { cookie: as, json: { state: 'available' }, headers });
    expect((await put(cookie)).status).toBe(200);
    expect((await put(await http.signIn('lead'))).status).toBe(403);
  });

  test('signing in and out across sites is refused too', async () => {
    const cookie = await http.signIn('1001');
    const headers = { origin: 'http://evil.example' };
    expect((await http.send('DELETE', '/api/v1/session', { cookie, headers })).status).toBe(403);
    const json = { user: '1001', password: passwordOf('1001') };
    expect((await http.send('POST', '/api/v1/session', { json, headers })).status).toBe(403);
  });
});

describe("an agent's state", () => {
  const put = async (user: '1001' | 'lead' | 'admin', agent: string, json: unknown) =>
    http.send('PUT', `/api/v1/agents/${agent}/state`, { cookie: await http.signIn(user), json });

  test('an agent sets the own state and gets the agent as it is then', async () => {
    const res = await put('1001', '1001', { state: 'not-ready', reason: 'meal' });
    expect(await res.json()).toMatchObject({ agent: '1001', devices: ['sip'] });
    expect(http.commands).toEqual([
      { kind: 'set-agent-state', agent: '1001', intent: { kind: 'not-ready', reason: 'meal' }, by: '1001' },
    ]);
  });

  test('not ready without a reason is "other"', async () => {
    await put('1001', '1001', { state: 'not-ready' });
    expect(http.commands[0]?.intent).toEqual({ kind: 'not-ready', reason: 'other' });
  });

  test("an agent may not set another's; leads and administrators may", async () => {
    expect(await problemOf(await put('1001', '1002', { state: 'available' }))).toMatchObject({
      status: 403,
      code: 'not-allowed',
    });
    expect((await put('lead', '1002', { state: 'signed-out' })).status).toBe(200);
    expect((await put('admin', '1002', { state: 'available' })).status).toBe(200);
    expect(http.commands.map((command) => command.by)).toEqual(['lead', 'admin']);
  });

  test('an unknown agent is named', async () => {
    expect(await problemOf(await put('lead', '9999', { state: 'available' }))).toMatchObject({
      status: 404,
      code: 'unknown-agent',
      detail: expect.stringContaining('9999'),
    });
  });

  test.each([
    {},
    [],
    null,
    { state: 'on-call' },
    { state: 'not-ready', reason: 'ring-no-answer' },
    { state: 'not-ready', reason: 'tea' },
    { state: 'available', reason: 'meal' },
    { state: 'available', extra: 1 },
  ])('the body %j is refused with the field that is wrong', async (body) => {
    const problem = await problemOf(await put('1001', '1001', body));
    expect(problem).toMatchObject({ status: 400, code: 'invalid-body' });
    expect(problem.errors?.length).toBeGreaterThan(0);
    expect(http.commands).toEqual([]);
  });

  test("the engine's refusal becomes a conflict with its code and words", async () => {
    http.state.answer = async () => ({
      ok: false,
      code: 'phone-unreachable',
      message: 'register a phone first',
    });
    expect(await problemOf(await put('1001', '1001', { state: 'available' }))).toMatchObject({
      status: 409,
      code: 'phone-unreachable',
      detail: 'register a phone first',
    });
  });

  test('an engine that does not answer is not waited for without end', async () => {
    const quick = await startHttp({ limits: { answerMs: 30 } });
    try {
      quick.state.answer = () => new Promise(() => undefined);
      const res = await quick.send('PUT', '/api/v1/agents/1001/state', {
        cookie: await quick.signIn('1001'),
        json: { state: 'available' },
      });
      expect(await problemOf(res)).toMatchObject({ status: 503, code: 'busy' });
    } finally {
      await quick.stop();
    }
  });
});

describe('the live snapshot', () => {
  test('fits its schema and carries KPIs per queue and overall', async () => {
    const res = await http.get('/api/v1/live', { cookie: await http.signIn('lead') });
    const live = liveSnapshotSchema.parse(await res.json());
    const level = live.queues[0]?.kpis.find((one) => one.kpi === 'service_level');
    expect(level).toMatchObject({
      definition: 'T=15s, short<5s',
      unit: 'ratio',
      numerator: 6,
      denominator: 10,
    });
    expect(live.overall.kpis.find((one) => one.kpi === 'service_level')?.value).toBe(0.6);
    expect(live.overall.agents.available).toBe(2);
    expect(live.parts).toEqual({ ready: true, telephony: 'up', postgres: 'up', journalBacklogEvents: 0 });
    expect(res.headers.get('cache-control')).toBe('no-store');
  });

  test.each(['1001', 'lead', 'admin'] as const)('numbers are masked for %s', async (user) => {
    const res = await http.get('/api/v1/live', { cookie: await http.signIn(user) });
    const text = await res.text();
    expect(text).not.toContain('13812341234');
    expect(JSON.parse(text)).toMatchObject({
      numbers: 'masked',
      calls: [{ callerNumber: '138****1234', dialledNumber: '95598' }],
    });
  });

  test('a lead sees whole numbers with a reason, and that is on record', async () => {
    const cookie = await http.signIn('lead');
    const res = await http.get('/api/v1/live?reveal=numbers&reason=complaint+4711', { cookie });
    expect(await res.json()).toMatchObject({ numbers: 'whole', calls: [{ callerNumber: '13812341234' }] });
    expect(http.people.audited).toEqual([
      {
        at: noon,
        user: 'lead',
        role: 'lead',
        action: 'reveal-numbers',
        resource: 'live',
        reason: 'complaint 4711',
        address: '127.0.0.1',
      },
    ]);
  });

  test('no reason, no numbers; agents never; and nothing is shown that is not on record', async () => {
    const lead = await http.signIn('lead');
    expect((await http.get('/api/v1/live?reveal=numbers', { cookie: lead })).status).toBe(400);
    expect((await http.get('/api/v1/live?reveal=all&reason=because', { cookie: lead })).status).toBe(400);
    const agent = await http.signIn('1001');
    const refused = await http.get('/api/v1/live?reveal=numbers&reason=because', { cookie: agent });
    expect(await problemOf(refused)).toMatchObject({ status: 403, code: 'not-allowed' });
    http.people.state.mode = 'away';
    const unrecorded = await http.get('/api/v1/live?reveal=numbers&reason=because', { cookie: lead });
    expect(unrecorded.status).toBe(503);
    expect(await unrecorded.text()).not.toContain('13812341234');
  });
});

describe('calls', () => {
  beforeEach(() => {
    http.people.state.calls = [5, 4, 3, 2, 1].map((n) =>
      callRecord(`n1-${n}.${n}`, '1001', instant(noon + n)),
    );
    const event = { eventId: asId('e1'), seq: 1, at: noon } as const;
    const detail = (callId: string, agent: string) => ({
      call: callRecord(callId, agent),
      timeline: [
        {
          ...event,
          type: 'CallArrived' as const,
          callId: asId(callId),
          legId: asId(callId),
          nodeId: asId('n1'),
          source: 'trunk' as const,
          callerNumber: '13812341234',
          dialledNumber: '95598',
          hotline: asId('95598'),
          sipCallId: 'x',
          agent: null,
        },
        {
          ...event,
          type: 'OrderFailed' as const,
          callId: asId(callId),
          order: 'ring-agent',
          target: 'PJSIP/13812341234',
          reason: 'gone',
        },
      ] as HotlineEvent[],
    });
    http.people.state.details.set('n1-1.1', detail('n1-1.1', '1001'));
    http.people.state.details.set('n1-2.2', detail('n1-2.2', '1002'));
  });

  test('come page by page, masked', async () => {
    const cookie = await http.signIn('lead');
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const res = await http.get(`/api/v1/calls?limit=2${more}`, { cookie });
      const page = callsPageSchema.parse(await res.json());
      expect(page.calls.every((call) => call.callerNumber === '138****1234')).toBe(true);
      seen.push(...page.calls.map((call) => call.callId));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(['n1-5.5', 'n1-4.4', 'n1-3.3', 'n1-2.2', 'n1-1.1']);
    expect(http.people.queries[1]?.after).toEqual({ startedAt: noon + 4, callId: 'n1-4.4' });
  });

  test('all filters reach the store', async () => {
    const query = new URLSearchParams({
      from: '2026-05-01T08:00:00+08:00',
      to: String(noon),
      number: '138 1234-1234',
      agent: '1001',
      queue: 'power-service',
      hotline: '95598',
      outcome: 'answered',
      order: 'oldest-first',
    });
    await http.get(`/api/v1/calls?${query}`, { cookie: await http.signIn('lead') });
    expect(http.people.queries).toEqual([
      {
        from: Date.parse('2026-05-01T00:00:00Z'),
        to: noon,
        number: '13812341234',
        agent: '1001',
        queue: 'power-service',
        hotline: '95598',
        outcome: 'answered',
        order: 'oldest-first',
        after: null,
        limit: 51,
      },
    ]);
  });

  test('an agent gets own calls only', async () => {
    const cookie = await http.signIn('1001');
    await http.get('/api/v1/calls', { cookie });
    expect(http.people.queries[0]?.agent).toBe('1001');
    expect((await http.get('/api/v1/calls?agent=1002', { cookie })).status).toBe(403);
    expect((await http.get('/api/v1/calls/n1-1.1', { cookie })).status).toBe(200);
    expect(await problemOf(await http.get('/api/v1/calls/n1-2.2', { cookie }))).toMatchObject({
      status: 404,
      code: 'unknown-call',
    });
  });

  test('one call comes with its timeline, masked throughout', async () => {
    const res = await http.get('/api/v1/calls/n1-2.2', { cookie: await http.signIn('lead') });
    const text = await res.text();
    expect(text).not.toContain('13812341234');
    const detail = callDetailSchema.parse(JSON.parse(text));
    expect(detail.timeline[0]).toMatchObject({ type: 'CallArrived', callerNumber: '138****1234' });
    expect(detail.timeline[1]).toMatchObject({ target: 'PJSIP/138****1234' });
  });

  test('revealing one call is on record with its id', async () => {
    const cookie = await http.signIn('admin');
    const res = await http.get('/api/v1/calls/n1-2.2?reveal=numbers&reason=police+request', { cookie });
    expect(await res.json()).toMatchObject({ numbers: 'whole', call: { callerNumber: '13812341234' } });
    expect(http.people.audited).toMatchObject([{ resource: 'calls/n1-2.2', user: 'admin' }]);
  });

  test.each([
    'limit=0',
    'limit=201',
    'limit=x',
    'outcome=great',
    'from=yesterday',
    'number=%2B86*',
    'cursor=AAAA',
    'agent=a&agent=b',
    'colour=red',
    'from=2026-13-01T00:00:00Z',
    'number=138%25',
  ])('the query %s is refused', async (query) => {
    const res = await http.get(`/api/v1/calls?${query}`, { cookie: await http.signIn('lead') });
    const problem = await problemOf(res);
    expect(problem).toMatchObject({ status: 400, code: 'invalid-query' });
    expect(problem.errors?.length).toBeGreaterThan(0);
  });

  test('a database that hangs is not waited for without end', async () => {
    const quick = await startHttp({ limits: { answerMs: 30 } });
    try {
      const cookie = await quick.signIn('lead');
      quick.people.state.mode = 'hang';
      expect(await problemOf(await quick.get('/api/v1/calls', { cookie }))).toMatchObject({
        code: 'store-unavailable',
      });
    } finally {
      await quick.stop();
    }
  });
});

describe('the KPI report', () => {
  const path = '/api/v1/reports/kpi?from=2026-05-01T00:00:00%2B08:00&to=2026-05-02T00:00:00%2B08:00';

  test('gives KPIs per queue and interval, totals, and overall', async () => {
    const queue = asId<QueueId>('power-service');
    http.people.state.report = [0, 1].map((n) => ({
      queue,
      intervalStart: instant(noon + n * 3600_000),
      counts: { ...noCounts(), offered: 10, answered: 10, answeredInThreshold: n === 0 ? 10 : 5 },
    }));
    const res = await http.get(path, { cookie: await http.signIn('lead') });
    const report = kpiReportSchema.parse(await res.json());
    const levels = [...report.rows, ...report.totals, report.overall].map(
      (row) => row.kpis.find((one) => one.kpi === 'service_level')?.value,
    );
    expect(levels).toEqual([1, 0.5, 0.75, 0.75]);
    expect(report.interval).toBe('hour');
  });

  test('is for leads and administrators; its span is bounded', async () => {
    expect((await http.get(path, { cookie: await http.signIn('1001') })).status).toBe(403);
    const cookie = await http.signIn('admin');
    const long = '/api/v1/reports/kpi?from=2026-01-01T00:00:00Z&to=2026-05-01T00:00:00Z';
    expect(await problemOf(await http.get(long, { cookie }))).toMatchObject({ code: 'invalid-query' });
    expect((await http.get(`${long}&interval=day`, { cookie })).status).toBe(200);
    const backwards = '/api/v1/reports/kpi?to=2026-01-01T00:00:00Z&from=2026-05-01T00:00:00Z';
    expect((await http.get(backwards, { cookie })).status).toBe(400);
  });

  test('each KPI is explained in both languages', async () => {
    const res = await http.get('/api/v1/reports/definitions', { cookie: await http.signIn('1001') });
    const { kpis } = kpiDefinitionsSchema.parse(await res.json());
    expect(kpis.map((one) => one.kpi)).toContain('service_level');
    expect(kpis.every((one) => one.text.en !== '' && one.text['zh-CN'] !== '')).toBe(true);
  });
});

describe('health and metrics', () => {
  test('the process answers; readiness says which part is missing', async () => {
    expect(await (await http.get('/healthz')).json()).toEqual({ status: 'ok' });
    expect((await http.get('/readyz')).status).toBe(200);
    http.state.health = { ready: false, telephony: 'down', postgres: 'up', journalBacklogEvents: 3 };
    const res = await http.get('/readyz');
    expect(res.status).toBe(503);
    expect(await res.json()).toEqual(http.state.health);
    const metrics = await http.get('/metrics');
    expect(metrics.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await metrics.text()).toBe('hotline_up 1\n');
  });
});

describe('what cannot be served is refused in one form', () => {
  test('an unknown route', async () => {
    expect(await problemOf(await http.get('/api/v1/nothing'))).toMatchObject({
      status: 404,
      code: 'unknown-route',
      type: 'urn:hotline:problem:unknown-route',
    });
    expect(await problemOf(await http.send('POST', '/nothing'))).toMatchObject({ code: 'unknown-route' });
  });

  test('a wrong method, saying which are offered', async () => {
    const res = await http.send('PATCH', '/api/v1/session');
    expect(res.headers.get('allow')).toBe('POST, GET, DELETE, HEAD');
    expect(await problemOf(res)).toMatchObject({ status: 405, code: 'method-not-allowed' });
    expect((await http.send('POST', '/metrics')).status).toBe(405);
  });

  const signIn = (text: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    http.send('POST', '/api/v1/session', { text, headers });

  test('malformed JSON, a wrong media type, a compressed body, an empty body', async () => {
    expect(await problemOf(await signIn('{"user":'))).toMatchObject({ status: 400, code: 'malformed-json' });
    expect(await problemOf(await signIn('user=lead', { 'content-type': 'text/plain' }))).toMatchObject({
      status: 415,
      code: 'unsupported-media-type',
    });
    const compressed = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect(await problemOf(await signIn('{}', compressed))).toMatchObject({ code: 'unsupported-media-type' });
    expect(await problemOf(await signIn(''))).toMatchObject({ code: 'invalid-body' });
  });

  test('a body over 64 kB', async () => {
    const text = JSON.stringify({ user: 'lead', password: 'x'.repeat(65 * 1024) });
    expect(await problemOf(await signIn(text))).toMatchObject({ status: 413, code: 'body-too-large' });
  });

  test('a path that cannot be decoded, and an id that cannot be one', async () => {
    expect(
      await problemOf(await http.get('/api/v1/calls/%ff', { cookie: await http.signIn('lead') })),
    ).toMatchObject({ status: 400, code: 'malformed-request' });
    const odd = await http.get(`/api/v1/calls/${'x'.repeat(65)}`, { cookie: await http.signIn('lead') });
    expect(await problemOf(odd)).toMatchObject({ status: 400, code: 'invalid-path' });
  });

  test('a failure of our own: no stack, no words of it, but the log has the id', async () => {
    const cookie = await http.signIn('lead');
    http.application.live = () => {
      throw new Error('inner secret');
    };
    const problem = await problemOf(await http.get('/api/v1/live', { cookie }));
    expect(problem).toMatchObject({ status: 500, code: 'internal-error' });
    expect(JSON.stringify(problem)).not.toContain('inner secret');
    expect(
      http.logged.some((line) => line.includes(problem.requestId) && line.includes('inner secret')),
    ).toBe(true);
  });

  test('what is not HTTP at all', async () => {
    const socket = connect(http.port, '127.0.0.1');
    socket.end('INVITE sip:95598@127.0.0.1 SIP/2.0\r\n\r\n');
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"malformed-request"');
  });
});

test('neither passwords, tokens, numbers nor queries reach the log', async () => {
  const cookie = await http.signIn('lead');
  await http.get('/api/v1/calls?number=13812341234', { cookie });
  await http.send('POST', '/api/v1/session', { json: { user: 'lead', password: 'hunter2-wrong' } });
  const all = http.logged.join('');
  expect(all).toContain('/api/v1/calls');
  for (const secret of [passwordOf('lead'), 'hunter2-wrong', cookie.split('=')[1] ?? '?', '13812341234']) {
    expect(all).not.toContain(secret);
  }
});

describe('the screens', () => {
  test('are served with lasting assets, a fresh page, and the page for every address of theirs', async () => {
    await mkdir(join(http.uiDir, 'assets'));
    await writeFile(join(http.uiDir, 'index.html'), '<!doctype html><title>hotline</title>');
    await writeFile(join(http.uiDir, 'assets', 'main-abc123.js'), 'export {};');
    await writeFile(join(http.uiDir, '.secret'), 'no');
    const headers = { accept: 'text/html' };
    for (const path of ['/', '/board', '/desk/1001']) {
      const page = await http.get(path, { headers });
      expect(await page.text()).toContain('<title>hotline');
      expect(page.headers.get('cache-control')).toBe('no-cache');
      expect(page.headers.get('content-security-policy')).toMatch(/script-src 'self';/);
      expect(page.headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
    }
    const asset = await http.get('/assets/main-abc123.js');
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    for (const path of ['/assets/gone.js', '/.secret', '/..%2f..%2fetc%2fpasswd', '/api/board']) {
      const res = await http.get(path, { headers });
      expect([res.status, await res.text()].join(' ')).toMatch(/^(400|403|404) .*"code"/s);
    }
  });

  test('that are not built are named', async () => {
    expect(await problemOf(await http.get('/', { headers: { accept: 'text/html' } }))).toMatchObject({
      status: 404,
      code: 'ui-not-built',
    });
  });
});

test('a taken port is named with the setting that changes it', async () => {
  await expect(startHttp({ port: http.port })).rejects.toThrow(
    `HTTP cannot listen on 127.0.0.1:${http.port}: the port is taken; free it or set HOTLINE_HTTP_PORT`,
  );
});
