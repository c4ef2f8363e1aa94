import { afterEach, beforeEach, expect, test } from 'vitest';
import { flowListSchema, flowOverviewSchema } from '../../../services/adapters/http/contract/index.ts';
import { type HttpUnderTest, problemOf, startHttp } from '../../support/http-server.ts';

let http: HttpUnderTest;
beforeEach(async () => {
  http = await startHttp();
});
afterEach(() => http.stop());

const post = (cookie: string, json: unknown) =>
  http.send('POST', '/api/v1/ivr/activations', { cookie, json, headers: { origin: http.base } });

test('leads see the flows, activate a file, and roll back; each is recorded under their name', async () => {
  const cookie = await http.signIn('lead');
  const list = async () =>
    flowListSchema.parse(await (await http.get('/api/v1/ivr/flows', { cookie })).json()).flows;
  expect(await list()).toMatchObject([
    { flow: '10050', hotlines: [], inForce: { version: 1, by: 'set-up' }, fileDiffers: false },
    { flow: '95598', hotlines: ['95598'], inForce: { version: 1 }, fileDiffers: true },
  ]);
  const activated = flowOverviewSchema.parse(await (await post(cookie, { flow: '95598' })).json());
  expect(activated.inForce).toMatchObject({ version: 2, by: 'lead', rollsBackTo: null });
  await post(cookie, { flow: '95598', version: 1 });
  expect((await list())[1]).toMatchObject({
    inForce: { version: 3, rollsBackTo: 1 },
    versions: [{ version: 3 }, { version: 2 }, { version: 1 }],
  });
});

test('a version is drawn, as a picture that runs nothing', async () => {
  const cookie = await http.signIn('admin');
  const picture = await http.get('/api/v1/ivr/flows/95598/versions/1/picture', { cookie });
  expect(picture.headers.get('content-type')).toMatch(/^image\/svg\+xml/);
  const text = await picture.text();
  expect(text).toMatch(/^<svg /);
  expect(text).toContain('main-menu');
  expect(text).not.toMatch(/<script|<foreignObject/);
  const nowhere = await http.get('/api/v1/ivr/flows/95598/versions/9/picture', { cookie });
  expect((await problemOf(nowhere)).code).toBe('unknown-flow');
});

test('a refused flow is answered with every problem; nothing else is taken for a flow', async () => {
  const cookie = await http.signIn('lead');
  http.refuseFlow({
    file: '95598.yaml',
    line: 16,
    where: 'nodes.menu.keys.1',
    what: 'there is no node "nows"',
    suggestion: 'did you mean "news"?',
    severity: 'error',
    kind: 'name',
  });
  const refused = await post(cookie, { flow: '95598' });
  expect(refused.status).toBe(422);
  expect(await problemOf(refused)).toMatchObject({
    code: 'flow-refused',
    errors: [
      {
        path: 'nodes.menu.keys.1',
        message: '95598.yaml:16: nodes.menu.keys.1: there is no node "nows"; did you mean "news"?',
      },
    ],
  });
  for (const body of [
    {},
    { flow: '../../etc/passwd' },
    { flow: '95598', version: 0 },
    { flow: '95598', text: 'x' },
  ])
    expect((await problemOf(await post(cookie, body))).code).toBe('invalid-body');
});

test('agents do not, nobody does without signing in, and no other site does for them', async () => {
  const agent = await http.signIn('1001');
  expect((await problemOf(await http.get('/api/v1/ivr/flows', { cookie: agent }))).code).toBe('not-allowed');
  expect((await problemOf(await post(agent, { flow: '95598' }))).code).toBe('not-allowed');
  expect((await problemOf(await http.get('/api/v1/ivr/flows'))).code).toBe('not-signed-in');
  const lead = await http.signIn('lead');
  const elsewhere = await http.send('POST', '/api/v1/ivr/activations', {
    cookie: lead,
    json: { flow: '95598' },
    headers: { origin: 'https://elsewhere.example' },
  });
  expect((await problemOf(elsewhere)).code).toBe('cross-site-request');
});
