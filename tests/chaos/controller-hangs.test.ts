import { afterAll, beforeAll, expect, test } from 'vitest';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { isReady } from '../support/is-ready.ts';
import { until } from '../support/until.ts';
import { everythingAgrees, everythingIsExplained } from './agreement.ts';
import { chaosSeed, patientRingSeconds, startSteadyTraffic } from './steady-traffic.ts';
import { whileStopped } from './stopped.ts';

const agents = ['1003', '1004', '1005', '1006'];
let hotline: HotlineAtWork;

beforeAll(async () => {
  hotline = await HotlineAtWork.start({ ringTimeoutSeconds: patientRingSeconds });
});
afterAll(() => hotline?.stop());

test('the controller hangs for 30 s under traffic: conversations go on, callers are served by Asterisk alone, every call has its record', async () => {
  const agent = await hotline.ready('1001', { toneHz: 660 });
  const talking = await hotline.waiting({ from: '13900000001', toneHz: 440 });
  await agent.incoming();
  await agent.answer();
  await agent.hears(440);
  const traffic = await startSteadyTraffic(hotline, {
    seed: chaosSeed(),
    agents,
    calls: 50,
    callsPerSecond: 1,
  });
  await until('agents to be busy', () => traffic.talks() >= 3, { withinMs: 30_000 });

  await whileStopped(hotline.instance, 'controller', 30_000, async () => {
    const before = traffic.talks();
    await agent.hears(440);
    await talking.media.hears(660);
    await until('callers to be served meanwhile', () => traffic.talks() >= before + 3, {
      withinMs: 29_000,
    });
    await agent.hears(440);
  });

  await until('the controller to be back', () => isReady(hotline.instance.url), {
    withinMs: 30_000,
    everyMs: 50,
  });
  await agent.hears(440);
  await hotline.callIs(talking, 'talking');
  const outcomes = await traffic.over();
  talking.hangUp();
  outcomes.push(await talking.ended());
  expect(agent.ringCount).toBe(1);
  await everythingAgrees(hotline, outcomes, [...agents, '1001']);
  const { record } = await hotline.ledger.historyOf(talking.sipCallId);
  expect(record).toMatchObject({ outcome: 'answered', agent: '1001', release_party: 'caller' });
  await everythingIsExplained(hotline);
}, 500_000);
