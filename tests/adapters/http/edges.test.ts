import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { passwordOf } from '../../support/http-fakes.ts';
import { type HttpUnderTest, problemOf, startHttp } from '../../support/http-server.ts';

let http: HttpUnderTest;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http.stop());

describe('health and metrics', () => {
  test('the process answers; readiness says which part is missing', async () => {
    expect(await (await http.get('/healthz')).json()).toEqual({ status: 'ok' });
    expect((await http.get('/readyz')).status).toBe(200);
    http.state.health = {
      ready: false,
      telephony: 'down',
      postgres: 'up',
      journalBacklogEvents: 3,
      journal: 'up',
    };
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
