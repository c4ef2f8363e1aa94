import { settledVisits } from './counts.ts';
import type { KpiFormula } from './kpi.ts';

/** 放弃率: (abandoned − short) ÷ (visits that left − short). Leaving in the menu is not abandoning a queue. */
export const abandonRate: KpiFormula = {
  kpi: 'abandon_rate',
  version: 1,
  level: 'visit',
  unit: 'ratio',
  name: { 'zh-CN': '放弃率', en: 'Abandon rate' },
  text: {
    'zh-CN': '（放弃数 − 短时放弃数）÷（已离开队列数 − 短时放弃数）',
    en: '(Abandoned − short abandoned) ÷ (visits that left the queue − short abandoned)',
  },
  dependsOn: ['shortAbandonMs'],
  fraction: (counts) => ({
    numerator: counts.abandoned - counts.shortAbandoned,
    denominator: settledVisits(counts) - counts.shortAbandoned,
  }),
};
