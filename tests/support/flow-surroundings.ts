import type { Surroundings } from '../../services/ivr/check/surroundings.ts';

const prompts = 'menu info bye closed message rate due paid invalid-key invalid-entry no-input'.split(' ');
const lengths: [string, number][] = [...prompts.map((id): [string, number] => [id, 3_000]), ['long', 40_000]];

/** A small centre for flows of tests: what they may refer to. */
export const smallSurroundings: Surroundings = {
  queues: new Set(['billing', 'sales']),
  skills: new Set(['english']),
  prompts: { 'zh-CN': new Map([...lengths, ['only-chinese', 3_000]]), en: new Map(lengths) },
  hours: new Set(['office']),
  holidays: new Set(['spring-festival']),
  switches: new Set(['surge', 'emergency']),
  lookups: new Map([
    [
      'bill',
      {
        parameters: ['account'],
        results: new Map([
          ['balance', { kind: 'amount' }],
          ['dueDate', { kind: 'date' }],
          ['status', { kind: 'code', codes: ['due', 'paid'] }],
        ]),
      },
    ],
  ]),
  fragments: { 'zh-CN': ['menu'], en: ['menu'] },
  mayDial: (number) => number.startsWith('010'),
};
