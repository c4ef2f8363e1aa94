import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sessionSchema } from '../../../services/adapters/http/contract/index.ts';
import { instant } from '../../../services/events/instant.ts';
import { noon, passwordOf } from '../../support/http-fakes.ts';
import { type HttpUnderTest, problemOf, startHttp } from '../../support/http-server.ts';

let http: HttpUnderTest;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http.stop());

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
