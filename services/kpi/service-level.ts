import type { KpiFormula } from './kpi.ts';

/**
 * 及时应答率: answered≤T ÷ (answered + abandoned − short abandoned). Visits that flowed out, and those still waiting,
 * are in neither part. Other houses' variants are in service-level-variants.ts.
 */
export const serviceLevel: KpiFormula = {
  kpi: 'service_level',
  version: 1,
  level: 'visit',
  unit: 'ratio',
  name: { 'zh-CN': '及时应答率', en: 'Service level' },
  text: {
    'zh-CN': 'T 内人工应答数 ÷（人工应答数 + 放弃数 − 短时放弃数）',
    en: 'Answered within T ÷ (answered + abandoned − short abandoned)',
  },
  dependsOn: ['serviceLevelThresholdMs', 'shortAbandonMs'],
  fraction: (counts) => ({
    numerator: counts.answeredInThreshold,
    denominator: counts.answered + counts.abandoned - counts.shortAbandoned,
  }),
};
