import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { signInTo } from '../support/api-client.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { NEVER_QUEUED } from '../support/ledger.ts';
import { answerTo, garbage, throwAt } from '../support/raw-sip.ts';
import type { SipPhone } from '../support/sip-phone.ts';
import type { SippCall } from '../support/sipp-call.ts';
import { Telephones, TRUNK_IP } from '../support/telephones.ts';
import { loudnessDbfs } from '../support/tone.ts';
import { until } from '../support/until.ts';

let hotline: HotlineAtWork;
/**
 * Says nothing from the beginning of this file to its end: three times the menu's patience takes most of a minute. Calls 10050, whose queue
 * nobody serves here: an agent of one of the other tests would be rung for this caller.
 */
let silent: { call: SippCall; phones: Telephones };

beforeAll(async () => {
  // What a shell may have set for a Postgres elsewhere is nothing to ours.
  const elsewhere = { PGSSLMODE: 'require', PGOPTIONS: '-c default_transaction_read_only=on' };
  hotline = await HotlineAtWork.start(
    { ringTimeoutSeconds: 15, queuesOf: () => ['power-service'] },
    elsewhere,
  );
  const phones = new Telephones(hotline.instance.tools, hotline.instance.sipPort);
  silent = { call: await phones.dial('10050', { from: '13900000099' }), phones };
});
afterEach(() => hotline.tidyUp({ but: silent.call.over ? [] : [silent.call.sipCallId] }));
afterAll(async () => {
  await silent?.phones.stopAll();
  await hotline?.stop();
});

test('key 0 by SIP INFO leads to a person', async () => {
  const call = await hotline.greeted();
  await call.press('0', 'info');
  await hotline.callIs(call, 'waiting', 15_000);
  call.hangUp();
  await call.ended();
  const { record } = await hotline.ledger.historyOf(call.sipCallId);
  expect(record).toMatchObject({ outcome: 'abandoned_in_queue', queue: 'power-service', hotline: '95598' });
});

test('key 0 as nothing but its two tones, from a gateway that knows no telephone events, leads to a person', async () => {
  const caller = await hotline.phones.trunkPhone('13900000003', { telephoneEvents: false });
  expect(await caller.dial('95598')).toBe('answered');
  await hotline.callIs(caller, 'ivr');
  await caller.media.say({ tonesHz: [941, 1336], ms: 300 });
  await hotline.callIs(caller, 'waiting', 15_000);
  await caller.hangUp();
});

test('an unknown number gets an announcement and a record that says failed', async () => {
  const call = await hotline.phones.dial('95599', { from: '13900000002' });
  await call.answered();
  const outcome = await call.ended(20_000);
  expect(outcome).toMatchObject({ endedBy: 'callee', answered: true });
  expect(loudnessDbfs(call.media.recording.sound())).toBeGreaterThan(-40);
  const { record, visits } = await hotline.ledger.historyOf(call.sipCallId);
  expect(record).toMatchObject({
    ...NEVER_QUEUED,
    outcome: 'failed',
    release_party: 'system',
    dialled_number: '95599',
    hotline: null,
  });
  expect(visits).toEqual([]);
  expect(await hotline.ledger.eventsOf(record.call_id)).toContain('PromptFinished');
});

test('an agent who dials a strange code hears that it is no number, and stays as they were', async () => {
  const phone = await hotline.phones.phone(hotline.account('1003'));
  // A phone that can be rung is news of the agent, even of one who is signed out.
  const before = await hotline.agentCanBeRung('1003');
  expect(await phone.dial('*99')).toBe('answered');
  const { sipCallId = '' } = phone;
  await phone.idle(20_000);
  expect(loudnessDbfs(phone.media.recording.sound())).toBeGreaterThan(-40);
  const { record } = await hotline.ledger.historyOf(sipCallId);
  expect(record).toMatchObject({
    ...NEVER_QUEUED,
    outcome: 'failed',
    dialled_number: '*99',
    caller_number: '1003',
  });
  expect(await hotline.agent('1003')).toMatchObject({ state: before.state, since: before.since });
});

test('the account for trying may dial the hotline, and its *11 is nothing but an unknown number', async () => {
  const phone = await hotline.phones.phone(hotline.account('caller'));
  expect(await phone.dial('95598')).toBe('answered');
  await hotline.callIs(phone, 'ivr');
  await phone.hangUp();
  const tried = await hotline.ledger.historyOf(phone.sipCallId ?? '');
  expect(tried.record).toMatchObject({
    outcome: 'abandoned_in_ivr',
    hotline: '95598',
    caller_number: 'caller',
  });
  expect(await phone.dial('*11')).toBe('answered');
  await isBeingTold(phone);
  await phone.hangUp();
  const { record } = await hotline.ledger.historyOf(phone.sipCallId ?? '');
  expect(record).toMatchObject({ ...NEVER_QUEUED, outcome: 'failed', dialled_number: '*11' });
});

test('a wrong password and an unknown account are refused with the same answer', async () => {
  const { sipPort } = hotline.instance;
  const ask = (user: string, password?: string) =>
    answerTo({
      ip: '127.0.0.4',
      sipPort,
      method: 'REGISTER',
      user,
      ...(password !== undefined && { password }),
    });
  const [wrong, unknown] = [await ask('1001', 'not-the-password'), await ask('8888', 'not-the-password')];
  expect(wrong.status).toBe(401);
  expect(shapeOf(unknown)).toEqual(shapeOf(wrong));
  // The first answer, before any password, must not tell them apart either.
  expect(shapeOf(await ask('8888'))).toEqual(shapeOf(await ask('1001')));
});

test('an INVITE without authentication from anywhere but a trunk is refused and makes no call', async () => {
  const { sipPort } = hotline.instance;
  const count = () => hotline.instance.query<{ n: number }>('select count(*)::int as n from call_record');
  const before = await count();
  for (const user of ['13800138000', '1001', 'caller', 'trunk']) {
    const answer = await answerTo({ ip: '127.0.0.4', sipPort, method: 'INVITE', user, to: '95598' });
    expect([user, answer.status]).toEqual([user, 401]);
  }
  await hotline.nothingLeft({ but: [silent.call.sipCallId] });
  expect(await count()).toEqual(before);
});

test('*11, *12 and *10 from a phone: available, not ready, signed out', async () => {
  const phone = await hotline.phones.phone(hotline.account('1004'));
  const codes = [
    ['*11', 'available'],
    ['*12', 'not-ready'],
    ['*11', 'available'],
    ['*10', 'signed-out'],
  ] as const;
  for (const [code, state] of codes) {
    expect(await phone.dial(code)).toBe('answered');
    await isBeingTold(phone);
    // What was dialled holds also for those who do not listen to the end.
    await phone.hangUp();
    await hotline.agentIs('1004', state);
    const { record } = await hotline.ledger.historyOf(phone.sipCallId ?? '');
    expect(record).toMatchObject({ ...NEVER_QUEUED, outcome: 'self_served', dialled_number: code });
  }
});

test('an agent signs in over the API, may change the own state only, and is unreachable until there is a phone', async () => {
  const agent = await hotline.instance.signIn('1005');
  expect(await agent.send('PUT', 'agents/1005/state', { state: 'available' })).toMatchObject({
    status: 200,
    body: { state: 'unreachable' },
  });
  await hotline.phones.phone(hotline.account('1005'));
  await hotline.agentIs('1005', 'available');
  const own = await agent.send('PUT', 'agents/1005/state', { state: 'not-ready', reason: 'meal' });
  expect(own).toMatchObject({ status: 200, body: { state: 'not-ready', reason: 'meal' } });
  expect(await agent.send('PUT', 'agents/1006/state', { state: 'available' })).toMatchObject({ status: 403 });
  await expect(signInTo(hotline.instance.url, '1005', 'not-the-password')).rejects.toThrow('401');
});

test('garbage at the SIP port, from a stranger and from the trunk: a good call works afterwards', async () => {
  const { sipPort } = hotline.instance;
  for (const ip of ['127.0.0.4', TRUNK_IP]) await throwAt(sipPort, ip, garbage(95_598, 200));
  const phone = await hotline.ready('1006', { toneHz: 660 });
  const call = await hotline.waiting({ toneHz: 440 });
  await phone.incoming();
  await phone.answer();
  await Promise.all([phone.hears(440), call.media.hears(660)]);
  call.hangUp();
  await call.ended();
  const { record } = await hotline.ledger.historyOf(call.sipCallId);
  expect(record).toMatchObject({ outcome: 'answered', release_party: 'caller', agent: '1006' });
});

test('three times silence leads to a person', async () => {
  const { call } = silent;
  await hotline.callIs(call, 'waiting', 90_000);
  call.hangUp();
  await call.ended();
  const { record, visits } = await hotline.ledger.historyOf(call.sipCallId);
  expect(record).toMatchObject({ outcome: 'abandoned_in_queue', release_party: 'caller' });
  expect(visits).toMatchObject([{ queue: 'telecom-service', outcome: 'abandoned' }]);
  const events = await hotline.ledger.eventsOf(record.call_id);
  expect(events.filter((type) => type === 'MenuAttemptFailed')).toHaveLength(3);
  expect(events).not.toContain('DigitPressed');
  await hotline.nothingLeft();
});

/** Waits until the phone hears what has become of the code it dialled; or has heard it all, when this machine stood still meanwhile. */
async function isBeingTold(phone: SipPhone): Promise<void> {
  const callId = await hotline.ledger.callIdOf(phone.sipCallId ?? '');
  await until('the phone to be told', async () => {
    if (phone.state === 'idle') return true;
    return (await hotline.live()).calls.some((one) => one.callId === callId && one.stage === 'closing');
  });
}

/** What an answer shows to somebody who tries names: all but what is random by nature. */
function shapeOf({ status, headers }: Awaited<ReturnType<typeof answerTo>>) {
  const masked = headers.map(([name, value]): [string, string] => [
    name,
    /^(via|from|to|call-id|cseq|date)$/i.test(name) ? '' : value.replace(/(nonce|opaque)="[^"]*"/g, '$1="…"'),
  ]);
  return { status, headers: masked };
}
