import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { readCredentials } from '../../services/runtime/secrets.ts';
import { signInTo } from '../support/api-client.ts';
import { editCentre, reload } from '../support/edit-centre.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { killAndWait, type PartName, pidOf } from '../support/kill-part.ts';
import { until } from '../support/until.ts';

let hotline: HotlineAtWork;

beforeAll(async () => {
  hotline = await HotlineAtWork.start();
});
afterEach(() => hotline.tidyUp());
afterAll(() => hotline?.stop());

const queues = ['power-service', 'telecom-service'];
const stays: readonly PartName[] = ['asterisk', 'postgres', 'prometheus'];
const pids = (parts: readonly PartName[]) => parts.map((part) => pidOf(hotline.instance, part));
const credentialsFile = () => join(hotline.instance.home, 'credentials.json');
const supervisorLog = () => readFileSync(join(hotline.instance.home, 'logs', 'supervisor.log'), 'utf8');

test('an agent is added and another removed in mid-call: the call goes on, the new one serves, the removed one is refused', async () => {
  const agent = await hotline.ready('1001', { toneHz: 660 });
  const talking = await hotline.waiting({ toneHz: 440 });
  await agent.incoming();
  await agent.answer();
  await agent.hears(440);
  const unchanged = await hotline.ready('1002');
  const unchangedSince = (await hotline.agent('1002')).since;
  const leaving = await hotline.ready('1003');
  const before = { pids: pids(stays), controller: pidOf(hotline.instance, 'controller') };
  const passwords = readCredentials(credentialsFile());

  editCentre(hotline.instance, (centre) => {
    centre.agents['1011'] = { name: '新来的', queues };
    delete centre.agents['1003'];
  });
  expect((await reload(hotline.instance)).at(-1)).toBe('✓ centre reloaded (agents: +1011 -1003)');

  expect(pids(stays)).toEqual(before.pids);
  expect(pidOf(hotline.instance, 'controller')).not.toBe(before.controller);
  await agent.hears(440);
  await talking.media.hears(660);
  await hotline.callIs(talking, 'talking');
  await hotline.agentIs('1001', 'on-call');

  const now = readCredentials(credentialsFile());
  expect(now.sip).toMatchObject(passwords.sip);
  expect(now.users).toMatchObject(passwords.users);
  const added = await hotline.phones.phone({ user: '1011', password: now.sip['1011'] ?? '' });
  expect(await added.dial('*11')).toBe('answered');
  await added.idle();
  await hotline.agentIs('1011', 'available');
  await signInTo(hotline.instance.url, '1011', now.users['1011'] ?? '');

  // The phone whose account stayed was not disturbed: available all the time, and rung without registering again.
  expect(await hotline.agentIs('1002', 'available')).toMatchObject({ since: unchangedSince });
  const first = await hotline.waiting({ from: '13900000002' });
  await unchanged.incoming();
  await unchanged.answer();
  const second = await hotline.waiting({ from: '13900000003' });
  await added.incoming();
  await added.answer();
  await hotline.callIs(second, 'talking');

  await expect(leaving.register()).rejects.toThrow('registration refused: 401');
  expect(await leaving.dial('95598')).toMatch(/^401/);
  expect(leaving.ringCount).toBe(0);
  expect((await hotline.live()).agents.map((one) => one.agent)).not.toContain('1003');
  await leaving.kill();

  for (const call of [talking, first, second]) call.hangUp();
  for (const call of [talking, first, second]) await call.ended();
  const { record } = await hotline.ledger.historyOf(talking.sipCallId);
  expect(record).toMatchObject({ outcome: 'answered', release_party: 'caller', agent: '1001' });
  expect((await hotline.ledger.historyOf(second.sipCallId)).record).toMatchObject({ agent: '1011' });
  expect((await hotline.ledger.statesOf('1003', new Date(0))).at(-1)).toMatchObject({ state: 'signed-out' });
});

test('an agent is removed while talking: the conversation goes on to its end, and then the agent is signed out', async () => {
  const agent = await hotline.ready('1004', { toneHz: 660 });
  const call = await hotline.waiting({ toneHz: 440 });
  await agent.incoming();
  await agent.answer();
  await agent.hears(440);

  editCentre(hotline.instance, (centre) => delete centre.agents['1004']);
  expect((await reload(hotline.instance)).at(-1)).toBe('✓ centre reloaded (agents: -1004)');

  await agent.hears(440);
  await call.media.hears(660);
  await agent.hold();
  const callId = await hotline.ledger.callIdOf(call.sipCallId);
  // A hold that a busy controller hears of together with its end takes no time.
  await until('the hold to be known', async () =>
    (await hotline.ledger.eventsOf(callId)).includes('CallHeld'),
  );
  await agent.resume();
  await agent.hears(440);
  await agent.hangUp();
  await call.ended();
  await agent.kill();
  const { record } = await hotline.ledger.historyOf(call.sipCallId);
  expect(record).toMatchObject({ outcome: 'answered', release_party: 'agent', agent: '1004' });
  expect(record.hold_ms).toBeGreaterThan(0);
  await until('signed out after the wrap-up', async () => {
    const last = (await hotline.ledger.statesOf('1004', new Date(0))).at(-1);
    return last?.state === 'signed-out' && last;
  });
});

test('a centre that is wrong is refused with all its problems; nothing changes, not even when the controller dies then', async () => {
  const phone = await hotline.ready('1005');
  const before = {
    pids: pids([...stays, 'controller']),
    credentials: readFileSync(credentialsFile(), 'utf8'),
  };
  const putBack = editCentre(hotline.instance, (centre) => {
    centre.agents['1012'] = { name: '', queues };
    centre.queueDefaults.wrapUpSeconds = 'ten';
    delete centre.agents['1005'];
  });

  const refused = await reload(hotline.instance);
  const file = hotline.instance.env.HOTLINE_CENTRE;
  expect(refused[0]).toBe('! reload refused, everything stays as it was:');
  for (const place of ['agents.1012.name', 'queueDefaults.wrapUpSeconds']) {
    expect(refused.join('\n')).toContain(`${file}: ${place}: `);
    expect(supervisorLog()).toContain(`${file}: ${place}: `);
  }
  expect(pids([...stays, 'controller'])).toEqual(before.pids);
  expect(readFileSync(credentialsFile(), 'utf8')).toBe(before.credentials);

  await killAndWait(hotline.instance, 'controller');
  const call = await hotline.waiting();
  await phone.incoming();
  await phone.answer();
  await hotline.callIs(call, 'talking');
  call.hangUp();
  await call.ended();

  putBack();
  expect((await reload(hotline.instance)).at(-1)).toBe('✓ centre reloaded (agents: the same)');
});

test('a queue may be added at work, but not taken away: callers may wait in it', async () => {
  // No flow names this queue: with one that does, the flow would be the reason.
  const takeAway = editCentre(hotline.instance, (centre) => {
    centre.queues.spare = { name: { 'zh-CN': '备用', en: 'Spare' } };
  });
  expect((await reload(hotline.instance)).at(-1)).toBe('✓ centre reloaded (agents: the same)');
  expect((await hotline.live()).queues.map(({ queue }) => queue)).toContain('spare');
  const controller = pidOf(hotline.instance, 'controller');

  takeAway();
  const refused = await reload(hotline.instance);
  expect(refused[0]).toBe('! reload refused, everything stays as it was:');
  expect(refused.join('\n')).toContain('queues.spare: is gone, and callers may be in it');
  expect(pidOf(hotline.instance, 'controller')).toBe(controller);

  editCentre(hotline.instance, (centre) => {
    centre.queues.spare = { name: { 'zh-CN': '备用', en: 'Spare' } };
  });
});

test('Asterisk dies after a reload: it comes back with the accounts of the new centre', async () => {
  editCentre(hotline.instance, (centre) => {
    centre.agents['1013'] = { name: '又一位', queues };
    delete centre.agents['1006'];
  });
  await reload(hotline.instance);
  await killAndWait(hotline.instance, 'asterisk');
  const { sip } = readCredentials(credentialsFile());
  await hotline.phones.phone({ user: '1013', password: sip['1013'] ?? '' });
  const gone = hotline.phones.phone({ user: '1006', password: sip['1006'] ?? '' });
  await expect(gone).rejects.toThrow('registration refused: 401');
});
