/**
 * How long a test waits for what will surely come, unless it says otherwise. It bounds a test that fails, and promises nothing: a small
 * machine that does other work as well stands still for seconds now and then.
 */
export const patienceMs = 20_000;

/** How long to keep asking, how often, and what to show when patience runs out. */
export type UntilOptions = {
  /** Give up after this many milliseconds; default {@link patienceMs}. */
  withinMs?: number;
  /** Pause between two looks. */
  everyMs?: number;
  /** What the world looked like, for the error message. */
  seen?: () => unknown;
};

/** A condition did not come true in time; the message says which, and what was seen last. */
export class NotInTime extends Error {
  override readonly name = 'NotInTime';
}

/**
 * Waits until `probe` returns something truthy and hands it back.
 *
 * A probe that throws counts as "not yet"; its last error becomes the cause of the failure, so that a
 * refused connection while a part is starting needs no code in the test.
 */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  { withinMs = patienceMs, everyMs = 10, seen }: UntilOptions = {},
): Promise<NonNullable<T>> {
  const giveUpAt = performance.now() + withinMs;
  let last: unknown;
  let lastError: unknown;
  for (;;) {
    try {
      last = await probe();
      lastError = undefined;
      if (last) return last as NonNullable<T>;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() >= giveUpAt) break;
    await pause(everyMs);
  }
  const sight = seen ? seen() : (lastError ?? last);
  throw new NotInTime(`${what}: not within ${withinMs} ms; last seen: ${show(sight)}`, { cause: lastError });
}

/** Like {@link until} for something that arrives by itself: fails with `what` when the promise takes too long. */
export async function inTime<T>(what: string, promise: Promise<T>, withinMs = patienceMs): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NotInTime(`${what}: not within ${withinMs} ms`)), withinMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The pause between two looks; also a person's own pause in a call script. Not for use in tests. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function show(value: unknown): string {
  if (value instanceof Error) return value.message;
  if (typeof value === 'string') return value.slice(-2_000);
  return JSON.stringify(value)?.slice(0, 2_000) ?? String(value);
}
