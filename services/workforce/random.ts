/** Uniform in [0, 1). */
export type Random = () => number;

/**
 * Repeatable random numbers (sfc32, Doty-Humphrey 2010; seeded through splitmix32): the same seed and stream, the same numbers. Streams of
 * one seed have nothing to do with each other, so that more calls in one queue change no caller of another.
 */
export function seededRandom(seed: number, stream = ''): Random {
  let mixed = seed >>> 0;
  for (let i = 0; i < stream.length; i++) mixed = Math.imul(mixed ^ stream.charCodeAt(i), 0x9e3779b1) >>> 0;
  const word = (): number => {
    mixed = (mixed + 0x9e3779b9) | 0;
    let h = mixed ^ (mixed >>> 16);
    h = Math.imul(h, 0x21f0aaad);
    h ^= h >>> 15;
    h = Math.imul(h, 0x735a2d97);
    return h ^ (h >>> 15);
  };
  let [a, b, c, counter] = [word(), word(), word(), word()];
  return () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
}
