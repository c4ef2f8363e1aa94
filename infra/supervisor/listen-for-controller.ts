export type ListenTimes = {
  /** Without an answer for longer than this the controller counts as away. */
  readonly awayAfterMs: number;
  readonly askEveryMs: number;
  readonly answerWithinMs: number;
};

export type ControllerSilence = {
  /** How long ago the controller last answered. */
  silentMs(): number;
  /** How long ago it last had a connection to Asterisk, as far as it said. */
  deafMs(): number;
  /** Asks once more, now; resolves when that is answered, or after this long. */
  askNow(withinMs: number): Promise<void>;
};

/** Asks the controller's `/readyz` for ever; a question that hangs does not keep the next one back. */
export function listenForController(url: string, times: ListenTimes, until: AbortSignal): ControllerSilence {
  let answeredAtMs = performance.now();
  let connectedAtMs = performance.now();
  let askedAtMs = performance.now();
  const ask = async (withinMs: number): Promise<void> => {
    const signal = AbortSignal.any([AbortSignal.timeout(withinMs), until]);
    const response = await fetch(url, { signal });
    const text = await response.text();
    const telephony = valueIn(text, 'telephony');
    // Not ready is an answer too, when it says how things stand: it serves calls before the rest of it is there; while another
    // home's controller acts, this one's is only to live.
    const says = telephony === 'up' || telephony === 'down' || valueIn(text, 'role') === 'standby';
    if (!response.ok && !says) return;
    answeredAtMs = performance.now();
    if (telephony !== 'down') connectedAtMs = performance.now();
  };
  const timer = setInterval(() => {
    const now = performance.now();
    // We were stopped ourselves, or the whole machine: that the controller was silent says nothing.
    if (now - askedAtMs > times.awayAfterMs / 2) answeredAtMs = connectedAtMs = now;
    askedAtMs = now;
    // No answer is what this waits to hear; the silence is measured, its cause is in the controller's own log.
    ask(times.answerWithinMs).catch(() => undefined);
  }, times.askEveryMs);
  until.addEventListener('abort', () => clearInterval(timer), { once: true });
  return {
    silentMs: () => performance.now() - answeredAtMs,
    deafMs: () => performance.now() - connectedAtMs,
    askNow: (withinMs) => ask(withinMs).catch(() => undefined),
  };
}

function valueIn(text: string, name: string): unknown {
  try {
    return new Map(Object.entries(JSON.parse(text) as object)).get(name);
  } catch {
    // No statement of the controller's.
    return undefined;
  }
}
