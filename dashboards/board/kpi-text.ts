import type { KpiValue } from '../../services/adapters/http/contract/kpi.ts';
import { clockDuration } from '../shared/format/duration.ts';
import { noValue, percent } from '../shared/format/numbers.ts';

/** `92.4%`, `0:12`, or a dash while there is nothing to divide by. */
export function kpiText({ unit, value }: Pick<KpiValue, 'unit' | 'value'>): string {
  if (value === null) return noValue;
  return unit === 'ratio' ? percent(value) : clockDuration(Math.round(value / 1000) * 1000);
}
