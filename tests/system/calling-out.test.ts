import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { homeFolders } from '../../infra/parts/files.ts';
import { freePort } from '../support/free-ports.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { killAndWait } from '../support/kill-part.ts';
import { flowsFolder } from '../support/read-flows.ts';
import type { SipPhone } from '../support/sip-phone.ts';
import type { SippCall } from '../support/sipp-call.ts';
import { toneMs } from '../support/tone.ts';
import { until } from '../support/until.ts';
import { readWav, type Sound } from '../support/wav.ts';
import { nothingUnexplained } from '../support/witnesses.ts';

const callerHz = 440;
const agentHz = 880;
const outsideHz = 660;
const beepHz = 1_000;
let hotline: HotlineAtWork;
let outsidePort: number;

beforeAll(async () => {
  outsidePort = await freePort();
  hotline = await HotlineAtWork.start(
    // 95598 calls agents first, 10050 customers.
    { callbacks: { 'telecom-service': { first: 'caller' } }, ringTimeoutSeconds: 20 },
    { HOTLINE_FLOWS: flowsFolder('calling-out'), HOTLINE_OUTBOUND_TRUNK: `127.0.0.2:${outsidePort}` },
  );
});
afterEach(() => hotline.tidyUp());
afterAll(() => hotline?.stop());

type Row = {
  call_id: string;
  outcome: string;
  recording: string | null;
  transfers: number;
  agent: string | null;
  queue: string | null;
  release_party: string;
  talk_ms: number;
};

/** The outside world's telephone, for calls to any number. */
const outside = (toneHz = outsideHz): Promise<SipPhone> =>
  hotline.phones.trunkPhone('outside', { ownPort: outsidePort, toneHz, answer: 'manual' });

async function recordOf(where: string, value: string): Promise<Row> {
  const [row] = await until(`the record of ${value}`, async () => {
    const rows = await hotline.instance.query<Row>(
      `select * from call_record where ${where} = $1 and ended_at is not null and wrap_up_ms is not null order by started_at desc`,
      [value],
    );
    return rows.length > 0 ? rows : null;
  });
  if (!row) throw new Error('no record');
  return row;
}

const recorded = ({ recording }: Row): Sound =>
  readWav(join(homeFolders(hotline.instance.home).recordings, `${recording}.wav`));

test('a message is recorded from the beep on, kept under the call, and can be heard again', async () => {
  const call = await hotline.greeted({ toneHz: callerHz });
  await call.press('1');
  await call.media.hears(beepHz, { forMs: 100 });
  await call.media.say({ toneHz: callerHz, ms: 3_000 });
  await call.press('#');
  await call.ended();
  const record = await recordOf('sip_call_id', call.sipCallId);
  expect(record).toMatchObject({ outcome: 'voicemail', release_party: 'system' });
  const sound = recorded(record);
  // As loud as it was said (-8 dBFS), give or take the codec.
  expect(toneMs(sound, callerHz, -12)).toBeGreaterThan(2_000);
  const tasks = await hotline.instance.query(
    `select payload from call_event where type = 'TaskOpened' and call_id = $1`,
    [record.call_id],
  );
  expect(tasks).toMatchObject([{ payload: { kind: 'voicemail', queue: 'power-service' } }]);
});

test('the controller is killed while a caller speaks: the recorder goes on, also when the caller hangs up meanwhile', async () => {
  const [stays, leaves] = [
    await hotline.greeted({ toneHz: callerHz, from: '13800000001' }),
    await hotline.greeted({ toneHz: callerHz, from: '13800000002' }),
  ];
  for (const call of [stays, leaves]) await call.press('1');
  for (const call of [stays, leaves]) await call.media.hears(beepHz, { forMs: 100 });
  await Promise.all([stays, leaves].map((call) => call.media.say({ toneHz: callerHz, ms: 2_000 })));
  const back = killAndWait(hotline.instance, 'controller');
  leaves.hangUp();
  await leaves.ended();
  await back;
  await stays.press('#');
  await stays.ended();
  for (const call of [stays, leaves]) {
    const record = await recordOf('sip_call_id', call.sipCallId);
    expect(record).toMatchObject({ outcome: 'voicemail' });
    expect(toneMs(recorded(record), callerHz)).toBeGreaterThan(1_000);
  }
});

test('a caller is put through to an outside number, which sees the hotline; both hear each other', async () => {
  const phone = await outside();
  const call = await hotline.greeted({ toneHz: callerHz });
  await call.press('2');
  await phone.incoming();
  expect(phone.log.find(({ what }) => what === 'rings')?.from).toBe('95598');
  await phone.answer();
  await phone.hears(callerHz);
  await call.media.hears(outsideHz);
  // Without the controller, too.
  await killAndWait(hotline.instance, 'controller');
  await phone.hears(callerHz);
  await phone.hangUp();
  await call.ended();
  expect(await recordOf('sip_call_id', call.sipCallId)).toMatchObject({
    outcome: 'self_served',
    transfers: 1,
    release_party: 'system',
  });
});

/** Waits in line, asks to be called back, and is let go. */
async function asksForCallback(to: string, from: string): Promise<SippCall> {
  const call = await hotline.greeted({ to, from });
  await call.press('0');
  await hotline.callIs(call, 'waiting');
  await call.press('1');
  await call.ended();
  expect(await recordOf('sip_call_id', call.sipCallId)).toMatchObject({ outcome: 'callback_requested' });
  return call;
}
/** An agent who is rung as soon as they are ready: somebody waits for it. */
async function rungAtOnce(id: string): Promise<SipPhone> {
  const options = { ...hotline.account(id), toneHz: agentHz, answer: 'manual' } as const;
  const phone = await hotline.phones.phone(options);
  await hotline.agentCanBeRung(id);
  await hotline.lead.send('PUT', `agents/${id}/state`, { state: 'available' });
  return phone;
}
const openCallbacks = async () =>
  (await hotline.lead.get<{ callbacks: { queue: string; number: string }[] }>('callbacks')).callbacks;

test('a caller is called back, first the agent: they talk, and it is one more call in the records', async () => {
  const from = '13800138001';
  await asksForCallback('95598', from);
  expect(await openCallbacks()).toMatchObject([{ queue: 'power-service', number: '138****8001' }]);
  const customer = await outside(callerHz);
  const agent = await rungAtOnce('1001');
  await agent.incoming();
  // Shown as a call of the customer's would be.
  expect(agent.log.find(({ what }) => what === 'rings')?.from).toBe(from);
  await agent.answer();
  await customer.incoming();
  expect(customer.log.find(({ what }) => what === 'rings')?.from).toBe('95598');
  await customer.answer();
  await agent.hears(callerHz);
  await customer.hears(agentHz);
  await hotline.agentIs('1001', 'on-call');
  await customer.hangUp();
  await agent.idle();
  const record = await recordOf('source', 'callback');
  expect(record).toMatchObject({
    outcome: 'answered',
    agent: '1001',
    queue: 'power-service',
    release_party: 'caller',
  });
  expect(record.talk_ms).toBeGreaterThan(300);
  expect(await openCallbacks()).toEqual([]);
});

test('a caller is called back, first the customer, across a killed controller: then first in line for the agent', async () => {
  const from = '13800138002';
  await asksForCallback('10050', from);
  await killAndWait(hotline.instance, 'controller');
  expect(await openCallbacks()).toMatchObject([{ queue: 'telecom-service' }]);
  const customer = await outside(callerHz);
  const agent = await rungAtOnce('1002');
  await customer.incoming();
  expect(agent.ringCount).toBe(0);
  await customer.answer();
  await agent.incoming();
  expect(agent.log.find(({ what }) => what === 'rings')?.from).toBe(from);
  await agent.answer();
  await agent.hears(callerHz);
  await customer.hears(agentHz);
  await agent.hangUp();
  await customer.idle();
  expect(await recordOf('agent', '1002')).toMatchObject({
    outcome: 'answered',
    queue: 'telecom-service',
    release_party: 'agent',
  });
  expect(await openCallbacks()).toEqual([]);
});

test('an agent who hangs up while the customer is being called: the phone there stops, and a lead takes the callback back', async () => {
  const from = '13800138003';
  await asksForCallback('95598', from);
  const customer = await outside(callerHz);
  const agent = await rungAtOnce('1001');
  await agent.incoming();
  await agent.answer();
  await customer.incoming();
  await hotline.lead.send('PUT', 'agents/1001/state', { state: 'not-ready', reason: 'break' });
  await agent.hangUp();
  await customer.idle();
  const [open] = await hotline.instance.query<{ id: string }>(
    `select payload ->> 'callbackId' as id from call_event where type = 'CallbackRequested' order by seq desc limit 1`,
  );
  expect(await hotline.lead.send('DELETE', `callbacks/${open?.id}`)).toMatchObject({ status: 204 });
  expect(await hotline.lead.send('DELETE', `callbacks/${open?.id}`)).toMatchObject({ status: 404 });
  expect(await openCallbacks()).toEqual([]);
});

test('Asterisk tells of every leg of these calls what our records do', async () => {
  await nothingUnexplained(hotline);
});
