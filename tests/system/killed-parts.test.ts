import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { killAndWait, pidOf } from '../support/kill-part.ts';
import { metricSum } from '../support/metrics-text.ts';
import { until } from '../support/until.ts';

let hotline: HotlineAtWork;

beforeAll(async () => {
  hotline = await HotlineAtWork.start();
});
afterEach(() => hotline.tidyUp());
afterAll(() => hotline?.stop());

test('the controller is killed: a conversation goes on, a waiting caller keeps the place, a caller in the menu goes on', async () => {
  const agent = await hotline.ready('1001', { toneHz: 660 });
  const talking = await hotline.waiting({ toneHz: 440 });
  await agent.incoming();
  await agent.answer();
  await agent.hears(440);
  const waiting = await hotline.waiting({ from: '13900000002' });
  const inMenu = await hotline.greeted({ from: '13900000003' });
  const others = (['asterisk', 'postgres'] as const).map((part) => pidOf(hotline.instance, part));

  await killAndWait(hotline.instance, 'controller');

  expect((['asterisk', 'postgres'] as const).map((part) => pidOf(hotline.instance, part))).toEqual(others);
  await agent.hears(440);
  await hotline.agentIs('1001', 'on-call');
  await hotline.callIs(talking, 'talking');
  await hotline.callIs(waiting, 'waiting');
  await inMenu.press('0');
  await hotline.callIs(inMenu, 'waiting');
  const line = (await hotline.live()).calls.filter((call) => call.stage === 'waiting');
  expect(line.sort((a, b) => (a.position ?? 0) - (b.position ?? 0)).map((c) => c.callId)).toEqual([
    await hotline.ledger.callIdOf(waiting.sipCallId),
    await hotline.ledger.callIdOf(inMenu.sipCallId),
  ]);

  talking.hangUp();
  await talking.ended();
  await agent.incoming();
  await agent.answer();
  await hotline.callIs(waiting, 'talking');
  for (const call of [waiting, inMenu]) call.hangUp();
  for (const call of [waiting, inMenu]) await call.ended();

  const { record } = await hotline.ledger.historyOf(talking.sipCallId);
  expect(record).toMatchObject({ outcome: 'answered', release_party: 'caller', agent: '1001' });
  expect((await hotline.ledger.historyOf(waiting.sipCallId)).record.outcome).toBe('answered');
  expect((await hotline.ledger.historyOf(inMenu.sipCallId)).record.outcome).toBe('abandoned_in_queue');
  expect(metricSum(await hotline.instance.metrics(), 'hotline_controller_restarts_total')).toBe(1);
});

test('Asterisk is killed: its calls are closed, the agent is free, and the next call is served', async () => {
  const agent = await hotline.ready('1001');
  const lost = await hotline.waiting();
  await agent.incoming();
  await agent.answer();
  await hotline.callIs(lost, 'talking');
  const lostId = await hotline.ledger.callIdOf(lost.sipCallId);

  await killAndWait(hotline.instance, 'asterisk');

  const [closed] = await until('the lost call is closed', async () => {
    const rows = await hotline.instance.query<{ outcome: string; release_party: string }>(
      'select outcome, release_party from call_record where call_id = $1 and ended_at is not null',
      [lostId],
    );
    return rows.length > 0 ? rows : null;
  });
  expect(closed).toMatchObject({ outcome: 'answered', release_party: 'system' });
  await hotline.phones.stopAll();
  const again = await hotline.ready('1001');
  const next = await hotline.waiting();
  await again.incoming();
  await again.answer();
  await hotline.callIs(next, 'talking');
  next.hangUp();
  await next.ended();
});

test('Postgres is killed: calls are served meanwhile, and every record is there afterwards', async () => {
  const agent = await hotline.ready('1001');
  const before = pidOf(hotline.instance, 'postgres');
  process.kill(before, 'SIGKILL');
  const call = await hotline.phones.dial('95598', { from: '13900000009' });
  await call.answered();
  await call.press('0');
  await agent.incoming();
  await agent.answer();
  // Asterisk tells of two legs in any order: the answer must have come before the caller leaves.
  await hotline.agentIs('1001', 'on-call');
  call.hangUp();
  await call.ended();
  const { record } = await hotline.ledger.historyOf(call.sipCallId, 60_000);
  expect(record).toMatchObject({ outcome: 'answered', agent: '1001' });
});
