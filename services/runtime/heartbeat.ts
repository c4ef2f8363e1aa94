export type HeartbeatOptions<Sign extends string> = {
  /** The ways in which the other side shows that it lives, such as `pings` (answers to them). */
  signs: readonly Sign[];
  /** How often signs of life are asked for. */
  everyMs: number;
  /** Without one of the signs for longer than this, the other side counts as unreachable. */
  silentMs: number;
  /** Asks for a sign of each kind; must not throw. */
  ask(): void;
  /** Told once, and nothing after it; `silentMs` is how long ago the last sign came. */
  onSilent(missing: Sign, silentMs: number): void;
  /** We stood still ourselves for so long. Told after the fact, and nothing after it. Without it the silence is counted anew. */
  onStoodStill?(ms: number): void;
  /** A shorter standstill is none. Default: as long as a silence that is one. */
  standstillMs?: number;
};

export interface Heartbeat<Sign extends string> {
  heard(sign: Sign): void;
  stop(): void;
}

/**
 * Listens whether the other side of a connection lives: notices also a wire that is cut without a word, and a process that is
 * stopped while its sockets stay open. When it was ourselves who were stopped, what has come meanwhile is still to be read: the
 * silence is then counted anew.
 */
export function startHeartbeat<Sign extends string>(options: HeartbeatOptions<Sign>): Heartbeat<Sign> {
  const { signs, everyMs, silentMs } = options;
  const heardAtMs = new Map<Sign, number>(signs.map((sign) => [sign, performance.now()]));
  let lookedAtMs = performance.now();
  let askedAtMs = Number.NEGATIVE_INFINITY;

  const look = () => {
    const now = performance.now();
    const stillMs = now - lookedAtMs;
    lookedAtMs = now;
    if (options.onStoodStill && stillMs > (options.standstillMs ?? silentMs)) {
      clearInterval(timer);
      options.onStoodStill(Math.round(stillMs));
      return;
    }
    if (stillMs > silentMs / 2) for (const sign of signs) heardAtMs.set(sign, now);
    for (const [sign, heardAt] of heardAtMs) {
      if (now - heardAt <= silentMs) continue;
      clearInterval(timer);
      options.onSilent(sign, Math.round(now - heardAt));
      return;
    }
    if (now - askedAtMs < everyMs * 0.9) return;
    askedAtMs = now;
    options.ask();
  };
  const timer = setInterval(look, everyMs / 2);
  look();
  return {
    heard: (sign) => void heardAtMs.set(sign, performance.now()),
    stop: () => clearInterval(timer),
  };
}
