import { afterAll, beforeAll, expect, test } from 'vitest';
import { seeded } from '../support/caller.ts';
import { inTheController } from '../support/controller-env.ts';
import { freePortRange } from '../support/free-ports.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { startRunningTime } from '../support/running-time.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { pause, until } from '../support/until.ts';
import { everythingAgrees, everythingIsExplained } from './agreement.ts';
import { chaosSeed, patientRingSeconds, startSteadyTraffic } from './steady-traffic.ts';

const agents = ['1003', '1004', '1005', '1006'];
let hotline: HotlineAtWork;
let ari: TcpProxy;
let ami: TcpProxy;

beforeAll(async () => {
  const asterisk = await freePortRange(3);
  [ari, ami] = await Promise.all([startTcpProxy(asterisk), startTcpProxy(asterisk + 2)]);
  hotline = await HotlineAtWork.start(
    { ringTimeoutSeconds: patientRingSeconds },
    {
      HOTLINE_ASTERISK_HTTP_PORT: String(asterisk),
      ...inTheController({
        HOTLINE_ASTERISK_HTTP_PORT: String(ari.port),
        HOTLINE_AMI_PORT: String(ami.port),
      }),
    },
  );
});
afterAll(async () => {
  await hotline?.stop();
  await Promise.all([ari?.close(), ami?.close()]);
});

async function telephony(): Promise<string> {
  const ready = await fetch(`${hotline.instance.url}/readyz`);
  return ((await ready.json()) as { telephony: string }).telephony;
}

const telephonyIs = (state: 'up' | 'down') =>
  until(`telephony to be ${state}`, async () => (await telephony()) === state, {
    withinMs: 20_000,
    everyMs: 50,
  });

test('the wires between controller and Asterisk are slow, stall and are cut: conversations go on, every call has its record', async () => {
  const seed = chaosSeed();
  const random = seeded(seed + 2);
  const agent = await hotline.ready('1001', { toneHz: 660 });
  const talking = await hotline.waiting({ from: '13900000001', toneHz: 440 });
  await agent.incoming();
  await agent.answer();
  await agent.hears(440);
  const traffic = await startSteadyTraffic(hotline, { seed, agents, calls: 70, callsPerSecond: 1 });
  await until('agents to be busy', () => traffic.talks() >= 3, { withinMs: 30_000 });

  // Slow: up to half a second later, each piece.
  const slowFrom = traffic.talks();
  for (const wire of [ari, ami]) wire.delay(() => random() * 500);
  await until('calls to be served over slow wires', () => traffic.talks() >= slowFrom + 5, {
    withinMs: 60_000,
  });
  await telephonyIs('up');

  // A stall of 2 s is no loss, when there was a sign of life just before; one that a busy machine has made longer may be.
  for (const wire of [ari, ami]) wire.restore();
  await pause(1_000);
  const stalledAt = performance.now();
  for (const wire of [ari, ami]) wire.hold();
  await pause(2_000);
  const stalled = await telephony();
  const stalledMs = Math.round(performance.now() - stalledAt);
  console.info(`telephony ${stalled} after a stall of ${stalledMs} ms`);
  if (stalledMs < 2_500) expect(stalled).toBe('up');
  for (const wire of [ari, ami]) wire.restore();

  // Cut at any moment, one or both, for a moment or some seconds.
  for (let cuts = 0; cuts < 6; cuts += 1) {
    await pause(300 + random() * 2_000);
    const wires = [[ari], [ami], [ari, ami]][Math.floor(random() * 3)] ?? [ari];
    for (const wire of wires) wire.cut();
    await pause(50 + random() * 1_500);
    for (const wire of wires) wire.restore();
  }
  await telephonyIs('up');

  // Dead for 12 s, with every connection still open: longer than the watchdog waits.
  ari.hold();
  const watch = startRunningTime();
  await telephonyIs('down');
  expect(watch.stop()).toBeLessThan(8_000);
  await agent.hears(440);
  expect((await hotline.agent('1001')).state).toBe('on-call');
  await pause(12_000);
  ari.restore();
  await telephonyIs('up');

  await agent.hears(440);
  await talking.media.hears(660);
  const outcomes = await traffic.over();
  talking.hangUp();
  outcomes.push(await talking.ended());
  expect(agent.ringCount).toBe(1);
  await everythingAgrees(hotline, outcomes, [...agents, '1001']);
  const { record } = await hotline.ledger.historyOf(talking.sipCallId);
  expect(record).toMatchObject({ outcome: 'answered', agent: '1001', release_party: 'caller' });
  await everythingIsExplained(hotline);
}, 500_000);
