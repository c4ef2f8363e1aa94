import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type PhoneBrowser, startPhoneBrowser } from '../support/browser-phone/browser-phone.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { killAndWait } from '../support/kill-part.ts';
import { until } from '../support/until.ts';

let hotline: HotlineAtWork;
let browser: PhoneBrowser;
let page: Page;

beforeAll(async () => {
  [hotline, browser] = await Promise.all([
    HotlineAtWork.start({ ringTimeoutSeconds: 15 }),
    startPhoneBrowser({ toneHz: 660 }),
  ]);
  page = await browser.page();
  await page.addInitScript(watchConnections);
  await page.goto(hotline.instance.url);
  await page.locator('input[autocomplete=username]').fill('1001');
  await page
    .locator('input[autocomplete=current-password]')
    .fill(hotline.instance.credentials.users['1001'] ?? '');
  await page.locator('button[type=submit]').click();
  await page.locator('[data-browser-phone=off]').waitFor();
  await page.getByText('用此浏览器作话机').click();
  await page.locator('[data-browser-phone=registered]').waitFor();
  await page.locator('[data-phone=reachable]').waitFor();
});
afterEach(() => hotline.tidyUp());
afterAll(async () => {
  await browser?.stop();
  await hotline?.stop();
});

declare global {
  interface Window {
    calls: RTCPeerConnection[];
    sockets: WebSocket[];
  }
}

/** Keeps what the page opens, so that a test can listen in on a call and cut the connection. */
function watchConnections(): void {
  window.calls = [];
  window.sockets = [];
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      window.calls.push(this);
    }
  };
  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      window.sockets.push(this);
    }
  };
}

/** Waits until sound that is no silence has come in for the last call. */
async function hearsSomething(): Promise<void> {
  const energy = () =>
    page.evaluate(async () => {
      const report = (await window.calls.at(-1)?.getStats()) ?? new Map();
      for (const entry of report.values())
        if (entry.type === 'inbound-rtp') return Number(entry.totalAudioEnergy);
      return 0;
    });
  const before = await energy();
  await until('the page to hear something', async () => (await energy()) > before + 0.001, { everyMs: 50 });
}

/** By its words; an icon may stand before them. */
const button = (words: string) => page.getByRole('button', { name: new RegExp(`(^|\\s)${words}$`) });
const shows = (doing: string) => page.locator(`[data-phone-call=${doing}]`).waitFor();
const noCall = () => page.locator('[data-phone-call]').waitFor({ state: 'detached' });

test('agent signs in and works with nothing but the desk: ready, answer, mute, hold, resume, hang up', async () => {
  await button('示闲').click();
  await hotline.agentIs('1001', 'available');
  const call = await hotline.waiting({ toneHz: 440 });
  await shows('ringing');
  await button('接听').click();
  await shows('talking');
  await hotline.callIs(call, 'talking');
  // The browser takes a steady tone for noise and turns it down.
  await Promise.all([hearsSomething(), call.media.hears(660, { minDbfs: -40 })]);

  await button('静音').click();
  await until(
    'silence',
    async () => {
      const from = call.media.recording.lengthMs;
      return call.media.hears(660, { minDbfs: -40, withinMs: 500, sinceMs: from }).then(
        () => false,
        () => true,
      );
    },
    { withinMs: 20_000 },
  );
  await button('取消静音').click();
  await call.media.hears(660, { minDbfs: -40, sinceMs: call.media.recording.lengthMs });

  await button('保持').click();
  await page.locator('[data-hold=promised]').waitFor();
  await hotline.agentIs('1001', 'on-hold');
  await button('取回').click();
  await page.locator('[data-hold=thanks]').waitFor();
  await hotline.agentIs('1001', 'on-call');
  await button('挂断').click();
  expect(await call.ended()).toMatchObject({ endedBy: 'callee' });
  await noCall();
  const { record } = await hotline.ledger.historyOf(call.sipCallId);
  expect(record).toMatchObject({ outcome: 'answered', release_party: 'agent', agent: '1001' });
  expect(record.hold_ms).toBeGreaterThan(0);
});

test('the connection is cut in mid-call: they go on talking, and the end of the call still reaches the page', async () => {
  await hotline.makeAvailable('1001');
  const call = await hotline.waiting({ toneHz: 440 });
  await shows('ringing');
  await button('接听').click();
  await shows('talking');
  await call.media.hears(660, { minDbfs: -40 });
  const sockets = await page.evaluate(() => {
    window.sockets.at(-1)?.close();
    return window.sockets.length;
  });
  await until(
    'another connection',
    async () => (await page.evaluate(() => window.sockets.length)) > sockets,
    {
      withinMs: 30_000,
    },
  );
  await page.locator('[data-browser-phone=registered]').waitFor();
  await Promise.all([
    hearsSomething(),
    call.media.hears(660, { minDbfs: -40, sinceMs: call.media.recording.lengthMs }),
  ]);
  expect((await hotline.agent('1001')).state).toBe('on-call');
  call.hangUp();
  await call.ended();
  await noCall();

  await hotline.agentIs('1001', 'available');
  const next = await hotline.waiting();
  await shows('ringing');
  await button('拒接').click();
  await hotline.agentIs('1001', 'not-ready');
  next.hangUp();
  await next.ended();
});

test('agent looks at another page: a call can be answered there, and by itself when the agent wants that', async () => {
  await page.getByText('来电自动接听').click();
  await hotline.makeAvailable('1001');
  await page.getByRole('link', { name: '通话记录' }).click();
  const call = await hotline.waiting({ toneHz: 440 });
  await page.locator('.phone-bar').waitFor();
  await hotline.callIs(call, 'talking');
  await call.media.hears(660, { minDbfs: -40 });
  call.hangUp();
  await call.ended();
  await page.locator('.phone-bar').waitFor({ state: 'detached' });
});

test('Asterisk dies and is started anew: the page is the phone again without anyone touching it', async () => {
  await killAndWait(hotline.instance, 'asterisk');
  await until(
    'the phone to be reachable again',
    async () => (await hotline.agent('1001')).devices.includes('web'),
    { withinMs: 60_000 },
  );
  await hotline.makeAvailable('1001');
  const call = await hotline.waiting({ toneHz: 440 });
  await hotline.callIs(call, 'talking');
  await call.media.hears(660, { minDbfs: -40 });
  call.hangUp();
  await call.ended();
});
