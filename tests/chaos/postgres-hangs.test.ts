import { afterAll, beforeAll, expect, test } from 'vitest';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { pause, until } from '../support/until.ts';
import { everythingAgrees, everythingIsExplained } from './agreement.ts';
import { chaosSeed, patientRingSeconds, startSteadyTraffic } from './steady-traffic.ts';
import { whileStopped } from './stopped.ts';

/** The limit of an answer (services/adapters/http/options.ts), and what a busy test machine may add. */
const answerWithinMs = 10_000 + 5_000;
const agents = ['1003', '1004', '1005', '1006'];
let hotline: HotlineAtWork;

beforeAll(async () => {
  hotline = await HotlineAtWork.start({ ringTimeoutSeconds: patientRingSeconds });
});
afterAll(() => hotline?.stop());

test('Postgres hangs for 30 s under traffic: calls are served as ever, screens and sign-in answer, every call has its record', async () => {
  const { instance } = hotline;
  const traffic = await startSteadyTraffic(hotline, {
    seed: chaosSeed(),
    agents,
    calls: 40,
    callsPerSecond: 1,
  });
  await until('agents to be busy', () => traffic.talks() >= 3, { withinMs: 30_000 });

  await whileStopped(instance, 'postgres', 30_000, async () => {
    const before = traffic.talks();
    const stoppedAt = performance.now();
    // Whoever is signed in stays so and sees live data, also when that has to be asked anew (after 15 s).
    while (performance.now() - stoppedAt < 20_000) {
      const askedAt = performance.now();
      expect((await hotline.live()).agents.length).toBeGreaterThan(0);
      expect(performance.now() - askedAt, 'the board is slow').toBeLessThan(5_000);
      // As often as a lead looks, not as often as a program can: that would slow down the calls that are to be served meanwhile.
      await pause(200);
    }
    const askedAt = performance.now();
    const user = { user: 'lead', password: instance.credentials.users.lead ?? '' };
    const [signIn, list, ready] = await Promise.all([
      fetch(`${instance.url}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: instance.url },
        body: JSON.stringify(user),
      }),
      hotline.lead.send('GET', 'calls'),
      fetch(`${instance.url}/readyz`),
    ]);
    expect(performance.now() - askedAt, 'an answer came too late').toBeLessThan(answerWithinMs);
    expect([signIn.status, list.status, ready.status]).toEqual([503, 503, 200]);
    expect(await ready.json()).toMatchObject({ telephony: 'up', postgres: 'down' });
    expect(traffic.talks(), 'callers are served').toBeGreaterThan(before + 5);
  });

  const outcomes = await traffic.over();
  await everythingAgrees(hotline, outcomes, agents);
  expect(await instance.query('select call_id from call_record where degraded')).toEqual([]);
  await everythingIsExplained(hotline);
}, 500_000);
