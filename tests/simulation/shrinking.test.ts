import { expect, test } from 'vitest';
import { liveThroughRandomDay } from '../support/random-days/day-of.ts';
import type { Deed } from '../support/random-days/deeds.ts';
import { shrink } from '../support/random-days/shrink.ts';
import type { SimulatedHotline } from '../support/simulated-hotline.ts';

const deed = (at: number, agent: string): Deed => ({ at, do: 'phone', agent, act: 'registers' });

test('of many deeds those stay that the trouble needs, and what came after it goes', () => {
  const deeds = Array.from({ length: 1_000 }, (_, i) => deed(i, String(i)));
  const needs = ['17', '18', '640'];
  const trial = (some: readonly Deed[]) => {
    const at = some.findIndex((_, i) =>
      needs.every((agent) => some.slice(0, i + 1).some((d) => d.do === 'phone' && d.agent === agent)),
    );
    return at < 0 ? null : { at: some[at]?.at ?? 0, what: 'all three were there' };
  };
  const shrunk = shrink(deeds, trial, Number.POSITIVE_INFINITY);
  expect(shrunk?.deeds).toEqual(needs.map((n) => deed(Number(n), n)));
  expect(shrunk?.trials).toBeLessThan(200);
});

test('deeds that do not fail are not shrunk, and a budget ends the search with what there is', () => {
  expect(shrink([deed(1, 'a')], () => null, 1_000)).toBeNull();
  const deeds = Array.from({ length: 100 }, (_, i) => deed(i, String(i)));
  const shrunk = shrink(deeds, () => ({ at: 99, what: 'always' }), 3 * 600_000);
  expect(shrunk?.trials).toBeLessThan(6);
  expect(shrunk?.deeds.length).toBeLessThan(100);
});

test('a planted defect is found in a random day, and the day shrinks to the few deeds that lead to it', () => {
  /** "Nobody misses a ring": not forbidden at all, and it takes an agent who is ready, a phone that nobody answers, and a caller. */
  const planted = ({ engine }: SimulatedHotline): string[] =>
    [...engine.state.world.agents.values()]
      .filter(({ intent }) => intent.kind === 'not-ready' && intent.reason === 'ring-no-answer')
      .map(({ id }) => `agent ${id} has missed a ring`);
  const day = (seed: number) =>
    liveThroughRandomDay(seed, 2 * 3_600_000, { alsoHolds: planted, shrinkForMs: 20 * 3_600_000 });
  let seed = 1;
  let found = day(seed);
  while (found.story === null && seed < 20) found = day(++seed);
  const { deeds, story } = found;
  expect(story).toMatch(/agent \d+ has missed a ring/);
  expect(story).toContain(`seed ${seed} (HOTLINE_TEST_SEED=${seed} repeats it)`);
  const shrunkTo = Number(/shrunk to (\d+)/.exec(story ?? '')?.[1]);
  expect(shrunkTo).toBeLessThan(deeds.length / 50);
  expect(story, 'the deeds are told').toMatch(
    /^ {2}\d\d:\d\d:\d\d\.\d{3} {2}(?:phone|call-control|agent-wants) /m,
  );
  expect(story, 'and so is what the controller made of them').toMatch(/AgentRingRequested/);
  expect(day(seed).story, 'the same seed, the same story').toBe(story);
});
