/**
 * Whether something in here has a `length` that has parts itself, say `{length: {toString: 1}}`. Nothing of ours is called so, and zod (4.6)
 * compares such a length with a number before it looks whether the value is a text at all: that throws, instead of telling what is wrong.
 */
export function hasOddLength(value: unknown): boolean {
  // No recursion: what comes from outside may be nested as deeply as it likes.
  const seen = new Set<unknown>();
  const open = [value];
  while (open.length > 0) {
    const part = open.pop();
    if (typeof part !== 'object' || part === null || seen.has(part)) continue;
    seen.add(part);
    if (!Array.isArray(part) && 'length' in part && typeof part.length === 'object' && part.length !== null)
      return true;
    for (const inner of Object.values(part)) open.push(inner);
  }
  return false;
}
