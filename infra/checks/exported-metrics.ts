import { collectDefaultMetrics, Registry } from 'prom-client';
import { createInstruments } from '../../services/adapters/prometheus/instruments.ts';
import type { Selector } from './promql.ts';

/** Every series name that can be asked for, with the labels it has; null when a rule's labels are not known here. */
export type KnownMetrics = ReadonlyMap<string, readonly string[] | null>;

/** What the controller exports, histograms by the names of their parts. `up` is Prometheus' own. */
export function exportedMetrics(): Map<string, readonly string[] | null> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'hotline_controller_' });
  createInstruments(registry, {
    serviceLevelThresholdsSeconds: [],
    controllerRestarts: 0,
    unexplainedCalls: () => 0,
    firstCalls: () => [],
    journal: () => ({ heldInMemory: 0, lost: 0, usedBytes: 0, mostBytes: 0 }),
    kpiCheck: { mismatch: () => 0, lastChecked: () => null },
  });
  const known = new Map<string, readonly string[] | null>([['up', []]]);
  for (const metric of registry.getMetricsAsArray()) {
    // prom-client's types leave out what every metric carries.
    const labels =
      'labelNames' in metric && Array.isArray(metric.labelNames) ? metric.labelNames.map(String) : [];
    known.set(metric.name, labels);
    if (String(metric.type) !== 'histogram') continue;
    known.delete(metric.name);
    known.set(`${metric.name}_sum`, labels);
    known.set(`${metric.name}_count`, labels);
    known.set(`${metric.name}_bucket`, [...labels, 'le']);
  }
  return known;
}

/** Labels that Prometheus adds to every series it scrapes. */
const targetLabels = ['job', 'instance'];

/** One text per metric nobody exports, and per label it does not have. */
export function selectorProblems(selectors: readonly Selector[], known: KnownMetrics): string[] {
  return selectors.flatMap(({ metric, labels }) => {
    const has = known.get(metric);
    if (has === undefined) return [`asks for ${metric}, which nobody exports or records`];
    if (has === null) return [];
    return labels
      .filter((label) => !has.includes(label) && !targetLabels.includes(label))
      .map((label) => `asks ${metric} for the label ${label}, which it does not have`);
  });
}
