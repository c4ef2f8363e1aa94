import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Chance } from '../support/seeded.ts';

const cacheLineBytes = 64;
const readsAtLeast = 200_000;

/** Bytes that stay in use by what `make` gives, garbage left out. */
export function memoryUsedBy(make: () => unknown): number {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const used = () => {
    collectGarbage();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  const before = used();
  const kept = [make()];
  const bytes = used() - before;
  // Kept until here.
  return kept.length > 0 ? Math.max(bytes, cacheLineBytes) : 0;
}

/** What one read costs in so much memory when each tells where the next is, as from object to object: nanoseconds. */
export function memoryReadNs(bytes: number): number {
  const next = oneRound(Math.max(2, Math.ceil(bytes / cacheLineBytes)));
  let at = 0;
  const walk = (reads: number) => {
    for (let n = 0; n < reads; n++) at = next[at] as number;
  };
  const reads = Math.max(readsAtLeast, next.length / (cacheLineBytes / 4));
  walk(reads);
  const begun = performance.now();
  walk(reads);
  const ms = performance.now() - begun;
  if (at < 0) throw new Error('the walk has left its memory');
  return (ms * 1e6) / reads;
}

/** One entry in each cache line, each naming the next; all in one random round (Sattolo's shuffle). */
function oneRound(lines: number): Int32Array {
  const chance = new Chance(lines);
  const order = Array.from({ length: lines }, (_, n) => n);
  for (let n = lines - 1; n > 0; n--) {
    const other = chance.below(n);
    [order[n], order[other]] = [order[other] as number, order[n] as number];
  }
  const entries = cacheLineBytes / 4;
  const next = new Int32Array(lines * entries);
  order.forEach((to, from) => {
    next[from * entries] = to * entries;
  });
  return next;
}
