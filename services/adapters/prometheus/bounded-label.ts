/** What values beyond the bound, or unknown ones, are counted under. */
export const otherLabel = 'other';

/**
 * Lets at most `limit` different values through and answers `other` for the rest, so that no input can make the number
 * of time series grow without end.
 */
export function boundedLabel(limit: number): (value: string) => string {
  const seen = new Set<string>();
  return (value) => {
    if (seen.has(value)) return value;
    if (seen.size >= limit) return otherLabel;
    seen.add(value);
    return value;
  };
}

/** Lets the configured values through and answers `other` for all else. */
export const knownLabel =
  (known: { has(value: string): boolean }) =>
  (value: string): string =>
    known.has(value) ? value : otherLabel;
