import type { KpiFormula } from './kpi.ts';

/** 平均放弃等待时长: how long those waited who gave up; the short ones are included. */
export const averageAbandonWait: KpiFormula = {
  kpi: 'average_abandon_wait',
  version: 1,
  level: 'visit',
  unit: 'ms',
  name: { 'zh-CN': '平均放弃等待时长', en: 'Average wait before abandoning' },
  text: { 'zh-CN': '放弃的等待时长之和 ÷ 放弃数', en: 'Wait of abandoned visits ÷ abandoned' },
  dependsOn: [],
  fraction: (counts) => ({ numerator: counts.waitAbandonedMs, denominator: counts.abandoned }),
};
