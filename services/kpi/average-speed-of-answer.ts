import type { KpiFormula } from './kpi.ts';

/** 平均应答速度 (ASA). An answer after 0 s counts; abandonments do not. */
export const averageSpeedOfAnswer: KpiFormula = {
  kpi: 'average_speed_of_answer',
  version: 1,
  level: 'visit',
  unit: 'ms',
  name: { 'zh-CN': '平均应答速度', en: 'Average speed of answer' },
  text: {
    'zh-CN': '人工应答的等待时长之和 ÷ 人工应答数（自入队起，含振铃）',
    en: 'Wait of answered visits ÷ answered; from queue entry, ringing included',
  },
  dependsOn: [],
  fraction: (counts) => ({ numerator: counts.waitAnsweredMs, denominator: counts.answered }),
};
