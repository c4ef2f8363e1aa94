import type { Chance } from './seeded.ts';

/** Values that are of the wrong kind almost everywhere. */
const wrongValues: readonly unknown[] = [
  ...[null, true, 0, -1, 1e308, '', ' ', 'x'.repeat(20_000), '\u0000', '\ud800', '__proto__', 'constructor'],
  ...[[], {}, [[]], [null], { id: null }, { toString: 1 }, { length: 1e9 }, [1, 'a'], '1'.repeat(40)],
];

type Place = { holder: Record<string, unknown> | unknown[]; key: string | number };

/** A copy of a document with one thing wrong, somewhere: taken away, of another kind, exchanged, doubled, or unknown. */
export function mutated(document: unknown, chance: Chance): unknown {
  const copy = structuredClone(document);
  const places = placesIn(copy);
  if (places.length === 0) return chance.one(wrongValues);
  const { holder, key } = chance.one(places);
  switch (chance.below(6)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      return copy;
    case 1:
      set(holder, key, structuredClone(chance.one(wrongValues)));
      return copy;
    case 2: {
      const other = chance.one(places);
      set(holder, key, structuredClone(get(other.holder, other.key)));
      return copy;
    }
    case 3: {
      const value = get(holder, key);
      set(holder, key, typeof value === 'string' ? damaged(value, chance) : [value, value]);
      return copy;
    }
    case 4:
      set(holder, chance.one(['__proto__', 'constructor', 'x', '', '0', 'length']), chance.one(wrongValues));
      return copy;
    default:
      return chance.below(20) === 0 ? get(holder, key) : mutated(copy, chance);
  }
}

/** A text with some characters lost, doubled or replaced. */
export function damaged(text: string, chance: Chance): string {
  const at = chance.below(text.length + 1);
  const end = Math.min(text.length, at + 1 + chance.below(5));
  const middle = chance.one([
    '',
    text.slice(at, end).repeat(3),
    '\u0000',
    '"',
    '\n',
    '{',
    ': ',
    '&a',
    '*a',
    '电',
  ]);
  return text.slice(0, at) + middle + text.slice(end);
}

function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])]);
}

function get(holder: Place['holder'], key: string | number): unknown {
  return (holder as Record<string | number, unknown>)[key];
}

/** As JSON.parse does it: `__proto__` becomes an ordinary property. */
function set(holder: Place['holder'], key: string | number, value: unknown): void {
  Object.defineProperty(holder, Array.isArray(holder) && !/^\d+$/.test(String(key)) ? holder.length : key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}
