/** Simulated time: nothing happens until the test lets it pass; what is due at the same moment runs in the order it was scheduled. */
export class SimulatedTime {
  #now: number;
  #order = 0;
  /** A binary heap by (at, order). */
  readonly #heap: Entry[] = [];

  constructor(startAt: number) {
    this.#now = startAt;
  }

  now = (): number => this.#now;

  schedule = (afterMs: number, run: () => void): (() => void) => {
    const entry: Entry = {
      at: this.#now + Math.max(0, afterMs),
      order: this.#order++,
      run,
    };
    this.#push(entry);
    return () => {
      entry.run = null;
    };
  };

  /** Lets `ms` pass. */
  pass(ms: number): void {
    const until = this.#now + ms;
    for (let next = this.#heap[0]; next && next.at <= until; next = this.#heap[0]) this.#runNext();
    this.#now = until;
  }

  /** Lets time pass until `condition` holds; throws when it has not after `withinMs`. */
  passUntil(condition: () => boolean, withinMs: number, what: string): void {
    const until = this.#now + withinMs;
    while (!condition()) {
      const next = this.#heap[0];
      if (!next || next.at > until) throw new Error(`not within ${withinMs} ms of simulated time: ${what}`);
      this.#runNext();
    }
  }

  /** Runs the next thing due, for checks after every step; false when nothing is left or it is later than `until`. */
  step(until: number): boolean {
    const next = this.#heap[0];
    if (!next || next.at > until) return false;
    this.#runNext();
    return true;
  }

  #runNext(): void {
    const entry = this.#pop();
    if (!entry) return;
    this.#now = Math.max(this.#now, entry.at);
    entry.run?.();
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let i = heap.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!before(entry, heap[parent] as Entry)) break;
      heap[i] = heap[parent] as Entry;
      i = parent;
    }
    heap[i] = entry;
  }

  #pop(): Entry | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (!top || !last || heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Entry, heap[child] as Entry)) child++;
      if (!before(heap[child] as Entry, last)) break;
      heap[i] = heap[child] as Entry;
      i = child;
    }
    heap[i] = last;
    return top;
  }
}

type Entry = { at: number; order: number; run: (() => void) | null };
const before = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** Numbers in [0, 1) that follow from the seed (mulberry32, public domain). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
