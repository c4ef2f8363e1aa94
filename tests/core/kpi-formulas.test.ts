import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addCounts, type KpiCounts, noCounts, settledVisits } from '../../services/kpi/counts.ts';
import { kpiIds, ratioOf } from '../../services/kpi/kpi.ts';
import { commonThresholds, definitionLabel, kpiFormulas, kpisOf } from '../../services/kpi/kpis-of.ts';
import { serviceLevel } from '../../services/kpi/service-level.ts';
import {
  answeredOnly,
  awsConnect,
  ciscoIgnore,
  ciscoNegative,
  ciscoPositive,
  genesys,
  type ServiceLevelCounts,
  type ServiceLevelVariant,
} from '../../services/kpi/service-level-variants.ts';

const house = { serviceLevelThresholdMs: 15_000, shortAbandonMs: 5_000 };
const visits = (counts: Partial<ServiceLevelCounts>): ServiceLevelCounts => ({
  answered: 0,
  answeredInThreshold: 0,
  abandoned: 0,
  abandonedInThreshold: 0,
  shortAbandoned: 0,
  flowOut: 0,
  flowOutInThreshold: 0,
  ...counts,
});
/** Per cent with two decimals, half up, as the sources print it. */
const percent = (variant: ServiceLevelVariant, counts: ServiceLevelCounts): string => {
  const ratio = ratioOf(variant.fraction(counts));
  return ratio === null ? 'none' : (Math.round(ratio * 10_000) / 100).toFixed(2);
};
const kpi = (counts: Partial<KpiCounts>, id: string) =>
  kpisOf({ ...noCounts(), ...counts }, house).find((k) => k.kpi === id);

describe('published service-level vectors', () => {
  // 70 answered in T, 10 abandoned in T, 20 over T.
  const cisco = visits({ answered: 90, answeredInThreshold: 70, abandoned: 10, abandonedInThreshold: 10 });
  test.each([
    [ciscoIgnore, '77.78'],
    [ciscoNegative, '70.00'],
    [ciscoPositive, '80.00'],
  ])('Cisco $id', (variant, expected) => expect(percent(variant, cisco)).toBe(expected));

  const callCentreHelper = visits({
    answered: 1000,
    answeredInThreshold: 860,
    abandoned: 60,
    abandonedInThreshold: 20,
    shortAbandoned: 10,
  });
  test.each([
    [awsConnect, '83.02'],
    [answeredOnly, '86.00'],
    [ciscoNegative, '81.13'],
    [ciscoIgnore, '82.69'],
    [genesys({ includeShortAbandons: false, includeFlowOuts: false }), '81.90'],
  ])('Call Centre Helper as $id', (variant, expected) =>
    expect(percent(variant, callCentreHelper)).toBe(expected),
  );

  const statServer = visits({ answered: 300, answeredInThreshold: 200, abandoned: 100, shortAbandoned: 50 });
  test('Genesys Stat Server: 200 ÷ (300 + 100 − 50)', () =>
    expect(percent(genesys({ includeShortAbandons: false, includeFlowOuts: false }), statServer)).toBe(
      '57.14',
    ));
  test('the Genesys switches add short abandonments and flow-outs to the denominator', () => {
    const counts = { ...statServer, flowOut: 100 };
    expect(percent(genesys({ includeShortAbandons: true, includeFlowOuts: false }), counts)).toBe('50.00');
    expect(percent(genesys({ includeShortAbandons: true, includeFlowOuts: true }), counts)).toBe('40.00');
  });
  test('ours agrees with the vectors that share its definition', () => {
    expect(kpi(callCentreHelper, 'service_level')?.value).toBeCloseTo(0.819048, 6);
    expect(kpi(statServer, 'service_level')?.value).toBeCloseTo(0.571429, 6);
  });
});

describe('a queue with every kind of visit', () => {
  const counts: KpiCounts = {
    offered: 12,
    answered: 6,
    answeredInThreshold: 4,
    abandoned: 4,
    shortAbandoned: 2,
    flowOut: 1,
    waitAnsweredMs: 60_000,
    waitAbandonedMs: 40_000,
    ringMs: 18_000,
    handled: 5,
    talkMs: 500_000,
    holdMs: 50_000,
    wrapUpMs: 40_000,
    wrappedUp: 4,
    handleMs: 480_000,
  };
  test.each([
    ['service_level', 4, 8, 0.5],
    ['answer_rate', 6, 11, 6 / 11],
    ['abandon_rate', 2, 9, 2 / 9],
    ['average_speed_of_answer', 60_000, 6, 10_000],
    ['average_abandon_wait', 40_000, 4, 10_000],
    ['average_talk_time', 500_000, 5, 100_000],
    ['average_wrap_up_time', 40_000, 4, 10_000],
    ['average_handle_time', 480_000, 4, 120_000],
  ])('%s is %d ÷ %d', (id, numerator, denominator, value) =>
    expect(kpi(counts, id)).toMatchObject({ numerator, denominator, value, version: 1, level: 'visit' }),
  );
});

test('nothing counted: every value is null, none is NaN', () => {
  const kpis = kpisOf(noCounts(), house);
  expect(kpis.map((k) => k.kpi)).toEqual([...kpiIds]);
  expect(kpis.every((k) => k.value === null && k.denominator === 0)).toBe(true);
});

test('only short abandonments: no service level, not 0 %', () => {
  expect(kpi({ offered: 3, abandoned: 3, shortAbandoned: 3 }, 'service_level')?.value).toBeNull();
});

test('every KPI says what it means in both languages, and what it was made with', () => {
  for (const formula of kpiFormulas) {
    expect(formula.name['zh-CN']).not.toBe('');
    expect(formula.text['zh-CN']).not.toBe('');
    expect(formula.name.en).not.toBe('');
    expect(formula.text.en).not.toBe('');
  }
  expect(definitionLabel(serviceLevel, house)).toBe('T=15s, short<5s');
  expect(definitionLabel(serviceLevel, null)).toBe('per queue');
  expect(kpi({}, 'answer_rate')?.definition).toBe('');
});

test('thresholds are common only when all queues share them', () => {
  expect(commonThresholds([])).toBeNull();
  expect(commonThresholds([house, { ...house }])).toEqual(house);
  expect(commonThresholds([house, { ...house, shortAbandonMs: 3_000 }])).toBeNull();
});

/** Counts such as a run of events can make. */
const counts = fc
  .record({
    inThreshold: fc.nat(1000),
    late: fc.nat(1000),
    short: fc.nat(1000),
    longAbandoned: fc.nat(1000),
    flowOut: fc.nat(1000),
    waiting: fc.nat(1000),
    sumMs: fc.nat(1_000_000),
  })
  .map(
    (n): KpiCounts => ({
      ...noCounts(),
      offered: n.inThreshold + n.late + n.short + n.longAbandoned + n.flowOut + n.waiting,
      answered: n.inThreshold + n.late,
      answeredInThreshold: n.inThreshold,
      abandoned: n.short + n.longAbandoned,
      shortAbandoned: n.short,
      flowOut: n.flowOut,
      waitAnsweredMs: n.sumMs,
      handled: n.inThreshold + n.late,
      talkMs: n.sumMs,
    }),
  );

describe('identities', () => {
  test('ratios lie between 0 and 1, and are null exactly when their denominator is 0', () => {
    fc.assert(
      fc.property(counts, (c) => {
        for (const k of kpisOf(c, house)) {
          expect(k.value === null).toBe(k.denominator === 0);
          if (k.unit === 'ratio' && k.value !== null) {
            expect(k.value).toBeGreaterThanOrEqual(0);
            expect(k.value).toBeLessThanOrEqual(1);
          }
        }
      }),
    );
  });
  test('answered + abandoned + flowed out = all that left, so their shares add up to one', () => {
    fc.assert(
      fc.property(counts, (c) => {
        const settled = settledVisits(c);
        fc.pre(settled > 0);
        const answerRate = kpisOf(c, house).find((k) => k.kpi === 'answer_rate')?.value ?? 0;
        expect(answerRate + c.abandoned / settled + c.flowOut / settled).toBeCloseTo(1, 12);
      }),
    );
  });
  test('the variants are ordered: negative ≤ ours ≤ ignore ≤ positive, when short ends before T', () => {
    fc.assert(
      fc.property(counts, fc.nat(100), (c, alsoInThreshold) => {
        const v = visits({
          ...c,
          abandonedInThreshold: Math.min(c.abandoned, c.shortAbandoned + alsoInThreshold),
        });
        const values = [
          ciscoNegative,
          genesys({ includeShortAbandons: false, includeFlowOuts: false }),
          ciscoIgnore,
          ciscoPositive,
        ];
        const ratios = values.map((variant) => ratioOf(variant.fraction(v))).filter((r) => r !== null);
        for (const [i, ratio] of ratios.entries())
          expect(ratio).toBeGreaterThanOrEqual((ratios[i - 1] ?? 0) - 1e-12);
      }),
    );
  });
  test('adding counts, then dividing = dividing the summed parts', () => {
    fc.assert(
      fc.property(counts, counts, (a, b) => {
        const sum = kpisOf(addCounts(a, b), house);
        const [ka, kb] = [kpisOf(a, house), kpisOf(b, house)];
        for (const [i, k] of sum.entries()) {
          expect(k.numerator).toBe((ka[i]?.numerator ?? 0) + (kb[i]?.numerator ?? 0));
          expect(k.denominator).toBe((ka[i]?.denominator ?? 0) + (kb[i]?.denominator ?? 0));
        }
      }),
    );
  });
});
