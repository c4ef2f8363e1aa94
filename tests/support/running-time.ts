const tickMs = 20;
/** A tick that comes later than this found the machine standing still; what is beyond is not counted. */
const longestTickMs = 100;

/**
 * A watch for what is promised within some time: it runs while this machine does. One that does other work as well stands still for seconds
 * now and then, and nothing that runs on it can keep a promise meanwhile.
 */
export function startRunningTime(): { stop(): number } {
  let runMs = 0;
  let last = performance.now();
  const tick = (): void => {
    const now = performance.now();
    runMs += Math.min(now - last, longestTickMs);
    last = now;
  };
  const timer = setInterval(tick, tickMs);
  return {
    /** Milliseconds since the start. */
    stop() {
      clearInterval(timer);
      tick();
      return runMs;
    },
  };
}
