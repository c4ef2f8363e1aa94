import { abandonRate } from './abandon-rate.ts';
import { answerRate } from './answer-rate.ts';
import { averageAbandonWait } from './average-abandon-wait.ts';
import { averageHandleTime } from './average-handle-time.ts';
import { averageSpeedOfAnswer } from './average-speed-of-answer.ts';
import { averageTalkTime } from './average-talk-time.ts';
import { averageWrapUpTime } from './average-wrap-up-time.ts';
import type { KpiCounts } from './counts.ts';
import { type Kpi, type KpiFormula, type KpiThresholds, ratioOf } from './kpi.ts';
import { serviceLevel } from './service-level.ts';

/** Every KPI of a queue, in the order in which they are shown. */
export const kpiFormulas: readonly KpiFormula[] = [
  serviceLevel,
  answerRate,
  abandonRate,
  averageSpeedOfAnswer,
  averageAbandonWait,
  averageTalkTime,
  averageWrapUpTime,
  averageHandleTime,
];

/**
 * All KPIs of some counts. `thresholds` are those the counts were made with; null for counts summed over queues whose
 * thresholds differ (the label then says so).
 */
export function kpisOf(counts: KpiCounts, thresholds: KpiThresholds | null): Kpi[] {
  return kpiFormulas.map((formula) => {
    const fraction = formula.fraction(counts);
    return {
      kpi: formula.kpi,
      version: formula.version,
      definition: definitionLabel(formula, thresholds),
      level: formula.level,
      value: ratioOf(fraction),
      unit: formula.unit,
      numerator: fraction.numerator,
      denominator: fraction.denominator,
    };
  });
}

/** `T=15s, short<5s`: what a number was made with, beside its version; `per queue` when queues with different ones are summed. */
export function definitionLabel(formula: KpiFormula, thresholds: KpiThresholds | null): string {
  if (thresholds === null) return formula.dependsOn.length > 0 ? 'per queue' : '';
  return formula.dependsOn
    .map((name) => {
      const seconds = `${thresholds[name] / 1000}s`;
      return name === 'serviceLevelThresholdMs' ? `T=${seconds}` : `short<${seconds}`;
    })
    .join(', ');
}

/** The thresholds that all of these share, or null when they differ or there are none. */
export function commonThresholds(all: readonly KpiThresholds[]): KpiThresholds | null {
  const [first, ...others] = all;
  if (first === undefined) return null;
  const same = others.every(
    (t) =>
      t.serviceLevelThresholdMs === first.serviceLevelThresholdMs &&
      t.shortAbandonMs === first.shortAbandonMs,
  );
  return same
    ? { serviceLevelThresholdMs: first.serviceLevelThresholdMs, shortAbandonMs: first.shortAbandonMs }
    : null;
}
