import * as fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { createMetrics, type Metrics } from '../../services/adapters/prometheus/metrics.ts';
import type { EventOf, HotlineEvent } from '../../services/events/events.ts';
import { asId, type FlowId, type NodeName } from '../../services/events/ids.ts';
import { countEvent } from '../../services/kpi/count-event.ts';
import { type KpiCounts, noCounts } from '../../services/kpi/counts.ts';
import type { LiveCall } from '../../services/runtime/live-view.ts';
import { at, goldenStories, journalOf, type Story } from '../support/golden-events.ts';
import { fakeApplication } from '../support/metrics-application.ts';
import { promtool } from '../support/promtool.ts';

/** The names, and with each its labels, that other programs rely on. */
const contract: Record<string, readonly string[]> = {
  hotline_calls_total: ['hotline', 'outcome'],
  hotline_calls_active: ['hotline', 'stage'],
  hotline_ivr_node_visits_total: ['flow', 'node'],
  hotline_queue_offered_total: ['queue'],
  hotline_queue_answered_total: ['queue'],
  hotline_queue_answered_in_threshold_total: ['queue'],
  hotline_queue_abandoned_total: ['queue', 'short'],
  hotline_queue_flow_out_total: ['queue', 'reason'],
  hotline_queue_waiting: ['queue'],
  hotline_queue_longest_wait_seconds: ['queue'],
  hotline_queue_reserve_called_in: ['queue'],
  hotline_queue_agents_able: ['queue', 'state'],
  hotline_queue_wait_seconds: ['queue', 'outcome'],
  hotline_ring_seconds: ['queue'],
  hotline_talk_seconds: ['queue'],
  hotline_hold_seconds: ['queue'],
  hotline_wrap_up_seconds: ['queue'],
  hotline_handle_seconds: ['queue'],
  hotline_agents: ['queue', 'state'],
  hotline_survey_score_total: ['queue', 'score'],
  hotline_callbacks_total: ['queue', 'result'],
  hotline_callbacks_open: ['queue'],
  hotline_journal_backlog_events: [],
  hotline_controller_restarts_total: [],
  hotline_ari_request_seconds: ['operation'],
  hotline_agent_connect_seconds: ['queue'],
  hotline_ledger_unexplained_calls: [],
  hotline_kpi_mismatch: ['kpi'],
  hotline_first_call_resolution_ratio: ['hotline', 'window'],
};

let open: Metrics | undefined;
afterEach(() => {
  open?.close();
  open = undefined;
});
function start(controllerRestarts?: number) {
  const application = fakeApplication();
  const metrics = createMetrics({
    application,
    controllerRestarts,
    unexplainedCalls: () => 0,
    kpiCheck: { mismatch: () => 0, lastChecked: () => null },
    firstCalls: () => [{ hotline: '95598', window: '7d', provisional: false, ratio: 0.75 }],
  });
  open = metrics;
  return { application, metrics };
}

/** Every sample by its name and labels as printed. */
async function samples(metrics: Metrics): Promise<Map<string, number>> {
  const lines = (await metrics.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const cut = line.lastIndexOf(' ');
      return [line.slice(0, cut), Number(line.slice(cut + 1))];
    }),
  );
}
/** Which series moved, and by how much. */
async function changes(metrics: Metrics, act: () => void): Promise<Record<string, number>> {
  const before = await samples(metrics);
  act();
  const moved: Record<string, number> = {};
  for (const [series, value] of await samples(metrics)) {
    const delta = value - (before.get(series) ?? 0);
    if (delta !== 0 && series.startsWith('hotline_') && !series.startsWith('hotline_controller_')) {
      moved[series] = Math.round(delta * 1e6) / 1e6;
    }
  }
  return moved;
}
const withoutBuckets = (moved: Record<string, number>) =>
  Object.fromEntries(Object.entries(moved).filter(([series]) => !series.includes('_bucket{')));

test('a score counts for its queue, also of a caller who spoke with nobody, and of a queue that is gone', async () => {
  const { application, metrics } = start();
  const [template] = journalOf(goldenStories('2026-03-02'));
  if (template === undefined) throw new Error('no golden events');
  const { eventId, seq, at: moment } = template;
  const answered = (queue: string | null, score: number): EventOf<'SurveyAnswered'> => ({
    ...{ eventId, seq, at: moment, type: 'SurveyAnswered', hotline: null, agent: null, score },
    callId: asId('n1-1.1'),
    queue: queue === null ? null : asId(queue),
  });
  const scores = [
    answered('power-service', 5),
    answered('power-service', 1),
    answered(null, 2),
    answered('gone', 3),
  ];
  expect(await changes(metrics, () => application.emit(scores))).toEqual({
    'hotline_survey_score_total{queue="power-service",score="5"}': 1,
    'hotline_survey_score_total{queue="power-service",score="1"}': 1,
    'hotline_survey_score_total{queue="none",score="2"}': 1,
    'hotline_survey_score_total{queue="other",score="3"}': 1,
  });
});

test('the golden day moves exactly these counters', async () => {
  const { application, metrics } = start();
  const moved = await changes(metrics, () => application.emit(journalOf(goldenStories('2026-03-02'))));
  expect(withoutBuckets(moved)).toEqual({
    'hotline_calls_total{hotline="95598",outcome="answered"}': 2,
    'hotline_calls_total{hotline="95598",outcome="abandoned_in_queue"}': 2,
    'hotline_calls_total{hotline="95598",outcome="failed"}': 1,
    'hotline_calls_total{hotline="10050",outcome="answered"}': 1,
    'hotline_ivr_node_visits_total{flow="95598",node="menu"}': 5,
    'hotline_ivr_node_visits_total{flow="10050",node="menu"}': 1,
    'hotline_queue_offered_total{queue="power-service"}': 5,
    'hotline_queue_offered_total{queue="telecom-service"}': 1,
    'hotline_queue_answered_total{queue="power-service"}': 2,
    'hotline_queue_answered_total{queue="telecom-service"}': 1,
    'hotline_queue_answered_in_threshold_total{queue="power-service"}': 1,
    'hotline_queue_answered_in_threshold_total{queue="telecom-service"}': 1,
    'hotline_queue_abandoned_total{queue="power-service",short="true"}': 1,
    'hotline_queue_abandoned_total{queue="power-service",short="false"}': 1,
    'hotline_queue_flow_out_total{queue="power-service",reason="max-wait"}': 1,
    'hotline_queue_wait_seconds_count{queue="power-service",outcome="answered"}': 2,
    'hotline_queue_wait_seconds_sum{queue="power-service",outcome="answered"}': 28,
    'hotline_queue_wait_seconds_count{queue="power-service",outcome="abandoned"}': 2,
    'hotline_queue_wait_seconds_sum{queue="power-service",outcome="abandoned"}': 42,
    'hotline_queue_wait_seconds_count{queue="power-service",outcome="flow_out"}': 1,
    'hotline_queue_wait_seconds_sum{queue="power-service",outcome="flow_out"}': 600,
    'hotline_queue_wait_seconds_count{queue="telecom-service",outcome="answered"}': 1,
    'hotline_queue_wait_seconds_sum{queue="telecom-service",outcome="answered"}': 15,
    'hotline_ring_seconds_count{queue="power-service"}': 2,
    'hotline_ring_seconds_sum{queue="power-service"}': 5,
    'hotline_ring_seconds_count{queue="telecom-service"}': 1,
    'hotline_ring_seconds_sum{queue="telecom-service"}': 5,
    'hotline_talk_seconds_count{queue="power-service"}': 2,
    'hotline_talk_seconds_sum{queue="power-service"}': 90,
    'hotline_talk_seconds_count{queue="telecom-service"}': 1,
    'hotline_talk_seconds_sum{queue="telecom-service"}': 100,
    'hotline_hold_seconds_count{queue="power-service"}': 2,
    'hotline_hold_seconds_sum{queue="power-service"}': 5,
    'hotline_hold_seconds_count{queue="telecom-service"}': 1,
    'hotline_wrap_up_seconds_count{queue="power-service"}': 2,
    'hotline_wrap_up_seconds_sum{queue="power-service"}': 14,
    'hotline_wrap_up_seconds_count{queue="telecom-service"}': 1,
    'hotline_wrap_up_seconds_sum{queue="telecom-service"}': 10,
    'hotline_handle_seconds_count{queue="power-service"}': 2,
    'hotline_handle_seconds_sum{queue="power-service"}': 109,
    'hotline_handle_seconds_count{queue="telecom-service"}': 1,
    'hotline_handle_seconds_sum{queue="telecom-service"}': 110,
  });
});

describe('double books', () => {
  const stories = fc
    .array(
      fc.record({
        waitMs: fc.nat(60_000),
        partMs: fc.nat(300_000),
        kind: fc.constantFrom('answered', 'abandoned', 'flow_out'),
        queue: fc.constantFrom('power-service', 'telecom-service'),
      }),
      { maxLength: 20 },
    )
    .map((all) =>
      all.map((r, i): Story => {
        const base = { call: `n1-${i}`, queue: r.queue, queuedAt: at('2026-03-02T09:00:00+08:00') };
        if (r.kind === 'abandoned') return { ...base, end: { kind: 'abandoned', waitMs: r.waitMs } };
        if (r.kind === 'flow_out')
          return { ...base, end: { kind: 'flow_out', waitMs: r.waitMs, reason: 'queue-full' } };
        const [ringMs, talkMs, holdMs] = [Math.min(r.waitMs, 3_000), r.partMs, r.waitMs];
        const agent = `${2000 + i}`;
        return {
          ...base,
          end: { kind: 'answered', agent, waitMs: r.waitMs, ringMs, talkMs, holdMs, wrapUpMs: 10_000 },
        };
      }),
    );

  test('whatever happens, the counters are what the pure fold counts', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async (all) => {
        const { application, metrics } = start();
        const events = journalOf(all);
        application.emit(events);
        const now = await samples(metrics);
        for (const queue of ['power-service', 'telecom-service']) {
          expect(countsFrom(now, queue)).toEqual(folded(events, queue));
        }
        metrics.close();
      }),
      { numRuns: 30 },
    );
  });
});

function folded(events: readonly HotlineEvent[], queue: string): KpiCounts {
  const thresholds = { serviceLevelThresholdMs: 15_000, shortAbandonMs: 5_000 };
  return events
    .filter((e) => 'queue' in e && e.queue === queue)
    .reduce((counts, e) => countEvent(counts, e, thresholds), noCounts());
}

/** The KPI counts as Prometheus sees them. */
function countsFrom(now: Map<string, number>, queue: string): KpiCounts {
  const get = (name: string, labels = '') =>
    now.get(`hotline_${name}{queue="${queue}"${labels}}`) ?? Number.NaN;
  const ms = (name: string, labels = '') => Math.round(get(`${name}_seconds_sum`, labels) * 1000);
  const short = get('queue_abandoned_total', ',short="true"');
  return {
    offered: get('queue_offered_total'),
    answered: get('queue_answered_total'),
    answeredInThreshold: get('queue_answered_in_threshold_total'),
    abandoned: short + get('queue_abandoned_total', ',short="false"'),
    shortAbandoned: short,
    flowOut: get('queue_flow_out_total', ',reason="queue-full"'),
    waitAnsweredMs: ms('queue_wait', ',outcome="answered"'),
    waitAbandonedMs: ms('queue_wait', ',outcome="abandoned"'),
    ringMs: ms('ring'),
    handled: get('talk_seconds_count'),
    talkMs: ms('talk'),
    holdMs: ms('hold'),
    wrapUpMs: ms('wrap_up'),
    wrappedUp: get('wrap_up_seconds_count'),
    handleMs: ms('handle'),
  };
}

describe('what is exported', () => {
  test('every name and label is the contract’s; the rest is the controller’s own process', async () => {
    const { application, metrics } = start(3);
    application.emit(journalOf(goldenStories('2026-03-02')));
    metrics.observeAriRequest('channels.hangup', 0.004);
    const names = new Set<string>();
    for (const series of (await samples(metrics)).keys()) {
      const name = series.replace(/\{.*/, '');
      const base = name in contract ? name : name.replace(/_(bucket|sum|count)$/, '');
      if (base.startsWith('hotline_controller_') && !(base in contract)) continue;
      names.add(base);
      const labels = [...series.matchAll(/([a-z_]+)="/g)].flatMap(([, label]) =>
        label === 'le' || label === undefined ? [] : [label],
      );
      expect(labels.toSorted(), series).toEqual([...(contract[base] ?? ['not in the contract'])].sort());
    }
    expect([...names].sort()).toEqual(Object.keys(contract).sort());
  });

  test('before the first call every series of a configured hotline and queue is there with 0', async () => {
    const { metrics } = start();
    const now = await samples(metrics);
    expect(now.get('hotline_calls_total{hotline="95598",outcome="answered"}')).toBe(0);
    expect(now.get('hotline_calls_total{hotline="none",outcome="failed"}')).toBe(0);
    expect(now.get('hotline_queue_offered_total{queue="telecom-service"}')).toBe(0);
    expect(now.get('hotline_queue_abandoned_total{queue="power-service",short="true"}')).toBe(0);
    expect(now.get('hotline_queue_flow_out_total{queue="power-service",reason="max-wait"}')).toBe(0);
    expect(now.get('hotline_queue_wait_seconds_count{queue="power-service",outcome="abandoned"}')).toBe(0);
    expect(
      now.get('hotline_queue_wait_seconds_bucket{le="15",queue="power-service",outcome="answered"}'),
    ).toBe(0);
  });

  test('restarts are exported only when somebody counts them', async () => {
    expect((await samples(start().metrics)).has('hotline_controller_restarts_total')).toBe(false);
    open?.close();
    expect((await samples(start(3).metrics)).get('hotline_controller_restarts_total')).toBe(3);
  });

  test('unknown queues and hotlines, and floods of node or operation names, end up in one series', async () => {
    const { application, metrics } = start();
    const [template] = journalOf(goldenStories('2026-03-02'));
    if (template === undefined) throw new Error('no golden events');
    const { eventId, seq, at: when } = template;
    const callId = journalOf(goldenStories('2026-03-02')).flatMap((e) =>
      e.type === 'CallArrived' ? [e.callId] : [],
    )[0];
    if (callId === undefined) throw new Error('no golden call');
    const flood = Array.from({ length: 5_000 }, (_, i): HotlineEvent => {
      const [flow, node] = [asId<FlowId>('95598'), asId<NodeName>(`n${i}`)];
      return { type: 'FlowNodeEntered', callId, flow, flowVersion: 1, node, eventId, seq, at: when };
    });
    application.emit(flood);
    application.emit(
      journalOf(goldenStories('2026-03-02').map((s, i) => ({ ...s, queue: `gone-${i}`, hotline: `h${i}` }))),
    );
    for (let i = 0; i < 1_000; i++) metrics.observeAriRequest(`operation${i}`, 0.001);
    const now = await samples(metrics);
    expect(now.get('hotline_queue_offered_total{queue="other"}')).toBe(6);
    expect(now.get('hotline_calls_total{hotline="other",outcome="answered"}')).toBe(3);
    expect([...now.keys()].filter((s) => s.startsWith('hotline_ivr_node_visits_total'))).toHaveLength(1_001);
    expect([...now.keys()].filter((s) => s.startsWith('hotline_ari_request_seconds_count'))).toHaveLength(
      101,
    );
  });

  test('promtool finds nothing to say about our own metrics', async () => {
    const { application, metrics } = start(0);
    application.emit(journalOf(goldenStories('2026-03-02')));
    metrics.observeAriRequest('channels.hangup', 0.004);
    // The names of the process metrics are prom-client's, and it has its own view on _total.
    const own = (await metrics.text())
      .split('\n')
      .filter((line) => !/^(# (HELP|TYPE) )?hotline_controller_(process|nodejs)_/.test(line))
      .join('\n');
    expect(await promtool(['check', 'metrics'], own)).toEqual({ code: 0, output: '' });
  });
});

test('gauges show what is true at the scrape, and go back to 0', async () => {
  const { application, metrics } = start();
  const call = (hotline: string | null, stage: LiveCall['stage']): LiveCall => ({
    callId: 'n1-1',
    hotline,
    source: 'trunk',
    callerNumber: '13800138000',
    dialledNumber: '95598',
    stage,
    stageSince: application.live().at,
    startedAt: application.live().at,
    queue: null,
    queuedAt: null,
    position: null,
    step: null,
    ringing: [],
    agent: null,
    held: false,
    hold: null,
    consult: null,
    passing: null,
    node: null,
  });
  application.show({
    calls: [call('95598', 'waiting'), call('95598', 'waiting'), call('10050', 'ivr'), call(null, 'closing')],
    queue: { queue: 'power-service', waiting: 2, longestWaitMs: 12_500, available: 3, reserveCalledIn: true },
    journalBacklogEvents: 17,
    nodes: [
      { nodeId: 'n1', connected: true },
      { nodeId: 'n2', connected: false },
    ],
    postgres: 'down',
  });
  const now = await samples(metrics);
  expect(now.get('hotline_calls_active{hotline="95598",stage="waiting"}')).toBe(2);
  expect(now.get('hotline_calls_active{hotline="10050",stage="ivr"}')).toBe(1);
  expect(now.get('hotline_calls_active{hotline="none",stage="closing"}')).toBe(1);
  expect(now.get('hotline_queue_waiting{queue="power-service"}')).toBe(2);
  expect(now.get('hotline_queue_longest_wait_seconds{queue="power-service"}')).toBe(12.5);
  expect(now.get('hotline_queue_reserve_called_in{queue="power-service"}')).toBe(1);
  expect(now.get('hotline_queue_agents_able{queue="power-service",state="free"}')).toBe(3);
  expect(now.get('hotline_queue_agents_able{queue="power-service",state="busy"}')).toBe(1);
  expect(now.get('hotline_agents{queue="power-service",state="available"}')).toBe(3);
  expect(now.get('hotline_journal_backlog_events')).toBe(17);
  expect(now.get('hotline_controller_node_connected{node="n1"}')).toBe(1);
  expect(now.get('hotline_controller_node_connected{node="n2"}')).toBe(0);
  expect(now.get('hotline_controller_postgres_connected')).toBe(0);
  expect(await metrics.text()).not.toContain('13800138000');

  application.show({ calls: [] });
  const later = await samples(metrics);
  expect(later.get('hotline_calls_active{hotline="95598",stage="waiting"}')).toBe(0);
  expect(later.get('hotline_queue_waiting{queue="power-service"}')).toBe(0);
  expect(later.get('hotline_queue_reserve_called_in{queue="power-service"}')).toBe(0);
  expect(later.get('hotline_journal_backlog_events')).toBe(0);
  expect(later.has('hotline_controller_node_connected{node="n2"}')).toBe(false);
  expect(later.get('hotline_controller_postgres_connected')).toBe(1);
});

test('after close, events are not followed any more', async () => {
  const { application, metrics } = start();
  metrics.close();
  application.emit(journalOf(goldenStories('2026-03-02')));
  expect((await samples(metrics)).get('hotline_queue_offered_total{queue="power-service"}')).toBe(0);
});
