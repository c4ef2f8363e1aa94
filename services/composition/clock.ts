import { type Instant, instant } from '../events/instant.ts';

/** The wall clock. */
export const clock = (): Instant => instant(Date.now());

/** Calls back once, after at least `ms`; returns how to cancel. */
export function schedule(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}
