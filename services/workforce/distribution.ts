import type { Random } from './random.ts';

/** How long something takes. */
export type Distribution =
  | { readonly kind: 'fixed'; readonly ms: number }
  | { readonly kind: 'exponential'; readonly meanMs: number }
  /** What talk times really look like: many short ones, a few very long. `deviation` is the standard deviation over the mean. */
  | { readonly kind: 'lognormal'; readonly meanMs: number; readonly deviation: number }
  /** One of these, each as likely as the others: what was measured. */
  | { readonly kind: 'measured'; readonly ms: readonly number[] };

/** One duration, in whole milliseconds. Always takes the same number of random numbers, whatever they are. */
export function draw(distribution: Distribution, random: Random): number {
  switch (distribution.kind) {
    case 'fixed':
      return distribution.ms;
    case 'exponential':
      return Math.round(-Math.log(1 - random()) * distribution.meanMs);
    case 'lognormal': {
      const variance = Math.log(1 + distribution.deviation ** 2);
      return Math.round(
        distribution.meanMs * Math.exp(Math.sqrt(variance) * standardNormal(random) - variance / 2),
      );
    }
    case 'measured':
      return distribution.ms[Math.floor(random() * distribution.ms.length)] ?? 0;
    default:
      return distribution satisfies never;
  }
}

export function meanMs(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'fixed':
      return distribution.ms;
    case 'exponential':
    case 'lognormal':
      return distribution.meanMs;
    case 'measured':
      return distribution.ms.reduce((sum, ms) => sum + ms, 0) / distribution.ms.length;
    default:
      return distribution satisfies never;
  }
}

/** Box and Muller 1958; the second of the pair is not kept, so that every draw is alike. */
const standardNormal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
