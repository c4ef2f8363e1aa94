import { type MetricSample, metricSum } from '../support/metrics-text.ts';

/**
 * Reads quantiles off what a Prometheus histogram has gained between two scrapes, its other labels together: the upper edge
 * of the bucket in which the quantile lies, hence "at most". Infinity beyond the last edge; NaN when nothing was gained.
 */
export function quantileOfHistogram(
  before: readonly MetricSample[],
  after: readonly MetricSample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): (q: number) => number {
  const bucket = `${name}_bucket`;
  const edges = [...new Set(after.filter((one) => one.name === bucket).map((one) => one.labels.le ?? ''))]
    .map((le) => ({ edge: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le), le }))
    .sort((a, b) => a.edge - b.edge)
    .map(({ edge, le }) => ({
      edge,
      count: metricSum(after, bucket, { ...labels, le }) - metricSum(before, bucket, { ...labels, le }),
    }));
  const total = edges.at(-1)?.count ?? 0;
  return (q) =>
    total === 0 ? Number.NaN : (edges.find(({ count }) => count >= q * total)?.edge ?? Number.NaN);
}
