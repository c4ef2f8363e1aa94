/** Counts failures per key within a window, in bounded memory: when full, the key that failed longest ago is forgotten. */
export type FailureCounter = {
  /** Milliseconds until this key may try again; 0 when it may now. */
  blockedForMs(key: string, now: number): number;
  /** Counts one attempt as failed. Call before trying, so that attempts side by side count as well. */
  count(key: string, now: number): void;
  /** The attempt was no failure after all. */
  takeBack(key: string): void;
  /** Forget all failures of the key. */
  clear(key: string): void;
  readonly size: number;
};

export function failureCounter(limit: number, windowMs: number, maxKeys = 10_000): FailureCounter {
  const failures = new Map<string, { count: number; since: number }>();
  const current = (key: string, now: number) => {
    const entry = failures.get(key);
    if (entry && now - entry.since < windowMs) return entry;
    failures.delete(key);
    return undefined;
  };
  return {
    blockedForMs(key, now) {
      const entry = current(key, now);
      return entry && entry.count >= limit ? entry.since + windowMs - now : 0;
    },
    count(key, now) {
      const entry = current(key, now) ?? { count: 0, since: now };
      entry.count += 1;
      failures.delete(key); // put back last: a Map keeps the order of insertion
      failures.set(key, entry);
      const oldest = failures.keys().next().value;
      if (failures.size > maxKeys && oldest !== undefined) failures.delete(oldest);
    },
    takeBack(key) {
      const entry = failures.get(key);
      if (!entry) return;
      entry.count -= 1;
      if (entry.count <= 0) failures.delete(key);
    },
    clear: (key) => void failures.delete(key),
    get size() {
      return failures.size;
    },
  };
}

/** Lets `atOnce` pieces of work run side by side and `waiting` more wait; the rest is told so at once. */
export function gate(atOnce: number, waiting: number) {
  const queue: (() => void)[] = [];
  let running = 0;
  return {
    /** undefined when there is no room. */
    async run<T>(work: () => Promise<T>): Promise<T | undefined> {
      if (running >= atOnce) {
        if (queue.length >= waiting) return undefined;
        await new Promise<void>((enter) => queue.push(enter));
      } else {
        running += 1;
      }
      try {
        return await work();
      } finally {
        // The place goes straight to the next in line, or is given up.
        const next = queue.shift();
        if (next) next();
        else running -= 1;
      }
    },
  };
}
