/**
 * The server's clock as this browser knows it, and a tick each second for what counts up between snapshots.
 * A browser's clock may be minutes off; durations on a board must not be.
 */
const listeners = new Set<() => void>();
let offsetMs = 0;
let known = false;
let timer: ReturnType<typeof setInterval> | undefined;

/**
 * Learns from a snapshot made at `serverAt` (epoch ms) that has just arrived. Arrival is late by the way it took, never
 * early, so the largest offset seen is the best; it is let down slowly so that a corrected clock is followed.
 */
export function learnServerTime(serverAt: number, browserAt: number = Date.now()): void {
  const seen = serverAt - browserAt;
  offsetMs = known ? Math.max(seen, offsetMs - 50) : seen;
  if (Math.abs(seen - offsetMs) > 5000) offsetMs = seen;
  known = true;
}

/** Now on the server's clock, epoch ms. */
export const serverNow = (): number => Date.now() + offsetMs;

/** Calls `listener` once a second. One timer for the whole page. Returns the function that unsubscribes. */
export function onEachSecond(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** The current second of the server's clock, for `useSyncExternalStore`. */
export const currentSecond = (): number => Math.floor(serverNow() / 1000);
