/** The value below which a share `q` (0…1) of the samples lies: nearest rank, so always one of them. @throws on none */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const found = sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
  if (found === undefined) throw new Error('no samples were taken');
  return found;
}

/** Samples in short, rounded to `digits`. */
export function spread(samples: readonly number[], digits = 1): Record<string, number> {
  const of = (q: number) => rounded(quantile(samples, q), digits);
  return { samples: samples.length, min: of(0), p50: of(0.5), p90: of(0.9), p99: of(0.99), max: of(1) };
}

/** Slope of the straight line nearest to the points (least squares): units of y for one unit of x. */
export function slope(points: readonly { x: number; y: number }[]): number {
  const mean = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [meanX, meanY] = [mean((p) => p.x), mean((p) => p.y)];
  const covariance = mean((p) => (p.x - meanX) * (p.y - meanY));
  return covariance / mean((p) => (p.x - meanX) ** 2);
}

export function rounded(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}
