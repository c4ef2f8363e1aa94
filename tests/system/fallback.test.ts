import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { sendSignal } from '../../infra/supervisor/process.ts';
import { holdControllerDown } from '../support/held-down.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { isReady } from '../support/is-ready.ts';
import { pidOf } from '../support/kill-part.ts';
import { startRunningTime } from '../support/running-time.ts';
import type { SipPhone } from '../support/sip-phone.ts';
import type { SippCall } from '../support/sipp-call.ts';
import { until } from '../support/until.ts';

/** Detection after 8 s of silence, then a look every 2 s. */
const rescuedWithinMs = 12_000;
const undo: (() => unknown)[] = [];
let hotline: HotlineAtWork;

beforeAll(async () => {
  hotline = await HotlineAtWork.start({ ringTimeoutSeconds: 15 });
});
afterEach(async () => {
  for (const step of undo.splice(0)) step();
  await hotline.tidyUp();
});
afterAll(() => hotline?.stop());

test('the controller hangs: conversations go on, everyone else is served by Asterisk alone, and it takes over again when it is back', async () => {
  const talkingAgent = await hotline.ready('1001', { toneHz: 660 });
  const talking = await hotline.waiting({ from: '13900000001', toneHz: 440 });
  await talkingAgent.incoming();
  await talkingAgent.answer();
  await talkingAgent.hears(440);
  const waiting = await hotline.waiting({ from: '13900000002', toneHz: 450 });
  const inMenu = await hotline.greeted({ from: '13900000003', toneHz: 550 });
  const notReady = await hotline.phones.phone({ ...hotline.account('1004') });

  const controller = pidOf(hotline.instance, 'controller');
  process.kill(controller, 'SIGSTOP');
  const hangs = startRunningTime();
  // It may be gone by then: one that hangs for 30 s is started anew, and on a busy machine what follows takes longer.
  const goesOn = () => sendSignal(controller, 'SIGCONT');
  undo.push(goesOn);

  await inFallback(2);
  expect(hangs.stop()).toBeLessThan(rescuedWithinMs);
  // Signed in by phone, while nobody but Asterisk hears it.
  const agents = await Promise.all([signedInByPhone('1002', 750), signedInByPhone('1003', 850)]);
  await conversations(agents, [waiting, inMenu], [450, 550]);
  await talkingAgent.hears(440);
  talking.hangUp();
  await talking.ended();
  await talkingAgent.idle(30_000);

  expect(notReady.ringCount).toBe(0);

  goesOn();
  await until('the controller answers', () => isReady(hotline.instance.url), {
    withinMs: 30_000,
  });
  for (const id of ['1002', '1003']) await hotline.agentIs(id, 'unreachable', 30_000);
  await hotline.agentIs('1001', 'available', 30_000);
  const after = await hotline.waiting({ from: '13900000005' });
  await talkingAgent.incoming();
  await talkingAgent.answer();
  await hotline.callIs(after, 'talking');
  for (const agent of agents) await hearsOneOf(agent, [450, 550]);
  expect(agents.map((agent) => agent.ringCount)).toEqual([1, 1]);

  for (const call of [waiting, inMenu, after]) call.hangUp();
  for (const call of [waiting, inMenu, after]) expect((await call.ended()).endedBy).toBe('caller');
  for (const id of ['1001', '1002', '1003']) await hotline.agentIs(id, 'available', 30_000);
});

test('the controller stays away: a caller who comes meanwhile is connected by Asterisk alone, and stays so when it is back', async () => {
  const agent = await hotline.ready('1001', { toneHz: 660 });
  const outage = await holdControllerDown(hotline.instance);
  const call = await hotline.phones.dial('95598', { from: '13900000006' });
  await call.answered(30_000);
  call.media.tone(440);
  await agent.incoming(30_000);
  await agent.answer();
  await outage.release();
  await hotline.agentIs('1001', 'unreachable');
  await agent.hears(440);
  await call.media.hears(660);
  call.hangUp();
  await call.ended();
  await hotline.agentIs('1001', 'available', 30_000);
  expect(agent.ringCount).toBe(1);
});

async function signedInByPhone(id: string, toneHz: number): Promise<SipPhone> {
  const phone = await hotline.phones.phone({ ...hotline.account(id), toneHz });
  expect(await phone.dial('*11')).toBe('answered');
  await phone.idle(30_000);
  return phone;
}

/** Waits until this many callers are in the dialplan's fallback, as Asterisk tells it. */
async function inFallback(count: number): Promise<void> {
  let seen: unknown;
  const probe = async () => {
    const channels = await hotline.instance.channels();
    seen = channels.map(({ name, dialplan }) => `${name} ${dialplan.context} ${dialplan.app_name}`);
    return channels.filter(({ dialplan }) => dialplan.context.startsWith('fallback')).length === count;
  };
  await until(`${count} callers in the fallback`, probe, { withinMs: 30_000, everyMs: 50, seen: () => seen });
}

/** Each agent answers and talks with one of the callers; each of them all says a tone of its own. */
async function conversations(
  agents: readonly SipPhone[],
  callers: readonly SippCall[],
  tones: readonly number[],
): Promise<void> {
  const pickUp = async (agent: SipPhone) => {
    await agent.incoming(20_000);
    await agent.answer();
  };
  await Promise.all(agents.map(pickUp));
  await Promise.all(agents.map((agent) => hearsOneOf(agent, tones)));
  await Promise.all(callers.map(({ media }) => hearsOneOf(media, [750, 850])));
}

type Ear = { hears(toneHz: number): Promise<void> };

async function hearsOneOf(ear: Ear, tones: readonly number[]): Promise<void> {
  await Promise.any(tones.map((toneHz) => ear.hears(toneHz)));
}
