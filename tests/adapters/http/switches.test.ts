import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  liveSnapshotSchema,
  switchesSchema,
  switchSchema,
} from '../../../services/adapters/http/contract/index.ts';
import { liveSwitch, noon } from '../../support/http-fakes.ts';
import { type HttpUnderTest, problemOf, startHttp } from '../../support/http-server.ts';

let http: HttpUnderTest;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http.stop());

const closed = { hotline: '95598', name: 'emergency-closed', on: true };
const put = (cookie: string, json: unknown) => http.send('PUT', '/api/v1/switches', { cookie, json });

test('a lead turns a switch for a hotline: the engine is told who did it, and boards show it', async () => {
  const cookie = await http.signIn('lead');
  http.state.answer = async (command) => {
    if (command.kind === 'set-switch')
      http.state.switches = [liveSwitch(command.name, { on: command.on, by: command.by, since: noon })];
    return { ok: true };
  };
  const now = switchSchema.parse(await (await put(cookie, closed)).json());
  expect(now).toMatchObject({ ...closed, by: 'lead', since: noon });
  expect(http.commands).toEqual([{ kind: 'set-switch', ...closed, by: 'lead' }]);
  const { switches } = switchesSchema.parse(await (await http.get('/api/v1/switches', { cookie })).json());
  expect(switches).toEqual([now]);
  const live = liveSnapshotSchema.parse(await (await http.get('/api/v1/live', { cookie })).json());
  expect(live.switches).toEqual([now]);
});

test('it needs no Postgres: a centre can close while its database is away', async () => {
  const cookie = await http.signIn('lead');
  expect((await http.get('/api/v1/live', { cookie })).status).toBe(200);
  http.people.state.mode = 'away';
  expect((await put(cookie, closed)).status).toBe(200);
});

test.each(['unknown-hotline', 'unknown-switch'] as const)('%s is refused as such', async (code) => {
  const cookie = await http.signIn('admin');
  http.state.answer = async () => ({ ok: false, code, message: 'there is none' });
  expect(await problemOf(await put(cookie, closed))).toMatchObject({ code, status: 404 });
});

test('what is no switch is not asked of the engine; agents and strangers turn nothing', async () => {
  const lead = await http.signIn('lead');
  for (const wrong of [{}, { ...closed, on: 'yes' }, { ...closed, by: 'admin' }, { ...closed, hotline: '' }])
    expect((await problemOf(await put(lead, wrong))).code).toBe('invalid-body');
  const agent = await http.signIn('1001');
  expect((await problemOf(await put(agent, closed))).code).toBe('not-allowed');
  expect((await problemOf(await http.get('/api/v1/switches', { cookie: agent }))).code).toBe('not-allowed');
  expect((await problemOf(await put('', closed))).code).toBe('not-signed-in');
  const elsewhere = await http.send('PUT', '/api/v1/switches', {
    cookie: lead,
    json: closed,
    headers: { origin: 'https://evil.example' },
  });
  expect((await problemOf(elsewhere)).code).toBe('cross-site-request');
  expect(http.commands).toEqual([]);
});
