import { execFileSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { pidOf } from '../support/kill-part.ts';
import { metricSum } from '../support/metrics-text.ts';
import { until } from '../support/until.ts';

let hotline: HotlineAtWork;

beforeAll(async () => {
  hotline = await HotlineAtWork.start();
});
afterEach(async () => {
  diskTakes('unlimited');
  await hotline.tidyUp();
});
afterAll(() => hotline?.stop());

/**
 * A full disk for the controller alone, which any user can make: the kernel refuses its writes behind this many bytes of a file
 * (RLIMIT_FSIZE, setrlimit(2)). SQLite sees what it would see on a disk without room: a write that fails.
 */
function diskTakes(bytes: number | 'unlimited'): void {
  execFileSync('prlimit', [
    '--pid',
    String(pidOf(hotline.instance, 'controller')),
    `--fsize=${bytes}:unlimited`,
  ]);
}

const metric = async (name: string) => metricSum(await hotline.instance.metrics(), name);
const parts = async () =>
  (await (await fetch(`${hotline.instance.url}/readyz`)).json()) as { ready: boolean; journal: string };

test('the disk is full: calls go on, the alarm is raised, and when there is room again no record is missing or double', async () => {
  const agent = await hotline.ready('1001', { toneHz: 660 });
  const talking = await hotline.waiting({ toneHz: 440, from: '13900000001' });
  await agent.incoming();
  await agent.answer();
  await agent.hears(440);

  diskTakes(512);
  const second = await hotline.ready('1002');
  // Nothing reaches Postgres now: what callers and agents notice is all there is to look at.
  const during = await hotline.phones.dial('95598', { from: '13900000002' });
  await during.answered();
  await during.press('0');
  await second.incoming();
  await second.answer();
  await hotline.agentIs('1002', 'on-call');
  await agent.hears(440);
  expect(await metric('hotline_journal_held_events')).toBeGreaterThan(0);
  expect(await parts()).toMatchObject({ ready: true, journal: 'down' });
  talking.hangUp();
  await talking.ended();
  const leaving = await hotline.phones.dial('95598', { from: '13900000003' });
  await leaving.answered();
  leaving.hangUp();
  await leaving.ended();

  diskTakes('unlimited');
  await until('what was held to be written', async () => (await metric('hotline_journal_held_events')) === 0);
  await until('the journal to be well', async () => (await parts()).journal === 'up');
  during.hangUp();
  await during.ended();
  const outcomes = await Promise.all(
    [talking, during, leaving].map(
      async (call) => (await hotline.ledger.historyOf(call.sipCallId)).record.outcome,
    ),
  );
  expect(outcomes).toEqual(['answered', 'answered', 'abandoned_in_ivr']);
  expect(await metric('hotline_journal_lost_events_total')).toBe(0);
  const [stored] = await hotline.instance.query<{ events: string; last: string }>(
    `select count(*) as events, max(seq) - min(seq) + 1 as last from hotline.event`,
  );
  expect(stored?.events, 'every number once').toBe(stored?.last);
});
