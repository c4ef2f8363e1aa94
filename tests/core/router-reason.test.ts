import type { TFunction } from 'i18next';
import { expect, test } from 'vitest';
import { reasonText } from '../../dashboards/calls/reason-text.ts';
import { asId, type SkillId } from '../../services/events/ids.ts';
import { whyAgent, whyLastHelped } from '../../services/routing/reasons.ts';
import type { ServiceClass } from '../../services/routing/service-classes.ts';
import type { Strategy } from '../../services/routing/serving-plan.ts';

const billing = asId<SkillId>('billing');
const strategies: Strategy[] = ['longest-idle', 'fewest-calls', 'round-robin', 'ring-all', 'best-skill'];
const steps = ['', 'overflow step 1 after 60 s', 'overflow step 2 with 30 waiting'];

/** Every shape of the router's words. */
const reasons = steps.flatMap((step) => [
  whyLastHelped(step),
  ...strategies.flatMap((strategy) =>
    [null, billing].flatMap((preferred) =>
      [[], [{ skill: billing, level: 2 } as const]].map((needs) => {
        const one: ServiceClass = {
          strategy,
          preferred,
          requirement: { queues: [asId('q')], needs, reserve: false },
          firstMark: 0,
          tiers: 1,
        };
        return whyAgent(one, { tier: 0, calls: 3, candidates: 7 }, step);
      }),
    ),
  ),
]);

/** Keys with their values, so that a value that was lost shows. */
const said = ((key: string, values: object = {}) =>
  `${key}${JSON.stringify(values)} `) as unknown as TFunction;

test('everything the router says for an agent can be said in the language of the screens, with its numbers', () => {
  expect(new Set(reasons).size).toBeGreaterThan(40);
  for (const reason of reasons) {
    const text = reasonText(reason, said);
    expect(text, reason).toMatch(/^because\./);
    const numbers = (words: string) => (words.match(/\d+(?=\D|$)/g) ?? []).sort().join();
    expect(numbers(text), reason).toBe(numbers(reason));
    expect(text, reason).not.toContain('undefined');
  }
});
