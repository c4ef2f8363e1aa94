const lookEveryMs = 100;

/** How long this process, and mostly the machine with it, got no time; for tolerances between times that several programs noted. */
export type Standstill = {
  /** The longest so far, in ms. */
  longestMs(): number;
  stop(): void;
};

export function watchStandstill(): Standstill {
  let longestMs = 0;
  let lookedAt = performance.now();
  const look = () => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - lookedAt - lookEveryMs);
    lookedAt = now;
  };
  const timer = setInterval(look, lookEveryMs);
  timer.unref();
  return {
    longestMs: () => {
      look();
      return Math.round(longestMs);
    },
    stop: () => clearInterval(timer),
  };
}
