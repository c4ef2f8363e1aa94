import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BaresipPhone } from '../support/baresip.ts';
import { startCall } from '../support/caller.ts';
import { type Instance, startInstance } from '../support/instance.ts';
import { metricSum } from '../support/metrics-text.ts';
import { until } from '../support/until.ts';

/** The promise, and what a busy test machine may add to it. */
const recordWithinMs = 2_000;
const slackMs = 3_000;
let hotline: Instance;
let phone: BaresipPhone;

beforeAll(async () => {
  hotline = await startInstance();
  phone = await hotline.softphone('1001', { toneHz: 660 });
});
afterAll(async () => {
  await phone?.stop();
  await hotline?.stop();
});

type CallRow = {
  call_id: string;
  outcome: string;
  release_party: string;
  queue: string;
  agent: string;
  caller_number: string;
  dialled_number: string;
  hotline: string;
  wait_ms: number;
  ring_ms: number;
  talk_ms: number;
  hold_ms: number;
  started_at: Date;
  ended_at: Date;
};

test('a caller dials 95598, presses 0, talks with an agent on a softphone, and the call is kept everywhere', async () => {
  expect(await phone.dial('*11')).toBe('answered');
  await phone.idle();
  const lead = await hotline.signIn('lead');
  const stateOf1001 = async () => {
    const live = await lead.get<{ agents: { agent: string; state: string }[] }>('live');
    return live.agents.find((a) => a.agent === '1001')?.state;
  };
  await until('agent 1001 is available', async () => (await stateOf1001()) === 'available');

  const { call, stop } = await startCall({ ...hotline.callers, to: '95598', from: '13800138000' });
  try {
    await call.play([{ answer: true }, { tone: 440 }, { wait: 2_000 }]);
    const greeting = call.media.recording;
    await until('the greeting to be heard', () => greeting.packetCount > 50);
    await call.play([{ dtmf: '0', by: 'rfc4733' }]);
    await phone.incoming(40_000);
    expect(await stateOf1001()).toBe('ringing');
    await phone.answer();
    await phone.hears(440, { forMs: 500 });
    await call.play([{ hears: 660 }, { wait: 1_500 }]);
    // As loud as it was said (-8 dBFS), give or take the codec.
    await call.media.hears(660, { forMs: 500, minDbfs: -12, sinceMs: call.media.recording.lengthMs });
    expect(await stateOf1001()).toBe('on-call');
    call.hangUp();
    await call.ended();
  } finally {
    await stop();
  }
  const endedAt = Date.now();
  const [record] = await until('the call record is complete', async () => {
    const rows = await hotline.query<CallRow>(
      'select * from call_record where sip_call_id = $1 and ended_at is not null',
      [call.sipCallId],
    );
    return rows.length > 0 ? rows : null;
  });
  const tookMs = Date.now() - endedAt;
  console.info(`the record was complete ${tookMs} ms after the hang-up`);
  expect(tookMs, 'ms from hang-up to the complete record').toBeLessThan(recordWithinMs + slackMs);
  await phone.idle();
  expect(record).toMatchObject({
    outcome: 'answered',
    release_party: 'caller',
    queue: 'power-service',
    agent: '1001',
    caller_number: '13800138000',
    dialled_number: '95598',
    hotline: '95598',
    hold_ms: 0,
  });
  const visits = await hotline.query('select * from queue_visit where call_id = $1', [record?.call_id]);
  expect(visits).toMatchObject([
    {
      queue: 'power-service',
      outcome: 'answered',
      agent: '1001',
      wait_ms: record?.wait_ms,
      flow_out_reason: null,
    },
  ]);
  const intervals = await hotline.query<{ state: string }>(
    `select state from agent_state_interval where agent = '1001' and call_id = $1 order by started_at`,
    [record?.call_id],
  );
  expect(intervals.map((i) => i.state)).toEqual(['ringing', 'on-call', 'wrapping-up']);

  const metrics = await hotline.metrics();
  expect(metricSum(metrics, 'hotline_calls_total', { hotline: '95598', outcome: 'answered' })).toBe(1);
  expect(metricSum(metrics, 'hotline_queue_offered_total', { queue: 'power-service' })).toBe(1);
  expect(metricSum(metrics, 'hotline_queue_answered_total', { queue: 'power-service' })).toBe(1);
  expect(metricSum(metrics, 'hotline_queue_answered_in_threshold_total', { queue: 'power-service' })).toBe(1);
  expect(metricSum(metrics, 'hotline_talk_seconds_sum', { queue: 'power-service' })).toBeCloseTo(
    (record?.talk_ms ?? 0) / 1_000,
    3,
  );
  const interval = await hotline.query<{ offered: number; answered: number; talk_ms: number }>(
    `select sum(offered)::int as offered, sum(answered)::int as answered, sum(talk_ms)::int as talk_ms
       from kpi_interval where queue = 'power-service'`,
  );
  expect(interval).toEqual([{ offered: 1, answered: 1, talk_ms: record?.talk_ms }]);

  await until(
    'the agent is available again after wrap-up',
    async () => (await stateOf1001()) === 'available',
    { withinMs: 40_000 },
  );
  expect(await hotline.leftInAsterisk()).toEqual({ channels: [], callBridges: [] });
});
