import { afterEach, beforeEach, expect, test } from 'vitest';
import { type HttpUnderTest, problemOf, startHttp } from '../../support/http-server.ts';

let http: HttpUnderTest;
beforeEach(async () => {
  http = await startHttp({ trustedProxies: ['127.0.0.1'] });
});
afterEach(() => http.stop());

test('an agent gets the own phone account, and no cache keeps it', async () => {
  const res = await http.get('/api/v1/agents/1001/phone', { cookie: await http.signIn('1001') });
  expect(res.status).toBe(200);
  expect(await res.json()).toEqual({
    account: '1001-web',
    password: 'sip-password-of-1001',
    webSocketUrl: 'ws://127.0.0.1:9/ws',
  });
  expect(res.headers.get('cache-control')).toBe('no-store');
  expect(res.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  expect(res.headers.get('access-control-allow-origin')).toBeNull();
  expect(http.logged.join('')).not.toContain('sip-password-of-1001');
});

test('a page that came over TLS is told the address it may connect to', async () => {
  const res = await http.get('/api/v1/agents/1001/phone', {
    cookie: `__Host-${await http.signIn('1001')}`,
    headers: { 'x-forwarded-proto': 'https' },
  });
  expect(await res.json()).toMatchObject({ webSocketUrl: 'wss://127.0.0.1:9/ws' });
});

test('the content policy lets pages connect to both addresses and to no other', async () => {
  const policy = (await http.get('/')).headers.get('content-security-policy');
  expect(policy).toContain("connect-src 'self' ws://127.0.0.1:9 wss://127.0.0.1:9;");
});

test.each([
  ['1001', '1002'],
  ['lead', '1001'],
  ['admin', '1001'],
] as const)("%s does not get agent %s's account", async (user, agent) => {
  const res = await http.get(`/api/v1/agents/${agent}/phone`, { cookie: await http.signIn(user) });
  expect(await problemOf(res)).toMatchObject({ status: 403, code: 'not-allowed' });
});

test('a stranger is asked to sign in', async () => {
  expect(await problemOf(await http.get('/api/v1/agents/1001/phone'))).toMatchObject({
    status: 401,
    code: 'not-signed-in',
  });
});
