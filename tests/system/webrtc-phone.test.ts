import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  type BrowserPhone,
  type PhoneBrowser,
  startPhoneBrowser,
} from '../support/browser-phone/browser-phone.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { startRunningTime } from '../support/running-time.ts';
import type { SippCall } from '../support/sipp-call.ts';
import { loudnessDbfs, toneLevelDbfs } from '../support/tone.ts';
import { until } from '../support/until.ts';

let hotline: HotlineAtWork;
let browser: PhoneBrowser;
let tabs: BrowserPhone[] = [];

beforeAll(async () => {
  [hotline, browser] = await Promise.all([
    HotlineAtWork.start({ ringTimeoutSeconds: 15 }),
    startPhoneBrowser({ toneHz: 660 }),
  ]);
});
afterEach(async () => {
  await Promise.all(tabs.map((tab) => tab.stop()));
  tabs = [];
  await hotline.tidyUp();
});
afterAll(async () => {
  await browser?.stop();
  await hotline?.stop();
});

/** The agent's phone in a browser tab of its own, registered; the agent knows of it. */
async function openTab(agent: string, scheme: 'ws' | 'wss' = 'ws'): Promise<BrowserPhone> {
  const { user, password } = hotline.account(agent);
  const port = Number(hotline.instance.env.HOTLINE_ASTERISK_HTTP_PORT) + (scheme === 'wss' ? 1 : 0);
  const tab = await browser.phone({
    webSocketUrl: `${scheme}://127.0.0.1:${port}/ws`,
    account: `${user}-web`,
    password,
  });
  tabs.push(tab);
  await until('the tab to be reachable', async () => (await hotline.agent(agent)).devices.includes('web'));
  return tab;
}

async function leave(call: SippCall): Promise<void> {
  call.hangUp();
  await call.ended();
}

test('agent answers in the browser: both hear each other, hold is music and counted apart, and the record is like any other', async () => {
  const tab = await openTab('1001');
  await hotline.makeAvailable('1001');
  expect(await hotline.agent('1001')).toMatchObject({ devices: ['web'] });
  const since = new Date((await hotline.agent('1001')).since);
  const call = await hotline.waiting({ from: '13900000001', toneHz: 440 });

  const rung = await tab.incoming();
  expect(rung).toMatchObject({
    callerNumber: '13900000001',
    callId: await hotline.ledger.callIdOf(call.sipCallId),
  });
  expect(await hotline.agentIs('1001', 'ringing')).toMatchObject({ callId: rung.callId });
  await tab.answer();
  await hotline.agentIs('1001', 'on-call');
  await Promise.all([tab.hears(440, { forMs: 500 }), call.media.hears(660, { forMs: 500 })]);

  await tab.hold(true);
  await hotline.agentIs('1001', 'on-hold');
  const { recording } = call.media;
  // What was said before the hold may still be on its way.
  await until('music, and nothing of the agent', () => {
    const last = recording.sound(recording.lengthMs - 600);
    return loudnessDbfs(last) > -45 && toneLevelDbfs(last, 660) < -30;
  });
  await until('a hold of 600 ms, by the clock of the service', async () => {
    const { at, agents } = await hotline.live();
    const since = agents.find(({ agent }) => agent === '1001')?.since;
    return since !== undefined && at - since >= 600;
  });
  await tab.hold(false);
  await hotline.agentIs('1001', 'on-call');
  await Promise.all([tab.hears(440), call.media.hears(660, { sinceMs: recording.lengthMs })]);

  await leave(call);
  await tab.idle();
  const { record, visits } = await hotline.ledger.historyOf(call.sipCallId);
  expect(record).toMatchObject({ outcome: 'answered', release_party: 'caller', agent: '1001' });
  expect(record.hold_ms).toBeGreaterThanOrEqual(600);
  expect(record.talk_ms).toBeGreaterThanOrEqual(500);
  expect(visits).toMatchObject([{ outcome: 'answered', agent: '1001', wait_ms: record.wait_ms }]);
  await hotline.agentIs('1001', 'available');
  expect((await hotline.ledger.statesOf('1001', since)).map(({ state }) => state)).toEqual([
    'available',
    'ringing',
    'on-call',
    'on-hold',
    'on-call',
    'wrapping-up',
    'available',
  ]);
});

test('the same over TLS', async () => {
  const tab = await openTab('1001', 'wss');
  await hotline.makeAvailable('1001');
  const call = await hotline.waiting({ toneHz: 440 });
  await tab.incoming();
  await tab.answer();
  await Promise.all([tab.hears(440), call.media.hears(660)]);
  await leave(call);
  await tab.idle();
});

test('agent hangs up in the browser: the caller is let go; refuses a ring there: not ready because of it', async () => {
  const tab = await openTab('1001');
  await hotline.makeAvailable('1001');
  const first = await hotline.waiting();
  await tab.incoming();
  await tab.answer();
  await hotline.callIs(first, 'talking');
  await tab.hangUp();
  expect(await first.ended()).toMatchObject({ endedBy: 'callee' });
  expect((await hotline.ledger.historyOf(first.sipCallId)).record).toMatchObject({ release_party: 'agent' });

  await hotline.agentIs('1001', 'available');
  const second = await hotline.waiting();
  await tab.incoming();
  await tab.hangUp();
  expect(await hotline.agentIs('1001', 'not-ready')).toMatchObject({ reason: 'declined' });
  await leave(second);
});

test('the tab is closed in mid-call: within 10 s the caller hears the apology and waits first; a new tab gets the caller back', async () => {
  const tab = await openTab('1001');
  await hotline.makeAvailable('1001');
  const since = new Date((await hotline.agent('1001')).since);
  const call = await hotline.waiting({ toneHz: 440 });
  await tab.incoming();
  await tab.answer();
  await Promise.all([tab.hears(440), call.media.hears(660)]);

  const closed = startRunningTime();
  await tab.kill();
  await until('no phone to be reachable', async () => (await hotline.agent('1001')).devices.length === 0);
  expect(await hotline.callIs(call, 'waiting', 30_000)).toMatchObject({ position: 1, node: 'agent-lost' });
  expect(closed.stop(), 'ms of silence for the caller').toBeLessThan(10_000);
  const from = call.media.recording.lengthMs;
  await until('the apology to be heard', () => {
    const { recording } = call.media;
    return recording.lengthMs > from + 1_000 && loudnessDbfs(recording.sound(from)) > -40;
  });
  await hotline.agentIs('1001', 'unreachable');

  const again = await openTab('1001');
  await again.incoming();
  await again.answer();
  await Promise.all([again.hears(440), call.media.hears(660, { sinceMs: call.media.recording.lengthMs })]);
  await leave(call);
  await again.idle();
  const { record, visits } = await hotline.ledger.historyOf(call.sipCallId);
  expect(record).toMatchObject({ outcome: 'answered', release_party: 'caller', agent: '1001' });
  expect(visits).toMatchObject([
    { outcome: 'answered', agent: '1001', priority: 0 },
    { outcome: 'answered', agent: '1001', priority: 10 },
  ]);
  await hotline.agentIs('1001', 'available');
  expect((await hotline.ledger.statesOf('1001', since)).map(({ state }) => state)).toEqual([
    ...['available', 'ringing', 'on-call', 'wrapping-up', 'unreachable'],
    ...['available', 'ringing', 'on-call', 'wrapping-up', 'available'],
  ]);
});

test('agent with a SIP phone and a browser: the SIP phone rings; when one goes, the other takes over at once', async () => {
  const [phone, tab] = await Promise.all([hotline.phones.phone(hotline.account('1001')), openTab('1001')]);
  await hotline.makeAvailable('1001');
  await until(
    'both phones to be reachable',
    async () => (await hotline.agent('1001')).devices.join() === 'sip,web',
  );
  const first = await hotline.waiting();
  await phone.incoming();
  expect((await tab.see()).ringCount).toBe(0);
  await leave(first);
  await phone.idle();

  await phone.unregister();
  await until(
    'the browser alone to be reachable',
    async () => (await hotline.agent('1001')).devices.join() === 'web',
  );
  expect(await hotline.agent('1001')).toMatchObject({ state: 'available' });
  const second = await hotline.waiting();
  await tab.incoming();
  await tab.answer();
  await hotline.callIs(second, 'talking');
  await leave(second);
  await tab.idle();
  expect(phone.ringCount).toBe(1);

  await phone.register();
  await tab.kill();
  await until(
    'the SIP phone alone to be reachable',
    async () => (await hotline.agent('1001')).devices.join() === 'sip',
  );
  await hotline.agentIs('1001', 'available');
  const third = await hotline.waiting();
  await phone.incoming();
  await leave(third);
  expect(phone.ringCount).toBe(2);
});
