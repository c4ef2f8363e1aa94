import { expect, test } from 'vitest';
import { ratioOf } from '../bench/figure.ts';
import { quantileOfHistogram } from '../bench/prometheus-histogram.ts';
import { quantile, slope, spread } from '../bench/statistics.ts';
import { parseMetrics } from '../support/metrics-text.ts';

test('a quantile is the sample of that rank, whatever the order they came in', () => {
  const samples = [5, 1, 4, 2, 3];
  expect([0, 0.5, 0.99, 1].map((q) => quantile(samples, q))).toEqual([1, 3, 5, 5]);
  expect(spread(samples)).toEqual({ samples: 5, min: 1, p50: 3, p90: 5, p99: 5, max: 5 });
  expect(() => quantile([], 0.5)).toThrow('no samples');
});

test('the slope of points on a line is the line’s', () => {
  expect(slope([1, 2, 3].map((x) => ({ x, y: 7 - 2 * x })))).toBeCloseTo(-2);
});

test('a ratio of 1 is the budget’s limit, more is a miss, both ways round', () => {
  const figure = { what: 'x', unit: 'ms', value: 30, detail: {} } as const;
  expect(ratioOf({ ...figure, budget: { atMost: 20 } })).toBe(1.5);
  expect(ratioOf({ ...figure, budget: { atLeast: 60 } })).toBe(2);
  expect(ratioOf(figure)).toBeUndefined();
});

test('quantiles of a histogram are those of what was gained between two scrapes', () => {
  const scrape = (fast: number, slow: number) =>
    parseMetrics(
      [`t_bucket{le="0.01"} ${fast}`, `t_bucket{le="0.1"} ${slow}`, `t_bucket{le="+Inf"} ${slow}`].join('\n'),
    );
  const gained = quantileOfHistogram(scrape(0, 100), scrape(98, 200), 't');
  expect([gained(0.5), gained(0.99)]).toEqual([0.01, 0.1]);
  expect(quantileOfHistogram(scrape(1, 1), scrape(1, 1), 't')(0.5)).toBeNaN();
});
