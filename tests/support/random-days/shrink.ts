import type { Deed } from './deeds.ts';

/** What went wrong when these deeds were done, and when; null when nothing did. */
export type Trial = (deeds: readonly Deed[]) => { readonly at: number; readonly what: string } | null;

export type Shrunk = {
  readonly deeds: readonly Deed[];
  readonly what: string;
  /** How often the engine has lived through some of it. */
  readonly trials: number;
};

/**
 * The fewest deeds of a day that failed with which it fails still: what came after the trouble goes first, then whole stretches, then
 * deed by deed (delta debugging, Zeller and Hildebrandt 2002). Any trouble counts, not only the first one's. Bounded by the
 * simulated time that trials take, so that the same day shrinks to the same deeds on every machine.
 * @returns null when the deeds do not fail at all
 */
export function shrink(deeds: readonly Deed[], trial: Trial, budgetMs: number): Shrunk | null {
  let trials = 0;
  let spentMs = 0;
  const attempt = (some: readonly Deed[]) => {
    trials += 1;
    // Even an empty day is watched to its end.
    spentMs += 600_000 + (some.at(-1)?.at ?? 0) - (some[0]?.at ?? 0);
    return trial(some);
  };
  const first = attempt(deeds);
  if (!first) return null;
  let best: { deeds: readonly Deed[]; what: string } = {
    deeds: deeds.filter(({ at }) => at <= first.at),
    what: first.what,
  };
  const before = attempt(best.deeds);
  if (before) best = { ...best, what: before.what };
  else best = { deeds, what: first.what };

  let parts = 2;
  while (best.deeds.length > 1 && spentMs < budgetMs) {
    const size = Math.ceil(best.deeds.length / parts);
    const shorter = withoutOnePart(best.deeds, size, (some) => (spentMs < budgetMs ? attempt(some) : null));
    if (shorter) {
      best = shorter;
      parts = Math.max(2, parts - 1);
    } else if (size === 1) break;
    else parts = Math.min(best.deeds.length, parts * 2);
  }
  return { ...best, trials };
}

/** The first shorter list that fails too, of those that lack one part. The oldest parts are left out first. */
function withoutOnePart(
  deeds: readonly Deed[],
  size: number,
  attempt: Trial,
): { deeds: readonly Deed[]; what: string } | null {
  for (let from = 0; from < deeds.length; from += size) {
    const rest = [...deeds.slice(0, from), ...deeds.slice(from + size)];
    const trouble = attempt(rest);
    if (trouble) return { deeds: rest.filter(({ at }) => at <= trouble.at), what: trouble.what };
  }
  return null;
}
