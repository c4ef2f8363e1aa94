import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import type { SippCall } from '../support/sipp-call.ts';
import { until } from '../support/until.ts';

let hotline: HotlineAtWork;

/** Two who know bills, one of the reserve; and a small team whose phones all ring at once. */
beforeAll(async () => {
  hotline = await HotlineAtWork.start({
    agents: 6,
    queuesOf: (agent) => [agent <= '1003' ? 'power-service' : 'telecom-service'],
    abilities: {
      '1001': { skills: { billing: 2 } },
      '1002': { skills: { billing: 4 } },
      '1003': { reserve: true },
    },
    serving: {
      'power-service': {
        // For the test in which nobody answers; in the others phones answer by themselves.
        ringTimeoutSeconds: 3,
        strategy: 'best-skill',
        prefers: 'billing',
        sticky: { waitSeconds: 0, withinHours: 1 },
        overflow: [
          { afterSeconds: 6, widen: { reserve: true } },
          { afterSeconds: 20, leave: { queue: 'telecom-service' } },
        ],
      },
      'telecom-service': { strategy: 'ring-all', ringAllAtMost: 3 },
    },
  });
});
afterEach(() => hotline.tidyUp());
afterAll(() => hotline?.stop());

/** Who was rung for a call, and why, as "1001: longest idle of 2". */
async function rung(call: SippCall): Promise<string[]> {
  const rows = await hotline.instance.query<{ payload: { agent: string; because: string } }>(
    `select payload from call_event where call_id = $1 and type = 'AgentRingRequested' order by seq`,
    [await hotline.ledger.callIdOf(call.sipCallId)],
  );
  return rows.map(({ payload }) => `${payload.agent}: ${payload.because}`);
}

async function leaves(call: SippCall) {
  call.hangUp();
  await call.ended();
  return hotline.ledger.historyOf(call.sipCallId);
}

test('the best at it is rung; who does not answer is not ready, and the next best is rung', async () => {
  const lower = await hotline.ready('1001');
  const best = await hotline.ready('1002');
  const call = await hotline.waiting({ from: '13900000001' });
  await best.incoming();
  expect(lower.ringCount).toBe(0);
  await lower.incoming();
  await lower.answer();
  await hotline.callIs(call, 'talking');
  expect(await hotline.agentIs('1002', 'not-ready')).toMatchObject({ reason: 'ring-no-answer' });
  const { record, visits } = await leaves(call);
  expect(record).toMatchObject({ outcome: 'answered', agent: '1001' });
  expect(visits).toMatchObject([{ queue: 'power-service', outcome: 'answered', agent: '1001' }]);
  expect(await rung(call)).toEqual(['1002: best at billing (4) of 2', '1001: best at billing (2) of 1']);
});

test('the agent who helped this caller last is rung, though another is better', async () => {
  const lower = await hotline.ready('1001', { answer: 'auto' });
  const first = await hotline.waiting({ from: '13900000002' });
  await hotline.callIs(first, 'talking');
  await leaves(first);
  await hotline.agentIs('1001', 'available');
  const best = await hotline.ready('1002', { answer: 'auto' });
  const again = await hotline.waiting({ from: '13900000002' });
  await hotline.callIs(again, 'talking');
  expect((await leaves(again)).record).toMatchObject({ outcome: 'answered', agent: '1001' });
  expect(await rung(again)).toEqual(['1001: last helped this caller']);
  expect([lower.ringCount, best.ringCount]).toEqual([2, 0]);
});

test('a phone unregisters while callers wait: it is not rung, and whoever is ready next has the first of them', async () => {
  const gone = await hotline.ready('1001');
  await gone.unregister();
  await hotline.agentIs('1001', 'unreachable');
  const first = await hotline.waiting({ from: '13900000003' });
  const second = await hotline.waiting({ from: '13900000004' });
  await hotline.callIs(second, 'waiting');
  await hotline.phones.phone({ ...hotline.account('1002'), answer: 'auto' });
  await hotline.agentCanBeRung('1002');
  await hotline.lead.send('PUT', 'agents/1002/state', { state: 'available' });
  await hotline.callIs(first, 'talking');
  await hotline.callIs(second, 'waiting');
  expect((await leaves(first)).record).toMatchObject({ outcome: 'answered', agent: '1002' });
  await hotline.callIs(second, 'talking');
  await leaves(second);
  expect(gone.ringCount).toBe(0);
});

test('the reserve is rung when the wait has come so far, or when a lead has called it in', async () => {
  await hotline.ready('1003', { answer: 'auto' });
  const waits = await hotline.waiting({ from: '13900000005' });
  await hotline.callIs(waits, 'talking');
  expect((await leaves(waits)).record.wait_ms).toBeGreaterThanOrEqual(6_000);
  expect(await rung(waits)).toEqual([
    '1003: best at billing (0) of 1; overflow step 1 after 6 s; of the reserve',
  ]);
  await hotline.agentIs('1003', 'available');

  const reserve = (on: boolean) => hotline.lead.send('PUT', 'queues/power-service/reserve', { on });
  expect(await reserve(true)).toMatchObject({ status: 200 });
  const queue = (await hotline.live()).queues.find((one) => one.queue === 'power-service');
  expect(queue?.reserve).toMatchObject({ agents: 1, available: 1, calledIn: { by: 'lead' } });
  const next = await hotline.waiting({ from: '13900000006' });
  await hotline.callIs(next, 'talking');
  expect((await leaves(next)).record).toMatchObject({ outcome: 'answered', agent: '1003' });
  expect(await rung(next)).toEqual(['1003: best at billing (0) of 1; of the reserve']);
  expect(await reserve(false)).toMatchObject({ status: 200 });
});

test('nobody comes in one queue: on to the other, where all three phones ring, one answers, the others stop and nobody has missed a call', async () => {
  const phones = [await hotline.ready('1004'), await hotline.ready('1005'), await hotline.ready('1006')];
  const [one, two, three] = phones as [(typeof phones)[0], (typeof phones)[0], (typeof phones)[0]];
  const call = await hotline.waiting({ from: '13900000007', toneHz: 440 });
  await Promise.all(phones.map((phone) => phone.incoming(60_000)));
  await two.answer();
  await hotline.callIs(call, 'talking');
  await two.hears(440);
  await Promise.all([one.idle(), three.idle()]);
  for (const phone of [one, three]) {
    expect(phone.log.at(-1)?.what).toBe('was cancelled');
    expect(phone.cancelledBecause).toMatch(/completed elsewhere/i);
  }
  await Promise.all([hotline.agentIs('1004', 'available'), hotline.agentIs('1006', 'available')]);
  const { record, visits } = await leaves(call);
  expect(record).toMatchObject({ outcome: 'answered', agent: '1005' });
  expect(visits).toMatchObject([
    { queue: 'power-service', outcome: 'flow_out', flow_out_reason: 'overflow' },
    { queue: 'telecom-service', outcome: 'answered', agent: '1005' },
  ]);
  expect((await rung(call)).toSorted()).toEqual(
    ['1004', '1005', '1006'].map((agent) => `${agent}: rings all of 3`),
  );
  const ends = await hotline.instance.query<{ agent: string; result: string }>(
    `select agent, payload->>'result' as result from call_event where call_id = $1 and type = 'AgentRingEnded' order by agent`,
    [record.call_id],
  );
  expect(ends).toEqual([
    { agent: '1004', result: 'answered-elsewhere' },
    { agent: '1005', result: 'answered' },
    { agent: '1006', result: 'answered-elsewhere' },
  ]);
  // Every leg is explained by Asterisk's own account, too.
  await until('the ledger to agree with Asterisk', async () => {
    const { books } = await hotline.live();
    return books.unexplainedCalls === 0;
  });
});
