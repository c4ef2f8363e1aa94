import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { callActionBodies, reserveSchema } from '../../../services/adapters/http/contract/index.ts';
import { callRefusals } from '../../../services/agents/call-commands.ts';
import { type HttpUnderTest, problemOf, startHttp } from '../../support/http-server.ts';

let http: HttpUnderTest;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http.stop());

type User = '1001' | 'lead' | 'admin';
const post = async (user: User, path: string, json: unknown) =>
  http.send('POST', `/api/v1/agents/${path}`, { cookie: await http.signIn(user), json });

describe('what an agent does with the own call', () => {
  test.each(['resume', 'swap', 'conference', 'complete-transfer', 'end-consult', 'hang-up'])(
    '%s reaches the engine, and is answered with the agent as it is then',
    async (action) => {
      const res = await post('1001', `1001/call/${action}`, {});
      expect(res.status).toBe(200);
      expect(await res.json()).toMatchObject({ agent: '1001', state: 'available' });
      expect(http.commands).toEqual([
        { kind: 'control-call', control: { agent: '1001', kind: action }, by: '1001' },
      ]);
    },
  );

  test.each([
    [
      { kind: 'agent', agent: '1002' },
      { kind: 'agent', agent: '1002' },
    ],
    [
      { kind: 'queue', queue: 'power-service' },
      { kind: 'queue', queue: 'power-service' },
    ],
    [
      { kind: 'outside', number: '+86 138-1234 1234' },
      { kind: 'outside', number: '+8613812341234' },
    ],
  ])('a caller is passed on to %j, and so is a question', async (to, understood) => {
    for (const kind of ['transfer', 'consult'] as const) {
      expect((await post('1001', `1001/call/${kind}`, { to, reason: ' bill ' })).status).toBe(200);
      expect(http.commands.pop()).toEqual({
        kind: 'control-call',
        control: { agent: '1001', kind, to: understood, reason: 'bill' },
        by: '1001',
      });
    }
  });

  test.each([undefined, '', '   '])(
    'nobody is passed on or asked without a reason (%j): 422',
    async (reason) => {
      for (const kind of ['transfer', 'consult']) {
        const res = await post('1001', `1001/call/${kind}`, { to: { kind: 'agent', agent: '1002' }, reason });
        expect(await problemOf(res)).toMatchObject({ status: 422, code: 'reason-missing' });
      }
      expect(http.commands).toEqual([]);
    },
  );

  test('a caller is put on hold with what they were told: why, and for how long', async () => {
    expect((await post('1001', '1001/call/hold', { reason: 'system', promisedSeconds: 60 })).status).toBe(
      200,
    );
    expect(http.commands).toMatchObject([
      { control: { agent: '1001', kind: 'hold', reason: 'system', promisedMs: 60_000 } },
    ]);
  });

  test.each([
    [{}, 'reason-missing'],
    [{ promisedSeconds: 30 }, 'reason-missing'],
    [{ reason: 'checking' }, 'promise-missing'],
  ])('nobody is put on hold without it (%j): 422', async (body, code) => {
    expect(await problemOf(await post('1001', '1001/call/hold', body))).toMatchObject({ status: 422, code });
    expect(http.commands).toEqual([]);
  });

  test('a number outside is called for a hotline', async () => {
    const body = { number: '138 1234 1234', hotline: '95598' };
    expect((await post('1001', '1001/call/dial', body)).status).toBe(200);
    expect(http.commands[0]).toMatchObject({
      control: { agent: '1001', kind: 'dial', number: '13812341234', hotline: '95598' },
    });
  });

  test.each([
    ['transfer', {}],
    ['transfer', { to: { kind: 'friend', agent: '1002' }, reason: 'bill' }],
    ['consult', { to: { kind: 'outside', number: 'sip:me@there' }, reason: 'bill' }],
    ['consult', { to: { kind: 'agent', agent: '../1002' }, reason: 'bill' }],
    ['transfer', { to: { kind: 'agent', agent: '1002' }, reason: 'x'.repeat(201) }],
    ['transfer', { to: { kind: 'agent', agent: '1002' }, reason: 'two\nlines' }],
    ['dial', { number: '13812341234' }],
    ['dial', { number: '911; rm', hotline: '95598' }],
    ['hold', { reason: 'checking', promisedSeconds: 30, music: 'loud' }],
    ['hold', { reason: 'lunch', promisedSeconds: 30 }],
    ['hold', { reason: 'checking', promisedSeconds: 4 }],
    ['hold', { reason: 'checking', promisedSeconds: 601 }],
    ['hold', { reason: 'checking', promisedSeconds: '30' }],
    ['hang-up', []],
  ])('%s with %j is refused with the field that is wrong', async (action, body) => {
    const problem = await problemOf(await post('1001', `1001/call/${action}`, body));
    expect(problem).toMatchObject({ status: 400, code: 'invalid-body' });
    expect(problem.errors?.length).toBeGreaterThan(0);
    expect(http.commands).toEqual([]);
  });

  test('there are no other actions', async () => {
    expect(await problemOf(await post('1001', '1001/call/listen', {}))).toMatchObject({
      status: 404,
      code: 'unknown-route',
    });
  });
});

describe('whose call it is', () => {
  const complete = (action: string) =>
    action === 'transfer' || action === 'consult'
      ? { to: { kind: 'queue', queue: 'power-service' }, reason: 'bill' }
      : action === 'dial'
        ? { number: '13812341234', hotline: '95598' }
        : {};

  test.each(Object.keys(callActionBodies))(
    "%s is not for a colleague's call; only ending it is for leads",
    async (action) => {
      const status = async (user: User) => (await post(user, `1002/call/${action}`, complete(action))).status;
      expect(await status('1001')).toBe(403);
      expect(await status('lead')).toBe(action === 'hang-up' ? 200 : 403);
      expect(http.commands.length).toBe(action === 'hang-up' ? 1 : 0);
    },
  );

  test('an agent who is not there is named', async () => {
    expect(await problemOf(await post('lead', '9999/call/hang-up', {}))).toMatchObject({
      status: 404,
      code: 'unknown-agent',
      detail: expect.stringContaining('9999'),
    });
  });
});

test.each(callRefusals)("the engine's refusal %s keeps its code and words", async (code) => {
  http.state.answer = async () => ({ ok: false, code, message: 'because of this' });
  const problem = await problemOf(await post('1001', '1001/call/resume', {}));
  expect(problem).toMatchObject({ code, detail: 'because of this' });
  expect([409, 422]).toContain(problem.status);
});

describe('wrap-up', () => {
  test('is extended by the agent or a lead', async () => {
    expect((await post('1001', '1001/wrap-up/extend', { byMs: 30_000 })).status).toBe(200);
    expect((await post('lead', '1002/wrap-up/extend', { byMs: 60_000 })).status).toBe(200);
    expect(http.commands).toEqual([
      { kind: 'extend-wrap-up', agent: '1001', byMs: 30_000, by: '1001' },
      { kind: 'extend-wrap-up', agent: '1002', byMs: 60_000, by: 'lead' },
    ]);
  });

  test("is not a colleague's to extend, and not for long", async () => {
    expect((await post('1001', '1002/wrap-up/extend', { byMs: 30_000 })).status).toBe(403);
    for (const byMs of [0, -1, 1.5, 600_001, '30']) {
      const res = await post('1001', '1001/wrap-up/extend', { byMs });
      expect(await problemOf(res)).toMatchObject({ status: 400, code: 'invalid-body' });
    }
    expect(http.commands).toEqual([]);
  });
});

describe("a queue's reserve", () => {
  const put = async (user: User, queue: string, json: unknown) =>
    http.send('PUT', `/api/v1/queues/${queue}/reserve`, { cookie: await http.signIn(user), json });

  test('is called in and sent back by leads', async () => {
    for (const on of [true, false]) {
      const res = await put('lead', 'power-service', { on });
      expect(reserveSchema.parse(await res.json())).toEqual({ queue: 'power-service', on });
    }
    expect(http.commands).toEqual([
      { kind: 'call-in-reserve', queue: 'power-service', on: true, by: 'lead' },
      { kind: 'call-in-reserve', queue: 'power-service', on: false, by: 'lead' },
    ]);
  });

  test('is not for agents, and no queue is made up', async () => {
    expect((await put('1001', 'power-service', { on: true })).status).toBe(403);
    expect(await problemOf(await put('lead', 'nowhere', { on: true }))).toMatchObject({
      status: 404,
      code: 'unknown-queue',
    });
    expect(http.commands).toEqual([]);
  });
});
