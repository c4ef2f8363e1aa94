import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Application } from '../../runtime/application.ts';
import type { FirstCallRatio } from '../../runtime/first-calls.ts';
import { boundedLabel, knownLabel, otherLabel } from './bounded-label.ts';
import { createInstruments, type JournalSight, type KpiCheckFigures } from './instruments.ts';
import { type Labels, recordEvent } from './record-event.ts';
import { showLive } from './show-live.ts';
import { startAtZero } from './start-at-zero.ts';

/** The limits beyond which a label says `other`: far above what flows and Asterisk's API have. */
const nodesMax = 1000;
const operationsMax = 100;

export type MetricsOptions = {
  application: Pick<Application, 'centre' | 'live' | 'health' | 'onEvents'>;
  /** How often the controller had started before on this home; left out, `hotline_controller_restarts_total` is not exported. */
  controllerRestarts?: number | undefined;
  /** Calls of which only our ledger or only Asterisk tells; left out, `hotline_ledger_unexplained_calls` is not exported. */
  unexplainedCalls?: (() => number) | undefined;
  /** The comparison of the two books of KPIs; left out, `hotline_kpi_mismatch` is not exported. */
  kpiCheck?: KpiCheckFigures | undefined;
  /** First calls as counted last; left out, `hotline_first_call_resolution_ratio` is not exported. */
  firstCalls?: (() => readonly FirstCallRatio[]) | undefined;
  /** How the journal fares; left out, its metrics are not exported but for the backlog. */
  journal?: (() => JournalSight) | undefined;
};

export type Metrics = {
  /** The text Prometheus reads. Rejects when the live view cannot be made. */
  text(): Promise<string>;
  /** The Content-Type of `text()`. */
  readonly contentType: string;
  /** One request to Asterisk took this long; `operation` is the API's own name of it, such as `channels.hangup`. */
  observeAriRequest(operation: string, seconds: number): void;
  /** An agent who became free while a caller waited had the INVITE on its way after this long. */
  observeAgentConnect(queue: string, seconds: number): void;
  /** Stops following the application. */
  close(): void;
};

/**
 * Follows the application's events into Prometheus' counters and histograms, and shows its live view as gauges.
 * Counters begin at 0 with the process, as Prometheus expects; subscribe before the application takes calls.
 */
export function createMetrics({
  application,
  controllerRestarts,
  unexplainedCalls,
  kpiCheck,
  firstCalls,
  journal,
}: MetricsOptions): Metrics {
  const { hotlines, queues } = application.centre;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'hotline_controller_' });
  const labels = labelsOf(new Set<string>(hotlines.keys()), new Set<string>(queues.keys()));
  const instruments = createInstruments(registry, {
    serviceLevelThresholdsSeconds: [...queues.values()].map((q) => q.serviceLevelThresholdMs / 1000),
    controllerRestarts,
    unexplainedCalls,
    kpiCheck,
    firstCalls:
      firstCalls && (() => firstCalls().map((one) => ({ ...one, hotline: labels.hotline(one.hotline) }))),
    journal,
  });
  startAtZero(instruments, hotlines.keys(), queues.keys());

  const operation = boundedLabel(operationsMax);
  const unsubscribe = application.onEvents((events) => {
    for (const event of events) recordEvent(instruments, event, labels, (queue) => queues.get(queue));
  });
  return {
    contentType: registry.contentType,
    async text() {
      showLive(instruments, application.live(), application.health(), labels);
      return registry.metrics();
    },
    observeAriRequest: (name, seconds) =>
      instruments.ariRequest.observe({ operation: operation(name) }, seconds),
    observeAgentConnect: (queue, seconds) =>
      instruments.agentConnect.observe({ queue: labels.queue(queue) }, seconds),
    close: unsubscribe,
  };
}

function labelsOf(hotlines: ReadonlySet<string>, queues: ReadonlySet<string>): Labels {
  const hotline = knownLabel(hotlines);
  const pair = boundedLabel(nodesMax);
  return {
    hotline: (id) => (id === null ? 'none' : hotline(id)),
    queue: knownLabel(queues),
    node: (flow, node) =>
      pair(`${flow}\n${node}`) === otherLabel ? { flow: otherLabel, node: otherLabel } : { flow, node },
  };
}
