/** The two ways in which Asterisk shows that it lives: on the event socket (events, pongs), and by answering requests. */
export type Sign = 'pings' | 'requests';

export type HeartbeatOptions = {
  /** How often signs of life are asked for. */
  everyMs: number;
  /** Without a sign of one of the two kinds for longer than this, Asterisk counts as unreachable. */
  silentMs: number;
  /** Asks for a sign of each kind; must not throw. */
  ask(): void;
  /** Told once; `silentMs` is how long ago the last sign came. */
  onSilent(missing: Sign, silentMs: number): void;
};

export interface Heartbeat {
  heard(sign: Sign): void;
  stop(): void;
}

/**
 * Listens whether Asterisk lives: also when the wire is cut without a word, or the process is stopped and its sockets stay open.
 * When it is ourselves who were stopped, what has come meanwhile is still to be read: the silence is then counted anew.
 */
export function startHeartbeat(options: HeartbeatOptions): Heartbeat {
  const { everyMs, silentMs } = options;
  const heardAtMs: Record<Sign, number> = { pings: performance.now(), requests: performance.now() };
  let lookedAtMs = performance.now();
  let askedAtMs = Number.NEGATIVE_INFINITY;

  const look = () => {
    const now = performance.now();
    if (now - lookedAtMs > silentMs / 2) heardAtMs.pings = heardAtMs.requests = now;
    lookedAtMs = now;
    for (const sign of ['pings', 'requests'] as const) {
      if (now - heardAtMs[sign] <= silentMs) continue;
      clearInterval(timer);
      options.onSilent(sign, Math.round(now - heardAtMs[sign]));
      return;
    }
    if (now - askedAtMs < everyMs * 0.9) return;
    askedAtMs = now;
    options.ask();
  };
  const timer = setInterval(look, everyMs / 2);
  look();
  return {
    heard: (sign) => {
      heardAtMs[sign] = performance.now();
    },
    stop: () => clearInterval(timer),
  };
}
