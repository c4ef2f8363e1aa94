import type { KpiFormula } from './kpi.ts';

/** 平均处理时长 (AHT). Only whole contacts: a contact counts when its wrap-up is done. */
export const averageHandleTime: KpiFormula = {
  kpi: 'average_handle_time',
  version: 1,
  level: 'visit',
  unit: 'ms',
  name: { 'zh-CN': '平均处理时长', en: 'Average handle time' },
  text: {
    'zh-CN': '（通话 + 保持 + 案头处理）÷ 已完成处理数',
    en: '(Talk + hold + wrap-up) ÷ contacts finished',
  },
  dependsOn: [],
  fraction: (counts) => ({ numerator: counts.handleMs, denominator: counts.wrappedUp }),
};
