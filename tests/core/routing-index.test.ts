import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instant } from '../../services/events/instant.ts';
import { Lines } from '../../services/routing/lines.ts';
import { MarkSets } from '../../services/routing/mark-sets.ts';
import { MaskedTree } from '../../services/routing/masked-tree.ts';
import { RoutingIndex } from '../../services/routing/routing-index.ts';
import { NaiveRouter } from '../support/naive-router.ts';
import { anyHistory, anyPlans, type Known, tell } from '../support/routing-histories.ts';
import { seeded } from '../support/seeded.ts';

describe('the routing index', () => {
  test('decides after any history what its specification decides, which looks at everything (property)', () => {
    let decisions = 0;
    fc.assert(
      fc.property(anyPlans, anyHistory, (plans, history) => {
        const index = new RoutingIndex(plans);
        const naive = new NaiveRouter(plans);
        const known: Known = { agents: new Set(), visits: new Set() };
        let at = 0;
        for (const { passMs, does } of history) {
          at += passMs;
          tell([index, naive], known, plans, does, at);
          for (let rounds = 0; rounds < 20; rounds++) {
            const decision = index.next(instant(at));
            const expected = naive.next(instant(at));
            expect(decision && { visitId: decision.visitId, agents: decision.agents }).toEqual(expected);
            if (!decision) break;
            decisions++;
            for (const router of [index, naive]) {
              router.visitOffered(decision.visitId, false);
              for (const agent of decision.agents) router.agentBusy(agent);
            }
          }
        }
      }),
      { numRuns: 400 },
    );
    expect(decisions).toBeGreaterThan(500);
  });

  test('asked twice, it answers the same: a question changes nothing (property)', () => {
    fc.assert(
      fc.property(anyPlans, anyHistory, (plans, history) => {
        const index = new RoutingIndex(plans);
        const known: Known = { agents: new Set(), visits: new Set() };
        let at = 0;
        for (const { passMs, does } of history) {
          at += passMs;
          tell([index], known, plans, does, at);
          const first = index.next(instant(at));
          for (const visit of known.visits) index.whyWaiting(`v${visit}` as never, instant(at));
          expect(index.next(instant(at))).toEqual(first);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('a tree with marks', () => {
  const items = fc.array(
    fc.record({
      item: fc.integer({ min: 1, max: 200 }),
      key: fc.nat({ max: 20 }),
      marks: fc.uniqueArray(fc.nat({ max: 95 }), { maxLength: 3 }),
    }),
    { maxLength: 150, size: 'max' },
  );

  test('finds the first with one of the marks asked for, whatever was added and removed (property)', () => {
    fc.assert(
      fc.property(
        items,
        fc.uniqueArray(fc.nat({ max: 95 }), { minLength: 1, maxLength: 5 }),
        (all, wanted) => {
          const marksOf = new MarkSets(3);
          const tree = new MaskedTree(marksOf);
          const there = new Map<number, { item: number; key: number; marks: number[] }>();
          for (const one of all) {
            if (there.delete(one.item)) tree.remove(one.item);
            else {
              there.set(one.item, one);
              marksOf.replace(one.item, one.marks);
              tree.add(one.item, one.key, 0, `n${one.item}`);
            }
            const sorted = [...there.values()].sort(
              (a, b) => a.key - b.key || (`n${a.item}` < `n${b.item}` ? -1 : 1),
            );
            const having = (marks: readonly number[]) =>
              sorted.filter((x) => x.marks.some((m) => marks.includes(m)));
            const [mark = 0] = wanted;
            expect(tree.size).toBe(there.size);
            for (const one of wanted) expect(tree.firstWithMark(one)).toBe(having([one])[0]?.item ?? 0);
            expect(tree.firstFewWith(mark, 3)).toEqual(
              having([mark])
                .slice(0, 3)
                .map((x) => x.item),
            );
          }
        },
      ),
    );
  });

  test.each([100, 1_000, 10_000])('of %i items is no higher than a few times the logarithm', (count) => {
    const random = seeded(count);
    const marks = new MarkSets(1);
    const tree = new MaskedTree(marks);
    for (let item = 1; item <= count; item++) marks.mark(item, 0);
    // In order of time, as callers join: the worst order for a tree that is not balanced.
    for (let item = 1; item <= count; item++) tree.add(item, item, 0, `v-${item}`);
    for (let n = 0; n < count; n++) {
      const item = 1 + Math.floor(random() * count);
      tree.remove(item);
      tree.add(item, count + n, 0, `v-${item}`);
    }
    expect(tree.height()).toBeLessThan(3.5 * Math.log2(count));
  });
});

test('the first of each line is known, whoever joined and left any of them in whatever order (property)', () => {
  const step = fc.record({
    item: fc.integer({ min: 1, max: 200 }),
    line: fc.nat({ max: 3 }),
    first: fc.nat({ max: 5 }),
    second: fc.nat({ max: 2 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
      const lines = new Lines();
      const there = new Map<number, (typeof steps)[number]>();
      const standing = (line: number) =>
        [...there.values()]
          .filter((one) => one.line === line)
          .sort((a, b) => a.first - b.first || a.second - b.second || (`n${a.item}` < `n${b.item}` ? -1 : 1));
      for (const one of steps) {
        const { item, line, first, second } = one;
        const before = there.get(item);
        if (before) {
          there.delete(item);
          expect(lines.remove(item)).toBe(standing(before.line).length === 0);
        } else {
          there.set(item, one);
          expect(lines.add(line, item, first, second, `n${item}`)).toBe(standing(line).length === 1);
        }
        for (const each of [0, 1, 2, 3]) expect(lines.firstOf(each)).toBe(standing(each)[0]?.item ?? 0);
      }
      // What is left comes out in order.
      for (const line of [0, 1, 2, 3])
        for (const { item } of standing(line)) {
          expect(lines.firstOf(line)).toBe(item);
          lines.remove(item);
        }
    }),
  );
});

test('sets of marks keep what they hold when there are more of them, and when there are more marks', () => {
  const sets = new MarkSets(2);
  for (let item = 1; item <= 500; item++) sets.replace(item, [item % 64, 63]);
  sets.replace(3, [1]);
  const wider = sets.widened(4);
  wider.mark(3, 127);
  const marksOf = (item: number) =>
    Array.from({ length: 128 }, (_, mark) => mark).filter((mark) => wider.hasAny(item, mark, 1));
  expect([3, 64, 200, 499, 501].map(marksOf)).toEqual([[1, 127], [0, 63], [8, 63], [51, 63], []]);
  const counts = new Int32Array(128);
  for (const item of [200, 499]) wider.countInto(counts, item, 1);
  expect([8, 51, 63, 64].map((mark) => counts[mark])).toEqual([1, 1, 2, 0]);
});
