import { afterEach, beforeEach, expect, test } from 'vitest';
import { callbacksSchema } from '../../../services/adapters/http/contract/index.ts';
import { noon } from '../../support/http-fakes.ts';
import { type HttpUnderTest, problemOf, startHttp } from '../../support/http-server.ts';

let http: HttpUnderTest;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http.stop());

const open = {
  callbackId: 'callback-1',
  hotline: '95598',
  queue: 'power-service',
  number: '13800138000',
  queuedAt: noon,
  callId: 'n1-1.1',
  attempts: 1,
  notBefore: noon,
};
const cancel = (cookie: string, id = open.callbackId) =>
  http.send('DELETE', `/api/v1/callbacks/${id}`, { cookie });

test('a lead sees who waits to be called back, with numbers masked', async () => {
  http.state.callbacks = [open];
  const cookie = await http.signIn('lead');
  const { callbacks } = callbacksSchema.parse(await (await http.get('/api/v1/callbacks', { cookie })).json());
  expect(callbacks).toEqual([{ ...open, number: '138****8000' }]);
});

test('a lead takes one back: the engine is told who did it', async () => {
  const cookie = await http.signIn('lead');
  expect((await cancel(cookie)).status).toBe(204);
  expect(http.commands).toEqual([{ kind: 'cancel-callback', callbackId: 'callback-1', by: 'lead' }]);
});

test('one that is not there is refused as such', async () => {
  const cookie = await http.signIn('admin');
  http.state.answer = async () => ({ ok: false, code: 'unknown-callback', message: 'there is none' });
  expect(await problemOf(await cancel(cookie))).toMatchObject({ code: 'unknown-callback', status: 404 });
});

test('agents and strangers neither see nor cancel any', async () => {
  const agent = await http.signIn('1001');
  for (const answer of [await cancel(agent), await http.get('/api/v1/callbacks', { cookie: agent })])
    expect((await problemOf(answer)).code).toBe('not-allowed');
  expect((await problemOf(await cancel(''))).code).toBe('not-signed-in');
  expect(http.commands).toEqual([]);
});
