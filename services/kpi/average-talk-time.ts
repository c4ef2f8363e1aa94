import type { KpiFormula } from './kpi.ts';

/** 平均通话时长 (ATT). Hold is not talk. */
export const averageTalkTime: KpiFormula = {
  kpi: 'average_talk_time',
  version: 1,
  level: 'visit',
  unit: 'ms',
  name: { 'zh-CN': '平均通话时长', en: 'Average talk time' },
  text: {
    'zh-CN': '通话时长之和 ÷ 已结束通话数（不含保持）',
    en: 'Talk ÷ conversations ended; hold excluded',
  },
  dependsOn: [],
  fraction: (counts) => ({ numerator: counts.talkMs, denominator: counts.handled }),
};
