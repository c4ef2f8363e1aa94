import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, onTestFailed, test } from 'vitest';
import { homeFolders } from '../../infra/parts/files.ts';
import type { CallOutcome } from '../support/call-outcome.ts';
import { dayThatLasts } from '../support/day-that-lasts.ts';
import { holdControllerDown } from '../support/held-down.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { killAndWait, pidOf } from '../support/kill-part.ts';
import type { RecordRow } from '../support/ledger.ts';
import { metricSum } from '../support/metrics-text.ts';
import type { SipPhone } from '../support/sip-phone.ts';
import type { SippCall } from '../support/sipp-call.ts';
import { until } from '../support/until.ts';
import { nothingUnexplained } from '../support/witnesses.ts';

/** Our times against those of the SIP side. */
const closeMs = 500;
let hotline: HotlineAtWork;

beforeAll(async () => {
  hotline = await HotlineAtWork.start({}, dayThatLasts());
});
afterEach(() => hotline.tidyUp());
afterAll(() => hotline?.stop());

test('before, during and after an outage of the controller: every call has one record, as the SIP side saw it, and nothing is unexplained', async () => {
  onTestFailed(() => console.error(whatWasSaid()));
  const calls: SippCall[] = [];
  const kept = (call: SippCall): SippCall => {
    calls.push(call);
    return call;
  };
  const hangsUp = async (call: SippCall): Promise<CallOutcome> => {
    call.hangUp();
    return call.ended();
  };

  const beganAt = new Date();
  // Before: one answered, one that leaves.
  const first = await hotline.ready('1001');
  const answeredBefore = kept(await hotline.waiting({ from: '13900000001' }));
  await first.incoming();
  await first.answer();
  await hotline.callIs(answeredBefore, 'talking');
  const leftBefore = kept(await hotline.waiting({ from: '13900000002' }));
  await hangsUp(leftBefore);
  const leavesWaiting = kept(await hotline.waiting({ from: '13900000003' }));
  const staysWaiting = kept(await hotline.waiting({ from: '13900000004' }));
  const leavesMenu = kept(await hotline.greeted({ from: '13900000005' }));

  // During: some leave by themselves, some come, some are taken over by Asterisk.
  const outage = await holdControllerDown(hotline.instance);
  const leftWaiting = await hangsUp(leavesWaiting);
  await hangsUp(leavesMenu);
  await hangsUp(answeredBefore);
  const newcomer = kept(await hotline.phones.dial('95598', { from: '13900000006' }));
  // Until it is known that the controller stays away, callers wait some seconds for it.
  await newcomer.answered();
  const second = await signedInByPhone('1002');
  await second.incoming();
  await second.answer();
  await first.idle();
  await whoAnswers([first, second]);
  const impatient = kept(await hotline.phones.dial('95598', { from: '13900000007' }));
  await impatient.answered();
  await inFallbackQueue(3);
  await hangsUp(impatient);
  const misdialled = kept(await hotline.phones.dial('12345', { from: '13900000008' }));
  await misdialled.ended();
  await hangsUp(newcomer);
  // Whichever of the two callers came into Asterisk's queue first was served by the second agent.
  const [server, ...rest] = await until(
    'one agent to be left in a conversation',
    () => {
      const busy = [first, second].filter(({ state }) => state !== 'idle');
      return busy.length === 1 ? busy : null;
    },
    { withinMs: 40_000 },
  );
  if (server === undefined || rest.length > 0) throw new Error('one agent is left');
  const other = server === first ? second : first;
  await outage.release();

  // After: what Asterisk serves goes on, and new calls come the normal way.
  await server.hangUp();
  await staysWaiting.ended();
  await hotline.agentIs('1001', 'available', 40_000);
  const answeredAfter = kept(await hotline.waiting({ from: '13900000009' }));
  await whoAnswers([first, second]);
  await hotline.callIs(answeredAfter, 'talking');
  await hangsUp(answeredAfter);

  const records = new Map<SippCall, RecordRow & { degraded: boolean }>();
  for (const call of calls) records.set(call, await recordAsSeen(call));
  const of = (call: SippCall) => records.get(call);
  const alone = { degraded: true };
  const normal = { degraded: false };
  expect(of(answeredBefore)).toMatchObject({
    ...normal,
    outcome: 'answered',
    agent: '1001',
    release_party: 'caller',
  });
  expect(of(leftBefore)).toMatchObject({ ...normal, outcome: 'abandoned_in_queue', release_party: 'caller' });
  expect(of(leavesWaiting)).toMatchObject({
    ...normal,
    outcome: 'abandoned_in_queue',
    release_party: 'caller',
  });
  expect(of(leavesMenu)).toMatchObject({ ...normal, outcome: 'abandoned_in_ivr', release_party: 'caller' });
  expect(of(staysWaiting)).toMatchObject({
    ...alone,
    outcome: 'answered',
    agent: server.user,
    release_party: 'agent',
  });
  expect(of(newcomer)).toMatchObject({
    ...alone,
    outcome: 'answered',
    agent: other.user,
    release_party: 'caller',
  });
  expect(of(impatient)).toMatchObject({ ...alone, outcome: 'abandoned_in_queue', release_party: 'caller' });
  expect(of(misdialled)).toMatchObject({
    ...alone,
    outcome: 'failed',
    release_party: 'system',
    hotline: null,
  });
  expect(of(answeredAfter)).toMatchObject({ ...normal, outcome: 'answered', release_party: 'caller' });

  const [visit] = await visitsOf(of(leavesWaiting));
  const waitedMs = (leftWaiting.endedAt ?? 0) - (visit?.queued_at.getTime() ?? 0);
  expect(Math.abs((visit?.wait_ms ?? 0) - waitedMs)).toBeLessThan(closeMs);
  expect((await visitsOf(of(staysWaiting))).map(({ outcome }) => outcome)).toEqual(['flow_out', 'answered']);

  await kpisAgree();
  await conversationsStandInStates(beganAt);
  await countedOnce();
  await killAndWait(hotline.instance, 'controller');
  await nothingUnexplained(hotline);
  await kpisAgree();
  for (const call of calls) await recordAsSeen(call);
}, 400_000);

test('the controller hangs for a while: who left or came meanwhile is recorded with the times of the SIP side', async () => {
  onTestFailed(() => console.error(whatWasSaid()));
  const agent = await hotline.ready('1001');
  const talks = await hotline.waiting({ from: '13900000010' });
  await agent.incoming();
  await agent.answer();
  await hotline.callIs(talks, 'talking');
  const waits = await hotline.waiting({ from: '13900000011' });
  const controller = pidOf(hotline.instance, 'controller');
  process.kill(controller, 'SIGSTOP');
  // First, before it is noticed that nobody answers and this caller is taken to the fallback too.
  waits.hangUp();
  await waits.ended();
  const comes = await hotline.phones.dial('95598', { from: '13900000012' });
  await inFallbackQueue(1);
  comes.hangUp();
  await comes.ended();
  talks.hangUp();
  await talks.ended();
  process.kill(controller, 'SIGCONT');
  expect(await recordAsSeen(talks)).toMatchObject({ outcome: 'answered', release_party: 'caller' });
  expect(await recordAsSeen(waits)).toMatchObject({ outcome: 'abandoned_in_queue', degraded: false });
  expect(await recordAsSeen(comes)).toMatchObject({ outcome: 'abandoned_in_queue', degraded: true });
  await kpisAgree();
}, 240_000);

test('Asterisk dies while the controller is away, with a caller only it knew of: the call is recorded as failed', async () => {
  onTestFailed(() => console.error(whatWasSaid()));
  // With nobody signed in, Asterisk's queue would let the caller go at once.
  await hotline.ready('1001');
  const outage = await holdControllerDown(hotline.instance);
  const call = await hotline.phones.dial('95598', { from: '13900000013' });
  await call.answered();
  await inFallbackQueue(1);
  const asterisk = pidOf(hotline.instance, 'asterisk');
  const diedAt = Date.now();
  process.kill(asterisk, 'SIGKILL');
  await until('another Asterisk', () => pidOf(hotline.instance, 'asterisk') !== asterisk, {
    withinMs: 60_000,
  });
  await outage.release();
  const { record } = await hotline.ledger.historyOf(call.sipCallId, 60_000);
  expect(record).toMatchObject({ outcome: 'failed', release_party: 'system', degraded: true });
  expect(Math.abs(record.started_at.getTime() - call.outcome.invitedAt)).toBeLessThan(closeMs);
  expect(Math.abs(record.ended_at.getTime() - diedAt)).toBeLessThan(10_000);
}, 240_000);

/** Exactly one record of the INVITE, with the times that the SIP side saw. */
async function recordAsSeen(call: SippCall): Promise<RecordRow & { degraded: boolean }> {
  const { record } = await hotline.ledger.historyOf(call.sipCallId, 40_000);
  const { invitedAt, endedAt } = call.outcome;
  expect(Math.abs(record.started_at.getTime() - invitedAt), `${record.caller_number} began`).toBeLessThan(
    closeMs,
  );
  expect(Math.abs(record.ended_at.getTime() - (endedAt ?? 0)), `${record.caller_number} ended`).toBeLessThan(
    closeMs,
  );
  return record as RecordRow & { degraded: boolean };
}

async function visitsOf(record: RecordRow | undefined) {
  return hotline.instance.query<{ queued_at: Date; wait_ms: number; outcome: string }>(
    'select * from queue_visit where call_id = $1 order by queued_at',
    [record?.call_id],
  );
}

/** For a failure: the two accounts, and what the controller said of them. */
function whatWasSaid(): string {
  const { home } = hotline.instance;
  const controller = readFileSync(join(home, 'logs', 'controller.log'), 'utf8').split('\n');
  const account = readFileSync(join(homeFolders(home).asteriskCel, 'cel.csv'), 'utf8');
  return [...controller.filter((line) => !line.includes('"msg":"request"')), account].join('\n');
}

/**
 * Every conversation, also one that Asterisk connected alone, is an interval of its agent, who was never in two states at once.
 */
async function conversationsStandInStates(since: Date): Promise<void> {
  const missing = await hotline.instance.query(
    `select c.call_id, c.agent, c.answered_at, c.ended_at
       from agent_conversation c
      where not exists (select from agent_state_interval i
                         where i.agent = c.agent and i.call_id = c.call_id and i.state = 'on-call'
                           and i.started_at = c.answered_at and i.ended_at = c.ended_at)`,
  );
  expect(missing).toEqual([]);
  // Of 1002, who signed in for the first time while we were away, nothing is known from between the calls.
  const states = await hotline.ledger.statesOf('1001', since);
  expect(states.map(({ state }) => state)).toContain('on-call');
  const twice = await hotline.instance.query(
    `select a.agent, a.state, a.started_at, b.state as other, b.started_at as other_at
       from agent_state_interval a join agent_state_interval b
         on a.agent = b.agent and (a.started_at, a.interval_id) < (b.started_at, b.interval_id)
        and coalesce(a.ended_at, 'infinity') > b.started_at and coalesce(b.ended_at, 'infinity') > b.started_at`,
  );
  expect(twice).toEqual([]);
}

/** What ended since the controller's start, Asterisk's calls included, is counted in Prometheus: once. */
async function countedOnce(): Promise<void> {
  const samples = await hotline.instance.metrics();
  const ended = await hotline.instance.query<{ outcome: string; calls: number }>(
    `select payload ->> 'outcome' as outcome, count(*)::int as calls
       from call_event
      where type = 'CallEnded' and seq > (select max(seq) from call_event where type = 'ControllerStarted')
      group by 1`,
  );
  expect(ended.reduce((sum, { calls }) => sum + calls, 0)).toBeGreaterThanOrEqual(5);
  for (const { outcome, calls } of ended)
    expect([outcome, metricSum(samples, 'hotline_calls_total', { outcome })]).toEqual([outcome, calls]);
}

/** The first of these whose phone rings answers. */
async function whoAnswers(phones: readonly SipPhone[]): Promise<SipPhone> {
  const ringing = () => phones.find((phone) => phone.state === 'ringing');
  const phone = await until('a phone to ring', ringing, { withinMs: 60_000 });
  await phone.answer();
  return phone;
}

async function signedInByPhone(id: string): Promise<SipPhone> {
  const phone = await hotline.phones.phone({ ...hotline.account(id) });
  expect(await phone.dial('*11')).toBe('answered');
  await phone.idle();
  return phone;
}

/** Waits until so many callers wait in Asterisk's own queue or are with an agent of it. */
async function inFallbackQueue(count: number): Promise<void> {
  let seen: unknown;
  const probe = async () => {
    const channels = await hotline.instance.channels();
    seen = channels.map(({ name, dialplan }) => `${name} ${dialplan.context} ${dialplan.app_name}`);
    return channels.filter(({ dialplan }) => dialplan.app_name === 'Queue').length >= count;
  };
  await until(`${count} callers in Asterisk's queue`, probe, {
    withinMs: 60_000,
    everyMs: 50,
    seen: () => seen,
  });
}

/** The counts of the live board are those of the view that is made of the records. */
async function kpisAgree(): Promise<void> {
  let seen: unknown;
  const probe = async () => {
    const live = (await hotline.live()).overall.countsToday;
    const [sql] = await hotline.instance.query<Record<string, number>>(
      `select sum(offered)::int as offered, sum(answered)::int as answered, sum(abandoned)::int as abandoned,
              sum(short_abandoned)::int as "shortAbandoned", sum(flow_out)::int as "flowOut",
              sum(wait_answered_ms)::int as "waitAnsweredMs", sum(wait_abandoned_ms)::int as "waitAbandonedMs",
              sum(ring_ms)::int as "ringMs", sum(handled)::int as handled, sum(talk_ms)::int as "talkMs",
              sum(wrapped_up)::int as "wrappedUp", sum(handle_ms)::int as "handleMs"
         from kpi_interval`,
    );
    seen = { live, sql };
    return (
      sql !== undefined && Object.entries(sql).every(([name, n]) => live[name as keyof typeof live] === n)
    );
  };
  await until('the board and SQL to agree', probe, {
    withinMs: 40_000,
    everyMs: 200,
    seen: () => JSON.stringify(seen),
  });
}
