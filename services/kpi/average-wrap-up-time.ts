import type { KpiFormula } from './kpi.ts';

/** 平均案头处理时长. Over the contacts whose wrap-up is done, so that one under way does not pull the mean down. */
export const averageWrapUpTime: KpiFormula = {
  kpi: 'average_wrap_up_time',
  version: 1,
  level: 'visit',
  unit: 'ms',
  name: { 'zh-CN': '平均案头处理时长', en: 'Average wrap-up time' },
  text: { 'zh-CN': '案头处理时长之和 ÷ 已完成案头处理数', en: 'Wrap-up ÷ wrap-ups finished' },
  dependsOn: [],
  fraction: (counts) => ({ numerator: counts.wrapUpMs, denominator: counts.wrappedUp }),
};
