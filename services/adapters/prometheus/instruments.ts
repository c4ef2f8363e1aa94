import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Instant } from '../../events/instant.ts';
import { type ComparedKpi, comparedKpis } from '../../kpi/compare-counts.ts';
import type { FirstCallRatio } from '../../runtime/first-calls.ts';

/** Every metric we make ourselves, by the names and labels other programs rely on. Base units; never a call id or a number. */
export type Instruments = ReturnType<typeof createInstruments>;

/** How the journal fares, read at every scrape. */
export type JournalSight = { heldInMemory: number; lost: number; usedBytes: number; mostBytes: number };

export type InstrumentOptions = {
  /** undefined when there is no journal, and then not exported. */
  journal?: (() => JournalSight) | undefined;
  /** The queues' service-level thresholds: each gets a bucket edge of its own, so that a ratio can be read off exactly. */
  serviceLevelThresholdsSeconds: readonly number[];
  /** How often the controller had started before on this home; undefined when nobody counts, and then not exported. */
  controllerRestarts?: number | undefined;
  /** Read at every scrape; undefined when nobody reconciles, and then not exported. */
  unexplainedCalls?: (() => number) | undefined;
  /** Read at every scrape; undefined when nobody compares, and then not exported. */
  kpiCheck?: KpiCheckFigures | undefined;
  /** Read at every scrape; undefined when nobody counts them, and then not exported. */
  firstCalls?: (() => readonly FirstCallRatio[]) | undefined;
};

/** What the comparison of the two books of KPIs has come to; null until there has been one. */
export type KpiCheckFigures = {
  mismatch(kpi: ComparedKpi): number | null;
  lastChecked(): { at: Instant } | null;
};

const waitEdges = [1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1200];
const ringEdges = [1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 60];
const workEdges = [5, 10, 15, 30, 60, 90, 120, 180, 240, 300, 450, 600, 900, 1800, 3600];
const holdEdges = [1, 5, 10, 20, 30, 60, 120, 180, 300, 600];
const wrapUpEdges = [1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600];
const requestEdges = [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const connectEdges = [0.001, 0.0025, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export function createInstruments(registry: Registry, options: InstrumentOptions) {
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter<L>({ name, help, labelNames, registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge<L>({ name, help, labelNames, registers });
  const histogram = <L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    edges: readonly number[],
  ) => new Histogram<L>({ name, help, labelNames, buckets: sortedOnce(edges), registers });

  if (options.controllerRestarts !== undefined) {
    counter(
      'hotline_controller_restarts_total',
      'Starts of the controller after its first on this home',
      [],
    ).inc(options.controllerRestarts);
  }
  const { unexplainedCalls } = options;
  if (unexplainedCalls !== undefined) {
    new Gauge({
      name: 'hotline_ledger_unexplained_calls',
      help: "Calls of which only one of our ledger and Asterisk's own account tells, as of the last comparison",
      registers,
      collect() {
        this.set(unexplainedCalls());
      },
    });
  }
  if (options.kpiCheck !== undefined) showKpiCheck(registry, options.kpiCheck);
  if (options.firstCalls !== undefined) showFirstCalls(registry, options.firstCalls);
  if (options.journal !== undefined) showJournal(registers, options.journal);
  return {
    calls: counter('hotline_calls_total', 'Calls that ended, by what became of them', ['hotline', 'outcome']),
    callsActive: gauge('hotline_calls_active', 'Calls now, by where they are', ['hotline', 'stage']),
    nodeVisits: counter('hotline_ivr_node_visits_total', 'Times a call entered a node of a flow', [
      'flow',
      'node',
    ]),
    offered: counter('hotline_queue_offered_total', 'Visits that entered the queue', ['queue']),
    answered: counter('hotline_queue_answered_total', 'Visits an agent answered', ['queue']),
    answeredInThreshold: counter(
      'hotline_queue_answered_in_threshold_total',
      'Visits answered within the service-level threshold of the queue',
      ['queue'],
    ),
    abandoned: counter(
      'hotline_queue_abandoned_total',
      'Visits whose caller gave up; short: before the limit under which it does not count',
      ['queue', 'short'],
    ),
    flowOut: counter('hotline_queue_flow_out_total', 'Visits that the flow took elsewhere', [
      'queue',
      'reason',
    ]),
    callbacks: counter('hotline_callbacks_total', 'Callbacks made, by what came of each attempt', [
      'queue',
      'result',
    ]),
    callbacksOpen: gauge('hotline_callbacks_open', 'Callbacks promised and not done with', ['queue']),
    waiting: gauge('hotline_queue_waiting', 'Callers in the queue now', ['queue']),
    longestWait: gauge(
      'hotline_queue_longest_wait_seconds',
      'Wait so far of the caller who has waited longest; 0 when nobody waits',
      ['queue'],
    ),
    agentsAble: gauge(
      'hotline_queue_agents_able',
      'Agents at work who may serve an ordinary caller of the queue now: what it needs and the reserve are considered',
      ['queue', 'state'],
    ),
    reserveCalledIn: gauge(
      'hotline_queue_reserve_called_in',
      'Whether a lead has called in the reserve of the queue: 1 or 0; what overflow steps do for single callers is not counted',
      ['queue'],
    ),
    wait: histogram(
      'hotline_queue_wait_seconds',
      'Queue entry to answer, abandonment or flow-out; ringing included',
      ['queue', 'outcome'],
      [...waitEdges, ...options.serviceLevelThresholdsSeconds],
    ),
    ring: histogram('hotline_ring_seconds', 'Ringing of phones that were answered', ['queue'], ringEdges),
    talk: histogram(
      'hotline_talk_seconds',
      'Talk of conversations that ended, hold excluded',
      ['queue'],
      workEdges,
    ),
    hold: histogram('hotline_hold_seconds', 'Hold of conversations that ended', ['queue'], holdEdges),
    wrapUp: histogram('hotline_wrap_up_seconds', 'Wrap-up after conversations', ['queue'], wrapUpEdges),
    handle: histogram(
      'hotline_handle_seconds',
      'Talk, hold and wrap-up of finished contacts',
      ['queue'],
      workEdges,
    ),
    survey: counter(
      'hotline_survey_score_total',
      'Callers by the score they gave, 5 very satisfied to 1 very dissatisfied',
      ['queue', 'score'],
    ),
    agents: gauge('hotline_agents', 'Agents of the queue now; one of several queues counts in each', [
      'queue',
      'state',
    ]),
    journalBacklog: gauge('hotline_journal_backlog_events', 'Events that are not in Postgres yet', []),
    nodeConnected: gauge(
      'hotline_controller_node_connected',
      '1 while the controller is connected to this Asterisk node, 0 while it is not',
      ['node'],
    ),
    postgresConnected: gauge(
      'hotline_controller_postgres_connected',
      '1 while the controller reaches Postgres, 0 while it does not',
      [],
    ),
    ariRequest: histogram(
      'hotline_ari_request_seconds',
      'Requests to Asterisk, from sending to the answer or failure',
      ['operation'],
      requestEdges,
    ),
    agentConnect: histogram(
      'hotline_agent_connect_seconds',
      'An agent becomes free while a caller waits, to the INVITE sent to the phone',
      ['queue'],
      connectEdges,
    ),
  };
}

function showKpiCheck(registry: Registry, check: KpiCheckFigures): void {
  new Gauge({
    name: 'hotline_kpi_mismatch',
    help: "How far the day's counters and SQL over the records are apart for this KPI: visits, or milliseconds for times; all queues",
    labelNames: ['kpi'],
    registers: [registry],
    collect() {
      for (const kpi of comparedKpis) {
        const mismatch = check.mismatch(kpi);
        if (mismatch !== null) this.set({ kpi }, mismatch);
      }
    },
  });
  new Gauge({
    name: 'hotline_controller_kpi_checked_timestamp_seconds',
    help: 'When the two books of KPIs were compared last; 0 when not since the start',
    registers: [registry],
    collect() {
      this.set((check.lastChecked()?.at ?? 0) / 1000);
    },
  });
}

function showFirstCalls(registry: Registry, firstCalls: () => readonly FirstCallRatio[]): void {
  new Gauge({
    name: 'hotline_first_call_resolution_ratio',
    help: 'First calls after which the customer did not call again within the window (v1, gross), of those begun in the window before the last; of the last one, provisionally, where there were none',
    labelNames: ['hotline', 'window'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { hotline, window, ratio } of firstCalls()) this.set({ hotline, window }, ratio);
    },
  });
}

function showJournal(registers: Registry[], journal: () => JournalSight): void {
  new Gauge({
    name: 'hotline_journal_held_events',
    help: 'Events kept in memory because the disk refuses them; lost if the controller ends before it takes them',
    registers,
    collect() {
      this.set(journal().heldInMemory);
    },
  });
  new Counter({
    name: 'hotline_journal_lost_events_total',
    help: 'Events lost as far as is known, since this start: damaged on the disk, or no room for them anywhere',
    registers,
    collect() {
      this.reset();
      this.inc(journal().lost);
    },
  });
  new Gauge({
    name: 'hotline_journal_used_bytes',
    help: 'What events and snapshots take in the journal',
    registers,
    collect() {
      this.set(journal().usedBytes);
    },
  });
  new Gauge({
    name: 'hotline_journal_limit_bytes',
    help: 'What events and snapshots may take; beyond it the oldest go',
    registers,
    collect() {
      this.set(journal().mostBytes);
    },
  });
}

const sortedOnce = (edges: readonly number[]): number[] => [...new Set(edges)].sort((a, b) => a - b);
