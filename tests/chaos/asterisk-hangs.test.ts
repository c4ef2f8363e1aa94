import { afterAll, beforeAll, expect, test } from 'vitest';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { isReady } from '../support/is-ready.ts';
import { pidOf } from '../support/kill-part.ts';
import { startRunningTime } from '../support/running-time.ts';
import type { SipPhone } from '../support/sip-phone.ts';
import { until } from '../support/until.ts';
import { everythingAgrees, everythingIsExplained } from './agreement.ts';
import { chaosSeed, serve, startSteadyTraffic } from './steady-traffic.ts';
import { whileStopped } from './stopped.ts';

/** The promise, and what a busy test machine may add to seeing it. */
const noticedWithinMs = 5_000;
const slackMs = 3_000;
const agents = ['1003', '1004', '1005', '1006'];
/** Who talks with 1001 when Asterisk hangs, and would talk on for ever; none of the load's numbers. */
const talker = '13800000001';
/**
 * After 30 s without sound Asterisk may take a phone for gone (rtp_timeout): the talker then comes back to whoever is free, and 1001
 * is free for others, whom this phone serves and leaves as all agents do.
 */
const talksOnWithTheTalker = (phone: SipPhone) => {
  if (phone.log.findLast(({ what }) => what === 'rings')?.from === talker) phone.answerNow();
  else void serve(phone, 300, 1_500);
};
let hotline: HotlineAtWork;

beforeAll(async () => {
  // Shorter than it takes to notice the hang: some phones are given up by a controller that believes in Asterisk still.
  hotline = await HotlineAtWork.start({ ringTimeoutSeconds: 4 });
});
afterAll(() => hotline?.stop());

test('Asterisk hangs for 30 s under traffic: noticed at once, nobody is lost, every call has its record', async () => {
  const agent = await hotline.ready('1001', { toneHz: 660, onRinging: talksOnWithTheTalker });
  const talking = await hotline.waiting({ from: talker, toneHz: 440 });
  await agent.talking(15_000);
  await agent.hears(440);
  const traffic = await startSteadyTraffic(hotline, {
    seed: chaosSeed(),
    agents,
    calls: 50,
    callsPerSecond: 1,
  });
  await until('agents to be busy', () => traffic.talks() >= 3, { withinMs: 30_000 });
  const asterisk = pidOf(hotline.instance, 'asterisk');

  await whileStopped(hotline.instance, 'asterisk', 30_000, async () => {
    const watch = startRunningTime();
    let seen: unknown;
    const noticed = async () => {
      seen = await (await fetch(`${hotline.instance.url}/readyz`)).json();
      return (seen as { telephony: string }).telephony === 'down';
    };
    await until('the loss to be noticed', noticed, { withinMs: 20_000, everyMs: 50, seen: () => seen });
    const noticedMs = watch.stop();
    console.info(`noticed after ${Math.round(noticedMs)} ms`);
    expect(noticedMs).toBeLessThan(noticedWithinMs + slackMs);
    const live = await hotline.live();
    expect(live.nodes).toEqual([{ nodeId: 'n1', connected: false }]);
    expect(live.agents.filter(({ state }) => state === 'available')).toEqual([]);
    await hotline.agentIs('1001', 'on-call');
  });

  await until('Asterisk to be back', () => isReady(hotline.instance.url), {
    withinMs: 20_000,
    everyMs: 50,
  });
  expect(pidOf(hotline.instance, 'asterisk'), 'the same Asterisk').toBe(asterisk);
  const callId = await hotline.ledger.callIdOf(talking.sipCallId);
  // Over is what the other agents' talks soon are.
  const togetherAgain = async () =>
    talking.over ||
    (await hotline.live()).calls.some((one) => one.callId === callId && one.stage === 'talking');
  await until('the caller to talk with an agent again, or still', togetherAgain, { withinMs: 60_000 });
  const outcomes = await traffic.over();
  talking.hangUp();
  const end = await talking.ended();
  outcomes.push(end);
  await everythingAgrees(hotline, outcomes, [...agents, '1001']);
  const { record } = await hotline.ledger.historyOf(talking.sipCallId);
  expect(record.outcome).toBe('answered');
  expect(record.release_party).toBe(end.endedBy === 'callee' ? 'agent' : 'caller');
}, 400_000);

test('an Asterisk that hangs for good is restarted: phones come back, callers are served, its calls are closed as of the hang', async () => {
  // All signed out as well: an Asterisk that is killed may forget that phones have left a moment before.
  await hotline.tidyUp();
  const lost = await hotline.ready('1002');
  const call = await hotline.waiting({ from: '13900000002' });
  await lost.incoming(15_000);
  await lost.answer();
  await hotline.callIs(call, 'talking');
  const asterisk = pidOf(hotline.instance, 'asterisk');
  const hungAt = Date.now();
  process.kill(asterisk, 'SIGSTOP');
  await until(
    'another Asterisk to serve',
    async () => pidOf(hotline.instance, 'asterisk') !== asterisk && (await isReady(hotline.instance.url)),
    { withinMs: 90_000, everyMs: 100, seen: () => hotline.instance.logs() },
  );
  const { record } = await hotline.ledger.historyOf(call.sipCallId, 30_000);
  expect(record).toMatchObject({ outcome: 'answered', release_party: 'system', agent: '1002' });
  expect(Math.abs(record.ended_at.getTime() - hungAt), 'ended when it hung').toBeLessThan(3_000);
  await until('accounts to be back', () => /✓ asterisk is back/.test(hotline.instance.running.output()), {
    withinMs: 20_000,
  });
  await hotline.phones.stopAll();
  const again = await hotline.ready('1002');
  const next = await hotline.waiting({ from: '13900000003' });
  await again.incoming(15_000);
  await again.answer();
  await hotline.callIs(next, 'talking');
  next.hangUp();
  await next.ended();
  await hotline.agentIs('1002', 'available', 10_000);
  await hotline.nothingLeft({ withinMs: 15_000 });
  await everythingIsExplained(hotline);
}, 300_000);
