import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import type { SippCall } from '../support/sipp-call.ts';
import { loudnessDbfs } from '../support/tone.ts';
import { hearsMusic, voiceOf } from '../support/transfers-at-work.ts';
import { until } from '../support/until.ts';

let hotline: HotlineAtWork;

/** One queue's phones ring briefly: for the test in which nobody answers. */
const ringMs = 3_000;

beforeAll(async () => {
  hotline = await HotlineAtWork.start({
    serving: { 'telecom-service': { ringTimeoutSeconds: ringMs / 1_000 } },
  });
});
afterEach(() => hotline.tidyUp());
afterAll(() => hotline?.stop());

/** The agent who is to be rung first is made available first: idle the longest. */
async function twoAgents(toneHz?: number) {
  const first = await hotline.ready('1001');
  const second = await hotline.ready('1002', toneHz === undefined ? {} : { toneHz });
  return { first, second };
}

async function sinceOf(agent: string): Promise<Date> {
  return new Date((await hotline.agent(agent)).since);
}

test('agent declines: not ready because of it, and the caller is given to the next agent without losing the place', async () => {
  const { first, second } = await twoAgents();
  const since = await sinceOf('1001');
  const call = await hotline.waiting();
  await first.incoming();
  expect(second.ringCount).toBe(0);
  await first.decline();
  expect(await hotline.agentIs('1001', 'not-ready')).toMatchObject({ reason: 'declined' });
  await second.incoming();
  await second.answer();
  await hotline.callIs(call, 'talking');
  call.hangUp();
  await call.ended();
  const { record, visits } = await hotline.ledger.historyOf(call.sipCallId);
  expect(record).toMatchObject({ outcome: 'answered', release_party: 'caller', agent: '1002', hold_ms: 0 });
  expect(visits).toMatchObject([{ outcome: 'answered', agent: '1002', wait_ms: record.wait_ms }]);
  expect(await hotline.ledger.statesOf('1001', since)).toMatchObject([
    { state: 'available' },
    { state: 'ringing', call_id: record.call_id },
    { state: 'not-ready', reason: 'declined', call_id: null, ended_at: null },
  ]);
  expect(first.ringCount).toBe(1);
});

test("agent's phone does not answer: after the ring time not ready, and the next agent's phone rings", async () => {
  const first = await hotline.ready('1001');
  const second = await hotline.ready('1002', { answer: 'auto' });
  const since = await sinceOf('1001');
  const secondSince = await sinceOf('1002');
  const call = await hotline.waiting({ to: '10050' });
  // Its ring is short: who looks late finds it over.
  await until('the first phone to have rung', () => first.ringCount === 1 && first.state === 'idle');
  expect(first.log.at(-1)?.what).toBe('was cancelled');
  expect(await hotline.agentIs('1001', 'not-ready')).toMatchObject({ reason: 'ring-no-answer' });
  await hotline.callIs(call, 'talking');
  await second.hangUp();
  await call.ended();
  const { record, visits } = await hotline.ledger.historyOf(call.sipCallId);
  expect(record).toMatchObject({ outcome: 'answered', release_party: 'agent', agent: '1002' });
  // The ring that was answered counts; the one before it is part of the wait.
  const [, rang] = await hotline.ledger.statesOf('1002', secondSince);
  expect(rang).toMatchObject({ state: 'ringing', call_id: record.call_id });
  expect(record.ring_ms).toBe(Number(rang?.ended_at) - Number(rang?.started_at));
  expect(record.wait_ms).toBeGreaterThanOrEqual(ringMs + record.ring_ms);
  expect(visits).toMatchObject([{ outcome: 'answered', agent: '1002', wait_ms: record.wait_ms }]);
  const states = await hotline.ledger.statesOf('1001', since);
  expect(states).toMatchObject([
    { state: 'available' },
    { state: 'ringing', call_id: record.call_id },
    { state: 'not-ready', reason: 'ring-no-answer', call_id: null, ended_at: null },
  ]);
  expect(Number(states[1]?.ended_at) - Number(states[1]?.started_at)).toBeGreaterThanOrEqual(ringMs);
});

test('agent is gone without unregistering: unreachable by themselves, not rung, and available when the phone is back', async () => {
  const phone = await hotline.ready('1001');
  const since = await sinceOf('1001');
  await phone.kill();
  // OPTIONS every 10 s, given up after 3 s.
  await hotline.agentIs('1001', 'unreachable', 40_000);
  const call = await hotline.waiting();
  await hotline.callIs(call, 'waiting');
  const back = await hotline.phones.phone(hotline.account('1001'));
  await back.incoming();
  await back.answer();
  await hotline.callIs(call, 'talking');
  call.hangUp();
  await call.ended();
  expect(phone.ringCount).toBe(0);
  const { record, visits } = await hotline.ledger.historyOf(call.sipCallId);
  expect(record).toMatchObject({ outcome: 'answered', release_party: 'caller', agent: '1001' });
  expect(visits).toMatchObject([{ outcome: 'answered', agent: '1001' }]);
  const states = await hotline.ledger.statesOf('1001', since);
  expect(states.map(({ state }) => state).filter((state) => state !== 'available')).toEqual([
    'unreachable',
    'ringing',
    'on-call',
    'wrapping-up',
  ]);
});

test("agent's phone vanishes in mid-call: the caller hears the apology, is served first, and the agent ends unreachable", async () => {
  const phone = await hotline.readySoftphone('1001', 660);
  const lost = await hotline.waiting({ from: '13900000001', toneHz: 440 });
  await phone.incoming();
  await phone.answer();
  await Promise.all([phone.hears(440), lost.media.hears(660)]);
  const other = await hotline.waiting({ from: '13900000002' });
  await hotline.callIs(other, 'waiting');
  await phone.kill();

  // Seconds without sound until the phone counts as gone; then the apology, at the head of the queue.
  expect(await hotline.callIs(lost, 'waiting', 40_000)).toMatchObject({ position: 1, node: 'agent-lost' });
  const from = lost.media.recording.lengthMs;
  await until('the apology to be heard', () => {
    const { recording } = lost.media;
    return recording.lengthMs > from + 1_000 && loudnessDbfs(recording.sound(from)) > -40;
  });
  expect(await hotline.callIs(other, 'waiting')).toMatchObject({ position: 2 });
  await hotline.agentIs('1001', 'unreachable', 40_000);
  const next = await hotline.phones.phone({ ...hotline.account('1002'), toneHz: 700, answer: 'auto' });
  await hotline.lead.send('PUT', 'agents/1002/state', { state: 'available' });
  await next.talking();
  await lost.media.hears(700, { sinceMs: lost.media.recording.lengthMs });
  // Before the agent is free again, and would serve this one too.
  await leave(other);
  await next.hangUp();
  await lost.ended();

  const { record, visits } = await hotline.ledger.historyOf(lost.sipCallId);
  expect(record).toMatchObject({ outcome: 'answered', release_party: 'agent', agent: '1002' });
  expect(visits).toMatchObject([
    { outcome: 'answered', agent: '1001', priority: 0 },
    { outcome: 'answered', agent: '1002', priority: 10 },
  ]);
  expect((await hotline.ledger.historyOf(other.sipCallId)).record.outcome).toBe('abandoned_in_queue');
});

test('two agents become free at once: two waiting callers are given to one each', async () => {
  const callers = [
    await hotline.waiting({ from: '13900000001' }),
    await hotline.waiting({ from: '13900000002' }),
  ];
  const agents = await Promise.all(
    ['1001', '1002'].map((id) => hotline.phones.phone({ ...hotline.account(id), answer: 'auto' })),
  );
  await Promise.all(
    ['1001', '1002'].map((id) => hotline.lead.send('PUT', `agents/${id}/state`, { state: 'available' })),
  );
  await Promise.all(agents.map((agent) => agent.talking()));
  await Promise.all(callers.map((call) => hotline.callIs(call, 'talking')));
  await Promise.all(callers.map(leave));
  const histories = await Promise.all(callers.map((call) => hotline.ledger.historyOf(call.sipCallId)));
  expect(histories.map(({ record }) => record.outcome)).toEqual(['answered', 'answered']);
  expect(histories.map(({ record }) => record.agent).sort()).toEqual(['1001', '1002']);
  expect(histories.map(({ visits }) => visits.length)).toEqual([1, 1]);
  expect(agents.map(({ ringCount }) => ringCount)).toEqual([1, 1]);
});

test('agent hangs up: the caller is let go, wrap-up, then available again', async () => {
  const phone = await hotline.ready('1001');
  const since = await sinceOf('1001');
  const call = await hotline.waiting();
  await phone.incoming();
  await phone.answer();
  await hotline.callIs(call, 'talking');
  const talkedFrom = performance.now();
  await until('a word to be said', () => performance.now() - talkedFrom > 500);
  await phone.hangUp();
  const outcome = await call.ended();
  expect(outcome).toMatchObject({ endedBy: 'callee' });
  const { record, visits } = await hotline.ledger.historyOf(call.sipCallId);
  expect(record).toMatchObject({ outcome: 'answered', release_party: 'agent', agent: '1001', hold_ms: 0 });
  expect(visits).toMatchObject([{ outcome: 'answered', agent: '1001', wait_ms: record.wait_ms }]);
  const states = await hotline.ledger.statesOf('1001', since);
  expect(states).toMatchObject([
    { state: 'available', call_id: null },
    { state: 'ringing', call_id: record.call_id },
    { state: 'on-call', call_id: record.call_id },
    { state: 'wrapping-up', call_id: record.call_id },
    { state: 'available', call_id: null, ended_at: null },
  ]);
  const lengthMs = (i: number) => Number(states[i]?.ended_at) - Number(states[i]?.started_at);
  expect(lengthMs(1)).toBe(record.ring_ms);
  expect(lengthMs(2)).toBe(record.talk_ms);
  expect(lengthMs(3)).toBe(record.wrap_up_ms);
  expect(record.talk_ms).toBeGreaterThanOrEqual(500);
});

test('agent holds and resumes: the caller hears music instead, and the hold is kept apart from the talk', async () => {
  const phone = await hotline.ready('1001', { toneHz: 660 });
  const since = await sinceOf('1001');
  const call = await hotline.waiting({ toneHz: 440 });
  await phone.incoming();
  await phone.answer();
  await Promise.all([phone.hears(440), call.media.hears(660)]);
  await phone.hold();
  await hotline.agentIs('1001', 'on-hold');
  const heldFrom = performance.now();
  await hearsMusic({ media: call.media, hz: 440 }, voiceOf(phone));
  const heldMs = performance.now() - heldFrom;
  await phone.resume();
  await hotline.agentIs('1001', 'on-call');
  const { recording } = call.media;
  await Promise.all([phone.hears(440), call.media.hears(660, { sinceMs: recording.lengthMs })]);
  await leave(call);
  const { record } = await hotline.ledger.historyOf(call.sipCallId);
  expect(record).toMatchObject({ outcome: 'answered', release_party: 'caller', agent: '1001' });
  const states = await hotline.ledger.statesOf('1001', since);
  expect(states.map(({ state }) => state)).toEqual([
    'available',
    'ringing',
    'on-call',
    'on-hold',
    'on-call',
    'wrapping-up',
    'available',
  ]);
  const lengthMs = (state: string) =>
    states
      .filter((one) => one.state === state)
      .reduce((sum, { started_at, ended_at }) => sum + Number(ended_at) - Number(started_at), 0);
  expect(record.hold_ms).toBe(lengthMs('on-hold'));
  expect(record.hold_ms).toBeGreaterThanOrEqual(Math.floor(heldMs));
  expect(record.talk_ms).toBe(lengthMs('on-call'));
});

async function leave(call: SippCall): Promise<void> {
  call.hangUp();
  await call.ended();
}
