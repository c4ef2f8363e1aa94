import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { demoCustomersAreThere } from '../support/demo-customers.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { killAndWait } from '../support/kill-part.ts';
import { NEVER_QUEUED } from '../support/ledger.ts';
import { metricSum } from '../support/metrics-text.ts';
import { flowsFolder } from '../support/read-flows.ts';
import type { KeyPath, SippCall } from '../support/sipp-call.ts';
import { standbyWaits, withStandby } from '../support/standby.ts';
import { until } from '../support/until.ts';

let hotline: HotlineAtWork;

beforeAll(async () => {
  hotline = await HotlineAtWork.start(
    { ringTimeoutSeconds: 15 },
    { HOTLINE_FLOWS: flowsFolder('every-kind'), ...withStandby },
  );
  await demoCustomersAreThere(hotline.instance);
});
afterEach(() => hotline.tidyUp());
afterAll(() => hotline?.stop());

/** An account of the demo data; as long as an entry can be. */
const account = '3100000001';

/** Waits until the caller is at this node of the flow, as the board shows it. */
async function isAt(call: SippCall, node: string, withinMs = 15_000): Promise<void> {
  const callId = await hotline.ledger.callIdOf(call.sipCallId);
  let seen: unknown;
  const probe = async () => {
    seen = (await hotline.live()).calls.find((one) => one.callId === callId)?.node;
    return seen === node;
  };
  try {
    await until(`the caller to be at ${node}`, probe, { withinMs, everyMs: 30, seen: () => seen });
  } catch (error) {
    const told = await hotline.instance.query<Event>(
      `select type, payload from call_event where call_id = $1
          and type in ('FlowNodeEntered', 'DigitPressed', 'MenuAttemptFailed', 'LookupEnded') order by seq`,
      [callId],
    );
    const story = told.map(
      ({ payload: p }) => p.node ?? p.entry ?? p.digit ?? `lookup ${p.result}: ${p.because}`,
    );
    throw new Error(`so far: ${story.join(' → ')}`, { cause: error });
  }
}

type Event = { type: string; payload: Record<string, unknown> };

async function eventsOf(call: SippCall, type: string): Promise<Event['payload'][]> {
  const rows = await hotline.instance.query<Event>(
    'select type, payload from call_event where call_id = $1 and type = $2 order by seq',
    [await hotline.ledger.callIdOf(call.sipCallId), type],
  );
  return rows.map(({ payload }) => payload);
}

async function hangUp(...calls: SippCall[]): Promise<void> {
  for (const call of calls) call.hangUp();
  await Promise.all(calls.map((call) => call.ended()));
}

const recordOf = async (call: SippCall) => (await hotline.ledger.historyOf(call.sipCallId)).record;

test('digits by RFC 4733 and by SIP INFO: looked up in Postgres, said as money, and the caller is served', async () => {
  const served = async (by: KeyPath, keys: string, from: string) => {
    const call = await hotline.greeted({ from });
    await isAt(call, 'main-menu');
    await call.press('2', by);
    await isAt(call, 'ask-account');
    await call.press(keys, by);
    await isAt(call, 'say-bill');
    await isAt(call, 'after-bill');
    await hangUp(call);
    expect(await recordOf(call)).toMatchObject({ ...NEVER_QUEUED, outcome: 'self_served' });
    const [entered, told] = await eventsOf(call, 'FlowValuesSet');
    expect(entered).toMatchObject({ values: { account } });
    expect(told).toMatchObject({ values: { balance: '128.50', standing: 'in-credit' } });
    const [said] = (await eventsOf(call, 'PromptStarted')).filter(({ prompts }) =>
      JSON.stringify(prompts).includes('unit-yuan'),
    );
    expect(said).toMatchObject({
      prompts: ['queue-enter', 'n-100', 'n-20', 'n-8', 'unit-yuan', 'n-5', 'unit-jiao'],
    });
    const ends = await eventsOf(call, 'PromptFinished');
    expect(ends.map(({ result }) => result)).not.toContain('failed');
  };
  await Promise.all([
    served('rfc4733', account, '13900000001'),
    // Thought better of: cleared with *, keyed in anew.
    served('info', `99*${account}`, '13900000002'),
  ]);
});

test('silence, wrong keys and wrong digits lead to a person; early keys count where they may', async () => {
  const caller = (from: string) => hotline.greeted({ from });
  const toAPerson = (call: SippCall) => hotline.callIs(call, 'waiting', 40_000);
  const silent = async () => {
    const call = await caller('13900000003');
    await toAPerson(call);
    return { call, because: ['no-input', 'no-input', 'no-input'] };
  };
  const wrong = async () => {
    const call = await caller('13900000004');
    await isAt(call, 'main-menu');
    await call.press('###');
    await toAPerson(call);
    return { call, because: ['invalid-key', 'invalid-key', 'invalid-key'] };
  };
  const wrongDigits = async () => {
    const call = await caller('13900000005');
    await isAt(call, 'main-menu');
    await call.press('2');
    await isAt(call, 'ask-account');
    for (const digits of ['12#', '0123#', '#']) await call.press(digits);
    await toAPerson(call);
    return { call, because: ['invalid-entry', 'invalid-entry', 'invalid-entry'] };
  };
  /** Into the greeting; into what must be heard, which is not cut short; and then again. */
  const early = async () => {
    const call = await caller('13900000006');
    await call.press('4');
    await isAt(call, 'must-hear');
    await call.press('0', 'info');
    await isAt(call, 'main-menu');
    await call.press('0');
    await toAPerson(call);
    const results = (await eventsOf(call, 'DigitPressed')).map(({ result }) => result);
    expect(results).toEqual(['accepted', 'ignored', 'accepted']);
    return { call, because: [] };
  };
  for (const { call, because } of await Promise.all([silent(), wrong(), wrongDigits(), early()])) {
    expect((await eventsOf(call, 'MenuAttemptFailed')).map((event) => event.because)).toEqual(because);
    await hangUp(call);
    expect(await recordOf(call)).toMatchObject({
      outcome: 'abandoned_in_queue',
      release_party: 'caller',
      queue: 'power-service',
    });
  }
});

test('a hang-up at each node: one record each, with the outcome that it has there', async () => {
  const ways: { node: string; keys?: string; outcome: string }[] = [
    { node: 'welcome', outcome: 'abandoned_in_ivr' },
    { node: 'main-menu', outcome: 'abandoned_in_ivr' },
    { node: 'service-info', keys: '1', outcome: 'abandoned_in_ivr' },
    { node: 'ask-account', keys: '2', outcome: 'abandoned_in_ivr' },
    { node: 'find-bill', keys: `2${account}`, outcome: 'abandoned_in_ivr' },
    { node: 'must-hear', keys: '4', outcome: 'abandoned_in_ivr' },
    { node: 'other-menu', keys: '5', outcome: 'abandoned_in_ivr' },
    { node: 'person-notice', keys: '0', outcome: 'abandoned_in_ivr' },
  ];
  const goes = async ({ node, keys, outcome }: (typeof ways)[number], index: number) => {
    const call = await hotline.greeted({ from: `1390000010${index}` });
    if (keys !== undefined) {
      await isAt(call, 'main-menu');
      for (const key of keys) await call.press(key);
    }
    await isAt(call, node);
    await hangUp(call);
    expect(await recordOf(call), node).toMatchObject({ ...NEVER_QUEUED, outcome, release_party: 'caller' });
  };
  // Four at a time: what is short must be seen on a busy machine too.
  await Promise.all(ways.slice(0, 4).map(goes));
  await Promise.all(ways.slice(4).map((way, index) => goes(way, index + 4)));
});

test('a caller who is refused is let go at once; one who waits may choose something else', async () => {
  const refused = await hotline.phones.dial('95598', { from: '13800000666' });
  await refused.ended();
  expect(await recordOf(refused)).toMatchObject({ outcome: 'blocked', release_party: 'system' });

  const call = await hotline.waiting();
  await hotline.callIs(call, 'waiting');
  await call.press('2');
  await isAt(call, 'main-menu');
  await hangUp(call);
  const { record, visits } = await hotline.ledger.historyOf(call.sipCallId);
  expect(record).toMatchObject({ outcome: 'abandoned_in_ivr', queue: 'power-service' });
  expect(visits).toMatchObject([{ outcome: 'flow_out', flow_out_reason: 'caller-chose', agent: null }]);
  const flowedOut = metricSum(await hotline.instance.metrics(), 'hotline_queue_flow_out_total', {
    queue: 'power-service',
    reason: 'caller-chose',
  });
  expect(flowedOut).toBe(1);
});

test('the agent hangs up first: the caller is asked, the score is kept, and a bad one is for somebody to follow up', async () => {
  const agent = await hotline.ready('1001', { toneHz: 660 });
  const call = await hotline.waiting({ from: '13900000007', toneHz: 440 });
  await agent.incoming(15_000);
  await agent.answer();
  await agent.hears(440);
  await agent.hangUp();
  await isAt(call, 'survey');
  // The conversation is over: the agent takes the next call while the caller is still asked.
  await hotline.agentIs('1001', 'available', 10_000);
  await call.press('5', 'info');
  expect((await call.ended(20_000)).endedBy).toBe('callee');
  expect(await recordOf(call)).toMatchObject({
    outcome: 'answered',
    release_party: 'agent',
    agent: '1001',
    survey_score: 1,
  });
  const tasks = await hotline.instance.query('select kind, queue, agent, number from hotline.task');
  expect(tasks).toMatchObject([
    { kind: 'dissatisfied', queue: 'power-service', agent: '1001', number: '13900000007' },
  ]);
});

test('kill -9 of the controller: a caller keying in and one being asked go on where they were', async () => {
  await standbyWaits(hotline.instance);
  const agent = await hotline.ready('1001', { toneHz: 660 });
  const asked = await hotline.waiting({ toneHz: 440 });
  await agent.incoming(15_000);
  await agent.answer();
  await agent.hears(440);
  const keying = await hotline.greeted({ from: '13900000008' });
  await isAt(keying, 'main-menu');
  await keying.press('2');
  await isAt(keying, 'ask-account');
  await agent.hangUp();
  await isAt(asked, 'survey');
  await keying.press('31');

  await killAndWait(hotline.instance, 'controller');

  await asked.press('1');
  await keying.press(account);
  await isAt(keying, 'after-bill');
  await hangUp(keying);
  await asked.ended(20_000);
  expect(await recordOf(asked)).toMatchObject({
    outcome: 'answered',
    release_party: 'agent',
    survey_score: 5,
  });
  expect(await recordOf(keying)).toMatchObject({ ...NEVER_QUEUED, outcome: 'self_served' });
});
