/** A moment: milliseconds since 1970-01-01T00:00:00Z. Comes in as an argument everywhere; nothing here reads a clock. */
export type Instant = number & { readonly __brand: 'Instant' };

export const instant = (epochMs: number): Instant => epochMs as Instant;
export const after = (at: Instant, ms: number): Instant => (at + ms) as Instant;
/** The later one of two moments. */
export const later = (one: Instant, other: Instant): Instant => (one > other ? one : other);
/** The earlier one of two moments. */
export const earlier = (one: Instant, other: Instant): Instant => (one < other ? one : other);
/** Milliseconds from `from` to `to`; 0 when the clock went backwards in between. */
export const elapsedMs = (from: Instant, to: Instant): number => Math.max(0, to - from);
export const toIso = (at: Instant): string => new Date(at).toISOString();
