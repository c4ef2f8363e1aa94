/** Repeatable random numbers in [0, 1) (mulberry32): the same seed gives the same load. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Random choices that a seed repeats. */
export class Chance {
  readonly seed: number;
  /** Uniform in [0, 1). */
  readonly next: () => number;

  constructor(seed: number) {
    this.seed = seed;
    this.next = seeded(seed);
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  one<T>(things: readonly T[]): T {
    const thing = things[this.below(things.length)];
    if (thing === undefined) throw new Error('there is nothing to choose from');
    return thing;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Uint8Array.from({ length }, () => this.below(256)));
  }
}

/** A new seed for each run, printed; HOTLINE_TEST_SEED repeats one. */
export function chance(): Chance {
  const seed = Number(process.env.HOTLINE_TEST_SEED ?? Date.now() % 1_000_000);
  console.info(`seed ${seed} (HOTLINE_TEST_SEED=${seed} repeats this)`);
  return new Chance(seed);
}
