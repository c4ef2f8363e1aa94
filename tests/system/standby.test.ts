import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { identify, isRunning } from '../../infra/supervisor/process.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { isReady } from '../support/is-ready.ts';
import { pidOf } from '../support/kill-part.ts';
import { standbyWaits as waitingStandby } from '../support/standby.ts';
import { until } from '../support/until.ts';

let hotline: HotlineAtWork;

beforeAll(async () => {
  hotline = await HotlineAtWork.start({}, { HOTLINE_STANDBY: 'on' });
});
afterEach(() => hotline.tidyUp());
afterAll(() => hotline?.stop());

/** What a standby promises, and what a busy test machine may add to it. */
const takeOverWithinMs = 5_000;
const slackMs = 3_000;

test('the controller is killed: its standby takes over; a conversation goes on, a waiting caller keeps the place, one who dials meanwhile is served', async () => {
  const standby = await standbyWaits();
  const agent = await hotline.ready('1001', { toneHz: 660 });
  const talking = await hotline.waiting({ toneHz: 440 });
  await agent.incoming();
  await agent.answer();
  await agent.hears(440);
  const waiting = await hotline.waiting({ from: '13900000002' });

  const tookMs = takeOver(() => process.kill(pidOf(hotline.instance, 'controller'), 'SIGKILL'));
  const meanwhile = await hotline.phones.dial('95598', { from: '13900000003' });
  await meanwhile.answered();
  console.log(`the standby took over within ${await tookMs} ms of kill -9`);
  expect(await tookMs).toBeLessThan(takeOverWithinMs + slackMs);
  expect(pidOf(hotline.instance, 'controller')).toBe(standby);

  await agent.hears(440);
  await hotline.callIs(talking, 'talking');
  await hotline.callIs(waiting, 'waiting');
  talking.hangUp();
  await talking.ended();
  await agent.incoming();
  await agent.answer();
  await hotline.callIs(waiting, 'talking');
  for (const call of [waiting, meanwhile]) call.hangUp();
  for (const call of [waiting, meanwhile]) await call.ended();
  const { record } = await hotline.ledger.historyOf(talking.sipCallId);
  expect(record).toMatchObject({ outcome: 'answered', release_party: 'caller', agent: '1001' });
  expect((await hotline.ledger.historyOf(waiting.sipCallId)).record.outcome).toBe('answered');
  expect(await standbyWaits()).not.toBe(standby);
});

test('the controller hangs: it is ended and the standby has taken over before callers are given to the fallback', async () => {
  const standby = await standbyWaits();
  const waiting = await hotline.waiting({ from: '13900000002' });
  const hung = pidOf(hotline.instance, 'controller');
  const tookMs = await takeOver(() => process.kill(hung, 'SIGSTOP'));
  console.log(`the standby took over within ${tookMs} ms of SIGSTOP`);
  expect(pidOf(hotline.instance, 'controller')).toBe(standby);
  expect(identify(hung)).toBeNull();
  await hotline.callIs(waiting, 'waiting');
  expect(hotline.instance.running.output()).not.toContain('callers are connected by Asterisk alone');
  waiting.hangUp();
  await waiting.ended();
  expect((await hotline.ledger.historyOf(waiting.sipCallId)).record.outcome).toBe('abandoned_in_queue');
});

test('a rolling restart and a reload hand over to a standby; after a reload, to one that has read everything anew', async () => {
  const standby = await standbyWaits();
  const tookMs = await takeOver(() => process.kill(pidOf(hotline.instance, 'controller'), 'SIGTERM'));
  console.log(`the standby took over within ${tookMs} ms of SIGTERM`);
  expect(pidOf(hotline.instance, 'controller')).toBe(standby);

  const old = await standbyWaits();
  const supervisor = hotline.instance.running;
  process.kill(supervisor.pid, 'SIGUSR2');
  await until('the centre to be reloaded', () => supervisor.output().includes('✓ centre reloaded'), {
    withinMs: 60_000,
    everyMs: 50,
  });
  expect([standby, old]).not.toContain(pidOf(hotline.instance, 'controller'));
  expect(identify(old)).toBeNull();
});

const standbyWaits = () => waitingStandby(hotline.instance);

/** Does it, and measures how long it takes until another controller can take calls. */
async function takeOver(how: () => void): Promise<number> {
  const before = identify(pidOf(hotline.instance, 'controller'));
  const beganAt = performance.now();
  how();
  await until(
    'another controller to be ready',
    async () => {
      const noted = hotline.instance.running.output() && pidOrNull();
      if (noted === null || noted === before?.pid) return false;
      return (await isReady(hotline.instance.url)) && !(before && isRunning(before));
    },
    { withinMs: 60_000, everyMs: 10, seen: () => hotline.instance.logs() },
  );
  return Math.round(performance.now() - beganAt);
}

function pidOrNull(): number | null {
  try {
    return pidOf(hotline.instance, 'controller');
  } catch {
    // Its note is gone until the standby's takes its place.
    return null;
  }
}
