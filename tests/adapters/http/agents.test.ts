import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type HttpUnderTest, problemOf, startHttp } from '../../support/http-server.ts';

let http: HttpUnderTest;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http.stop());

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
    expect(http.commands[0]).toMatchObject({ intent: { kind: 'not-ready', reason: 'other' } });
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
