import { type KpiCounts, noCounts } from './counts.ts';
import { kpiIds } from './kpi.ts';
import { kpiFormulas } from './kpis-of.ts';

/** What two books of counts are compared by: every KPI, and the counts that no KPI is made of. */
export const comparedKpis = [...kpiIds, 'offered', 'ring_time', 'hold_time'] as const;
export type ComparedKpi = (typeof comparedKpis)[number];

/** One KPI of one queue on which two books differ, with what each has for it: numerator and denominator, or a single count. */
export type KpiDifference = {
  queue: string;
  kpi: ComparedKpi;
  live: readonly number[];
  recorded: readonly number[];
};

/** Everything on which the two differ, for these queues; a queue that is missing in a book has counted nothing there. */
export function kpiDifferences(
  queues: Iterable<string>,
  live: ReadonlyMap<string, KpiCounts>,
  recorded: ReadonlyMap<string, KpiCounts>,
): KpiDifference[] {
  const found: KpiDifference[] = [];
  for (const queue of queues) {
    const ours = figuresOf(live.get(queue) ?? noCounts());
    const theirs = figuresOf(recorded.get(queue) ?? noCounts());
    for (const kpi of comparedKpis)
      if (ours[kpi].some((n, i) => n !== theirs[kpi][i]))
        found.push({ queue, kpi, live: ours[kpi], recorded: theirs[kpi] });
  }
  return found;
}

/** How far the two are apart: of counts, how many; of times, milliseconds. Numerator and denominator together, over all queues. */
export function mismatchOf(kpi: ComparedKpi, differences: readonly KpiDifference[]): number {
  return differences
    .filter((one) => one.kpi === kpi)
    .flatMap((one) => one.live.map((n, i) => Math.abs(n - (one.recorded[i] ?? 0))))
    .reduce((sum, apart) => sum + apart, 0);
}

function figuresOf(counts: KpiCounts): Record<ComparedKpi, readonly number[]> {
  const figures: Partial<Record<ComparedKpi, readonly number[]>> = {
    offered: [counts.offered],
    ring_time: [counts.ringMs],
    hold_time: [counts.holdMs],
  };
  for (const { kpi, fraction } of kpiFormulas) {
    const { numerator, denominator } = fraction(counts);
    figures[kpi] = [numerator, denominator];
  }
  return figures as Record<ComparedKpi, readonly number[]>;
}
