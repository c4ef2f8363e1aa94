import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { identify } from '../../infra/supervisor/process.ts';
import type { LiveSnapshot } from '../../services/adapters/http/contract/live.ts';
import { signInTo } from '../support/api-client.ts';
import { holdPostgres } from '../support/hold-postgres.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { isReady as ready } from '../support/is-ready.ts';
import { pidOf } from '../support/kill-part.ts';
import { type SecondHome, startSecondHome } from '../support/second-home.ts';
import type { SipPhone } from '../support/sip-phone.ts';
import type { SippCall } from '../support/sipp-call.ts';
import { until } from '../support/until.ts';

let hotline: HotlineAtWork;
let second: SecondHome;
/** A conversation that lives through everything, and a caller who waits all the time. */
let agent: SipPhone;
let talking: SippCall;
let waiting: SippCall;

beforeAll(async () => {
  hotline = await HotlineAtWork.start({ ringTimeoutSeconds: 20 });
  second = await startSecondHome(hotline.instance);
  agent = await hotline.ready('1001', { toneHz: 660 });
  talking = await hotline.waiting({ toneHz: 440 });
  await agent.incoming();
  await agent.answer();
  await agent.hears(440);
  waiting = await hotline.waiting({ from: '13900000002' });
  await hotline.callIs(waiting, 'waiting');
});
afterAll(async () => {
  await hotline?.phones.stopAll();
  await second?.stop();
  await hotline?.stop();
});

/** What a standby promises, and what a busy test machine may add to it. */
const takeOverWithinMs = 5_000;
const stopsWithinMs = 1_000;
const slackMs = 3_000;

test('Postgres is away for longer than the lease lasts: nobody takes over, and calls are served', async () => {
  const acting = pidOf(hotline.instance, 'controller');
  const fence = await fenceNow();
  const letPostgresGoOn = holdPostgres(hotline.instance);
  try {
    await pause(4_500);
    expect(await ready(hotline.instance.url)).toBe(true);
    expect(await ready(second.url)).toBe(false);
  } finally {
    letPostgresGoOn();
  }
  const { renewals } = await lease();
  await until(
    'the lease to be renewed for some seconds',
    async () => (await lease()).renewals > renewals + 4,
    { withinMs: 40_000 },
  );
  expect(await fenceNow()).toBe(fence);
  expect(pidOf(hotline.instance, 'controller')).toBe(acting);
  expect(await ready(second.url)).toBe(false);
});

test('the machine of the first dies: the second goes on from Postgres; the conversation goes on, the waiting caller keeps place and time, one who dials meanwhile is served', async () => {
  const before = await callAt(hotline.instance.url, waiting);
  // Its supervisor dies with the machine: it starts nothing anew before it is back.
  process.kill(hotline.instance.running.pid, 'SIGSTOP');
  const beganAt = performance.now();
  process.kill(pidOf(hotline.instance, 'controller'), 'SIGKILL');
  const meanwhile = hotline.phones.dial('95598', { from: '13900000003' });
  await until('the second home to be ready', () => ready(second.url), { withinMs: 60_000, everyMs: 20 });
  const tookMs = Math.round(performance.now() - beganAt);
  console.log(`another home took over within ${tookMs} ms of kill -9`);
  expect(tookMs).toBeLessThan(takeOverWithinMs + slackMs);

  await agent.hears(440);
  await talking.media.hears(660);
  expect(await callAt(second.url, talking)).toMatchObject({ stage: 'talking' });
  expect(await callAt(second.url, waiting)).toMatchObject({
    stage: 'waiting',
    queuedAt: before?.queuedAt ?? 'none',
    position: 1,
  });
  const caller = await meanwhile;
  await caller.answered();
  caller.hangUp();
  await caller.ended();
  await hotline.ledger.historyOf(caller.sipCallId, 10_000);

  // The machine is back: its controller stands by.
  process.kill(hotline.instance.running.pid, 'SIGCONT');
  await until('the first home to stand by', async () => (await roleAt(hotline.instance.url)) === 'standby', {
    withinMs: 60_000,
    everyMs: 50,
  });
});

test('the one that acts hangs for longer than its lease lasts: the other takes over; running on, it stops within a second and has decided nothing', async () => {
  const hung = pidOf(second, 'controller');
  const beganAt = performance.now();
  process.kill(hung, 'SIGSTOP');
  await until('it to stand still', () => stateOf(hung) === 'T', { everyMs: 1 });
  const stoppedAt = Date.now();
  await until('the first home to be ready', () => ready(hotline.instance.url), {
    withinMs: 60_000,
    everyMs: 20,
  });
  console.log(`another home took over within ${Math.round(performance.now() - beganAt)} ms of SIGSTOP`);
  // What it would do now if it did not ask: somebody becomes available, who is to be rung.
  const other = await hotline.phones.phone({ ...hotline.account('1002'), toneHz: 760 });
  const lead = await leadAt(hotline.instance.url);
  expect(await lead.send('PUT', 'agents/1002/state', { state: 'available' })).toMatchObject({ status: 200 });
  await other.incoming();
  // Its supervisor starts no other before we have looked at what this one left.
  process.kill(second.running.pid, 'SIGSTOP');
  try {
    const resumedAt = performance.now();
    process.kill(hung, 'SIGCONT');
    await until('the replaced one to be gone', () => identify(hung) === null, { everyMs: 5 });
    const goneMs = Math.round(performance.now() - resumedAt);
    console.log(`the replaced one was gone ${goneMs} ms after it ran on`);
    expect(goneMs).toBeLessThan(stopsWithinMs + slackMs);
    expect(lastDecisionIn(second.home)).toBeLessThanOrEqual(stoppedAt);
  } finally {
    process.kill(second.running.pid, 'SIGCONT');
  }

  await other.answer();
  await until(
    'the waiting caller to talk',
    async () => (await callAt(hotline.instance.url, waiting))?.stage === 'talking',
  );
  expect(other.ringCount).toBe(1);
  await agent.hears(440);
  await talking.media.hears(660);
  await until('the second home to stand by', async () => (await roleAt(second.url)) === 'standby', {
    withinMs: 60_000,
    everyMs: 50,
  });
});

test('the acting one is stopped in good order: the other acts at once; every call has its one record', async () => {
  const beganAt = performance.now();
  process.kill(pidOf(hotline.instance, 'controller'), 'SIGTERM');
  await until('the second home to be ready', () => ready(second.url), { withinMs: 60_000, everyMs: 20 });
  console.log(`another home took over within ${Math.round(performance.now() - beganAt)} ms of SIGTERM`);
  for (const call of [talking, waiting]) call.hangUp();
  for (const call of [talking, waiting]) await call.ended();
  const { record } = await hotline.ledger.historyOf(talking.sipCallId, 15_000);
  expect(record).toMatchObject({ outcome: 'answered', release_party: 'caller', agent: '1001' });
  const served = await hotline.ledger.historyOf(waiting.sipCallId, 15_000);
  expect(served.record).toMatchObject({ outcome: 'answered', release_party: 'caller', agent: '1002' });
  expect(served.visits).toHaveLength(1);
  const doubles = await hotline.instance.query(
    'select event_id from call_event group by 1 having count(*) > 1',
  );
  expect(doubles).toEqual([]);
  const left = await until('nothing to be left in Asterisk', async () => {
    const { channels, callBridges } = await hotline.instance.leftInAsterisk();
    return channels.length + callBridges.length === 0;
  });
  expect(left).toBe(true);
});

async function roleAt(url: string): Promise<unknown> {
  const answer = await fetch(`${url}/readyz`).catch(() => null);
  return answer === null ? null : ((await answer.json()) as { role?: string }).role;
}

const leadAt = (url: string) => signInTo(url, 'lead', hotline.instance.credentials.users.lead ?? '');

async function callAt(url: string, call: SippCall) {
  const callId = await hotline.ledger.callIdOf(call.sipCallId);
  const { calls } = await (await leadAt(url)).get<LiveSnapshot>('live');
  return calls.find((one) => one.callId === callId);
}

async function lease(): Promise<{ fence: number; renewals: number }> {
  const [row] = await hotline.instance.query<{ fence: number; renewals: number }>(
    'select fence::int, renewals::int from hotline.lease',
  );
  if (!row) throw new Error('there is no lease');
  return row;
}

/** The letter by which Linux tells what a process does (proc(5)): `T` stands still. */
const stateOf = (pid: number): string | undefined =>
  readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '')[0];

const fenceNow = async () => (await lease()).fence;

/** When the newest event in any journal of a home was decided. */
function lastDecisionIn(home: string): number {
  const folder = join(home, 'journal');
  const journals = readdirSync(folder).filter((name) => /^journal\.db(\.superseded-\d+)?$/.test(name));
  const times = journals.map((name) => {
    const db = new DatabaseSync(join(folder, name), { readOnly: true });
    const row = db.prepare(`select max(json_extract(body, '$.at')) as at from event`).get();
    db.close();
    return Number(row?.at ?? 0);
  });
  return Math.max(...times);
}
