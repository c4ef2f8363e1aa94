import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { NEVER_QUEUED } from '../support/ledger.ts';
import type { SipPhone } from '../support/sip-phone.ts';
import { agentNumbers } from '../support/test-centre.ts';
import { loudnessDbfs } from '../support/tone.ts';
import { until } from '../support/until.ts';

let hotline: HotlineAtWork;

beforeAll(async () => {
  hotline = await HotlineAtWork.start();
});
afterEach(() => hotline.tidyUp());
afterAll(() => hotline?.stop());

test('caller hangs up in the greeting: abandoned in the menu, no visit to a queue', async () => {
  const call = await hotline.greeted({ from: '13900000001' });
  call.hangUp();
  const outcome = await call.ended();
  const { record, visits } = await hotline.ledger.historyOf(call.sipCallId);
  expect(record).toMatchObject({
    ...NEVER_QUEUED,
    outcome: 'abandoned_in_ivr',
    release_party: 'caller',
    hotline: '95598',
    caller_number: '13900000001',
    dialled_number: '95598',
    transfers: 0,
  });
  expect(visits).toEqual([]);
  const lastedMs = record.ended_at.getTime() - record.started_at.getTime();
  expect(Math.abs(lastedMs - ((outcome.endedAt ?? 0) - outcome.invitedAt))).toBeLessThan(500);
});

test('caller hangs up while waiting with music: abandoned in the queue, the wait as it was', async () => {
  const call = await hotline.waiting();
  const waitedFrom = performance.now();
  const heard = call.media.recording;
  const from = heard.lengthMs;
  await until('music', () => heard.lengthMs > from + 500 && loudnessDbfs(heard.sound(from + 100)) > -45);
  const waitedMs = performance.now() - waitedFrom;
  call.hangUp();
  await call.ended();
  const { record, visits } = await hotline.ledger.historyOf(call.sipCallId);
  expect(record).toMatchObject({
    ...NEVER_QUEUED,
    outcome: 'abandoned_in_queue',
    release_party: 'caller',
    queue: 'power-service',
    wait_ms: record.wait_ms,
  });
  expect(record.wait_ms).toBeGreaterThanOrEqual(Math.floor(waitedMs));
  expect(visits).toMatchObject([
    { queue: 'power-service', outcome: 'abandoned', flow_out_reason: null, agent: null, priority: 0 },
  ]);
});

test("caller hangs up while the agent's phone rings: it stops, the agent is available at once and has missed nothing", async () => {
  const phone = await hotline.ready('1001');
  const since = new Date((await hotline.agent('1001')).since);
  const call = await hotline.waiting();
  await phone.incoming();
  await hotline.agentIs('1001', 'ringing');
  call.hangUp();
  await call.ended();
  await phone.idle();
  expect(phone.log.at(-1)?.what).toBe('was cancelled');
  const { record, visits } = await hotline.ledger.historyOf(call.sipCallId);
  expect(record).toMatchObject({
    ...NEVER_QUEUED,
    outcome: 'abandoned_in_queue',
    release_party: 'caller',
    queue: 'power-service',
    wait_ms: record.wait_ms,
  });
  expect(visits).toMatchObject([{ outcome: 'abandoned', agent: null }]);
  await hotline.agentIs('1001', 'available');
  await hotline.nothingLeft();
  expect(await hotline.ledger.statesOf('1001', since)).toMatchObject([
    { state: 'available', call_id: null },
    { state: 'ringing', call_id: record.call_id },
    { state: 'available', call_id: null, ended_at: null },
  ]);
});

test('agent answers at the very moment the caller leaves: answered or abandoned, but one of them in every place', async () => {
  const numbers = agentNumbers(6);
  const agents = await Promise.all(numbers.map((id) => hotline.ready(id)));
  const callers = await Promise.all(numbers.map((_, i) => hotline.phones.trunkPhone(`1380000000${i}`)));
  await Promise.all(callers.map(pressZero));
  await Promise.all(agents.map((agent) => agent.incoming()));
  const atOnce = performance.now();
  const left = callers.map((caller, i) => {
    // Which of the two is first on the wire is tried both ways.
    const before = i % 2 === 0 ? caller.hangUp() : null;
    agents[i]?.answerNow();
    return before ?? caller.hangUp();
  });
  await Promise.all([...callers, ...agents].map((phone) => phone.idle()));
  const tookMs = performance.now() - atOnce;
  await Promise.all(left);

  for (const caller of callers) {
    const { record, visits } = await hotline.ledger.historyOf(caller.sipCallId ?? '');
    expect(record).toMatchObject({ release_party: 'caller', queue: 'power-service', hold_ms: 0 });
    expect(visits).toHaveLength(1);
    expect(visits[0]?.agent).toBe(record.agent);
    if (record.outcome === 'answered') {
      expect(visits[0]?.outcome).toBe('answered');
      expect(numbers).toContain(record.agent);
      // It began after the answer, and was over before the agent's phone was told that it is.
      expect(record.talk_ms).toBeLessThanOrEqual(Math.ceil(tookMs));
    } else {
      expect(visits[0]?.outcome).toBe('abandoned');
      expect(record).toMatchObject({ outcome: 'abandoned_in_queue', agent: null, talk_ms: 0, wrap_up_ms: 0 });
    }
  }
  for (const id of numbers) await hotline.agentIs(id, 'available');
});

async function pressZero(caller: SipPhone): Promise<void> {
  expect(await caller.dial('95598')).toBe('answered');
  await hotline.callIs(caller, 'ivr');
  await caller.press('0');
}
