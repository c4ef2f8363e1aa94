import { settledVisits } from './counts.ts';
import type { KpiFormula } from './kpi.ts';

/**
 * 人工接通率: 人工接通量 ÷ 人工请求量. Requests are answered + abandoned (short ones too) + flowed out, which in a closed
 * interval is `offered`; callers still waiting are left out, so that a wave of arrivals is not read as failure.
 */
export const answerRate: KpiFormula = {
  kpi: 'answer_rate',
  version: 1,
  level: 'visit',
  unit: 'ratio',
  name: { 'zh-CN': '人工接通率', en: 'Answer rate' },
  text: {
    'zh-CN': '人工接通量 ÷ 人工请求量（接通 + 放弃 + 溢出，不含仍在排队）',
    en: 'Answered ÷ (answered + abandoned + flowed out); callers still waiting are not counted yet',
  },
  dependsOn: [],
  fraction: (counts) => ({ numerator: counts.answered, denominator: settledVisits(counts) }),
};
