import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sessionSchema } from '../../../services/adapters/http/contract/index.ts';
import { passwordOf } from '../../support/http-fakes.ts';
import { type HttpUnderTest, problemOf, startHttp } from '../../support/http-server.ts';

let http: HttpUnderTest;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http.stop());

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
