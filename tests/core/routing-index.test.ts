import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instant } from '../../services/events/instant.ts';
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
    const pack = (marks: readonly number[]) => {
      const words = new Uint32Array(3);
      for (const m of marks) words[m >>> 5] = (words[m >>> 5] ?? 0) | (1 << (m & 31));
      return words;
    };
    fc.assert(
      fc.property(
        items,
        fc.uniqueArray(fc.nat({ max: 95 }), { minLength: 1, maxLength: 5 }),
        (all, wanted) => {
          const tree = new MaskedTree(3);
          const there = new Map<number, { item: number; key: number; marks: number[] }>();
          for (const one of all) {
            if (there.delete(one.item)) tree.remove(one.item);
            else {
              there.set(one.item, one);
              tree.add(one.item, one.key, 0, `n${one.item}`, pack(one.marks));
            }
            const sorted = [...there.values()].sort(
              (a, b) => a.key - b.key || (`n${a.item}` < `n${b.item}` ? -1 : 1),
            );
            const having = (marks: readonly number[]) =>
              sorted.filter((x) => x.marks.some((m) => marks.includes(m)));
            const [mark = 0] = wanted;
            expect(tree.size).toBe(there.size);
            expect(tree.firstWith(pack(wanted))).toBe(having(wanted)[0]?.item ?? 0);
            expect(tree.firstWithMark(mark)).toBe(having([mark])[0]?.item ?? 0);
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
    const tree = new MaskedTree(1);
    // In order of time, as callers join: the worst order for a tree that is not balanced.
    for (let item = 1; item <= count; item++) tree.add(item, item, 0, `v-${item}`, Uint32Array.of(1));
    for (let n = 0; n < count; n++) {
      const item = 1 + Math.floor(random() * count);
      tree.remove(item);
      tree.add(item, count + n, 0, `v-${item}`, Uint32Array.of(1));
    }
    expect(tree.height()).toBeLessThan(3.5 * Math.log2(count));
  });
});
