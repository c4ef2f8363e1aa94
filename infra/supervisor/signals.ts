const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Asks to read the centre again. */
const reloadSignal = 'SIGUSR2';
const samePressMs = 500;

export type Signals = {
  /** The first signal to stop that came, null before. */
  readonly received: NodeJS.Signals | null;
  /** Calls for every signal to stop, also for one that came already. */
  listen(handler: (signal: NodeJS.Signals, first: boolean) => void): void;
  /** Calls for every signal to reload; once, when some came already. */
  onReload(handler: () => void): void;
  close(): void;
};

/** From the first moment on, so that Ctrl-C during the checks does not cut them in half, and no early reload kills us. */
export function listenForSignals(): Signals {
  let received: NodeJS.Signals | null = null;
  let handler: ((signal: NodeJS.Signals, first: boolean) => void) | null = null;
  let reload: (() => void) | null = null;
  let reloadAsked = false;
  let receivedAtMs = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    const first = received === null;
    // One Ctrl-C may come several times: from the terminal, and passed on by the programs that started us.
    if (!first && performance.now() - receivedAtMs < samePressMs) return;
    received ??= signal;
    if (first) receivedAtMs = performance.now();
    handler?.(signal, first);
  };
  const onReload = (): void => {
    reloadAsked = true;
    reload?.();
  };
  for (const name of stopSignals) process.on(name, onSignal);
  process.on(reloadSignal, onReload);
  return {
    get received() {
      return received;
    },
    listen(wanted) {
      handler = wanted;
      if (received !== null) wanted(received, true);
    },
    onReload(wanted) {
      reload = wanted;
      if (reloadAsked) wanted();
    },
    close() {
      for (const name of stopSignals) process.off(name, onSignal);
      process.off(reloadSignal, onReload);
    },
  };
}
