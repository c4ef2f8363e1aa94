import { afterAll, beforeAll, expect, test } from 'vitest';
import { seeded } from '../support/caller.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { killAndWait } from '../support/kill-part.ts';
import type { SippCall } from '../support/sipp-call.ts';
import { pause } from '../support/until.ts';
import { nothingUnexplained } from '../support/witnesses.ts';
import { brokenBooks, countsAgree } from './books.ts';
import { patientRingSeconds } from './steady-traffic.ts';

const KILLS = 3;
const SEED = Number(process.env.HOTLINE_TEST_SEED ?? Date.now() % 1_000_000);
/** The last moment anything was known of a call, against the moment of the kill. */
const closeMs = 6_000;
let hotline: HotlineAtWork;

beforeAll(async () => {
  hotline = await HotlineAtWork.start({ ringTimeoutSeconds: patientRingSeconds });
});
afterAll(() => hotline?.stop());

test(`Asterisk is killed ${KILLS} times with callers in every stage: each call has one record, closed by us when it died; agents are free`, async () => {
  console.info(`seed ${SEED} (HOTLINE_TEST_SEED=${SEED} repeats these instants)`);
  const random = seeded(SEED);
  for (let kill = 0; kill < KILLS; kill += 1) {
    const from = (caller: number) => `1390000${kill}00${caller}`;
    const talks: SippCall[] = [];
    for (const [caller, agent] of ['1001', '1002'].entries()) {
      const phone = await hotline.ready(agent);
      const call = await hotline.waiting({ from: from(caller) });
      await phone.incoming(15_000);
      await phone.answer();
      await hotline.callIs(call, 'talking');
      talks.push(call);
    }
    const waits = await hotline.waiting({ from: from(2) });
    const listens = await hotline.greeted({ from: from(3) });
    await pause(random() * 2_000);
    const diedAt = Date.now();
    await killAndWait(hotline.instance, 'asterisk', 60_000);

    for (const call of [...talks, waits, listens]) {
      const { record } = await hotline.ledger.historyOf(call.sipCallId, 60_000);
      expect(record).toMatchObject({
        release_party: 'system',
        outcome: talks.includes(call) ? 'answered' : 'failed',
      });
      expect(Math.abs(record.ended_at.getTime() - diedAt), `${record.caller_number} ended`).toBeLessThan(
        closeMs,
      );
    }
    // Callers whose carrier hears nothing any more, and phones that are gone from the registrar.
    await hotline.phones.stopAll();
  }
  const agent = await hotline.ready('1001');
  const next = await hotline.waiting({ from: '13900009999' });
  await agent.incoming(15_000);
  await agent.answer();
  await hotline.callIs(next, 'talking');
  next.hangUp();
  await next.ended();
  expect((await hotline.ledger.historyOf(next.sipCallId, 15_000)).record.outcome).toBe('answered');
  await hotline.nothingLeft({ withinMs: 20_000 });
  expect(await brokenBooks(hotline)).toEqual([]);
  await nothingUnexplained(hotline);
  await countsAgree(hotline);
}, 400_000);
