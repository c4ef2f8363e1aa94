import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inTheController } from '../support/controller-env.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { killAndWait } from '../support/kill-part.ts';
import { pause } from '../support/until.ts';
import { patientRingSeconds } from './steady-traffic.ts';

const hour = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), 'hotline-clock-'));
const file = join(folder, 'ahead-ms');
const setClock = (aheadMs: number) => writeFileSync(file, String(aheadMs));
let hotline: HotlineAtWork;

beforeAll(async () => {
  setClock(0);
  hotline = await HotlineAtWork.start(
    { ringTimeoutSeconds: patientRingSeconds },
    inTheController({
      NODE_OPTIONS: `--import=${join(import.meta.dirname, '../support/jumping-clock.ts')}`,
      HOTLINE_TEST_CLOCK_FILE: file,
    }),
  );
});
afterAll(async () => {
  await hotline?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("the controller's clock jumps an hour forward and back, across a restart too: calls, waits and records are as ever", async () => {
  const agent = await hotline.ready('1001', { toneHz: 660 });
  const talking = await hotline.waiting({ from: '13900000001', toneHz: 440 });
  await agent.incoming();
  await agent.answer();
  await hotline.callIs(talking, 'talking');
  const talksFrom = Date.now();
  const waiting = await hotline.waiting({ from: '13900000002' });
  const waitsFrom = Date.now();
  const inMenu = await hotline.greeted({ from: '13900000003' });

  for (const aheadMs of [hour, -hour, 0, hour]) {
    setClock(aheadMs);
    await pause(2_500);
    await hotline.callIs(talking, 'talking');
    await hotline.callIs(waiting, 'waiting');
    await agent.hears(440);
  }
  const another = await hotline.phones.phone(hotline.account('1002'));
  await hotline.lead.send('PUT', 'agents/1002/state', { state: 'available' });
  await another.incoming();
  await another.answer();
  await hotline.callIs(waiting, 'talking');
  const waitedMs = Date.now() - waitsFrom;
  for (const call of [waiting, inMenu]) call.hangUp();
  for (const call of [waiting, inMenu]) await call.ended();
  // The wrap-up of a second ends.
  await hotline.agentIs('1002', 'available', 10_000);

  // However long the restart takes: a conversation is left alone by everyone.
  await killAndWait(hotline.instance, 'controller', 90_000);
  await hotline.agentIs('1001', 'on-call');
  await agent.hears(440);
  // Asterisk's own clock has not been set, as it would have been with the machine's: what it tells late must be of our time.
  setClock(0);
  await pause(1_000);
  talking.hangUp();
  await talking.ended();
  const talkedMs = Date.now() - talksFrom;
  await hotline.agentIs('1001', 'available', 10_000);

  const first = await hotline.ledger.historyOf(talking.sipCallId, 15_000);
  const second = await hotline.ledger.historyOf(waiting.sipCallId, 15_000);
  const roughly = (ms: number, expected: number) =>
    expect(Math.abs(ms - expected)).toBeLessThan(expected * 0.06 + 2_000);
  roughly(first.record.talk_ms, talkedMs);
  roughly(second.record.wait_ms, waitedMs);
  for (const call of [talking, waiting, inMenu]) {
    const { record } = await hotline.ledger.historyOf(call.sipCallId, 15_000);
    const { invitedAt, endedAt = 0 } = call.outcome;
    roughly(record.ended_at.getTime() - record.started_at.getTime(), endedAt - invitedAt);
  }
  await hotline.nothingLeft({ withinMs: 10_000 });
}, 180_000);
