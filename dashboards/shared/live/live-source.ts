/** How fresh what we show is. Times are this browser's epoch ms. */
export type StreamStatus = { phase: 'connecting' | 'live' | 'interrupted'; lastHeardAt: number | null };

/** The part of EventSource that is used, so that tests can give another. */
export type EventStream = Pick<EventSource, 'addEventListener' | 'close' | 'readyState'>;

export type LiveSourceOptions = {
  open: () => EventStream;
  /** The event's name and the snapshot's text. */
  eventName: string;
  onSnapshot: (json: string) => void;
  onStatus: (status: StreamStatus) => void;
  /** The server closed the door: perhaps signed out. Called before each renewed attempt. */
  onRefused: () => void;
  /** A stream silent for this long counts as interrupted and is opened anew. */
  silenceMs?: number;
  now?: () => number;
};

const closed = 2; // EventSource.CLOSED, which Node's tests do not know
const retryMs = [1000, 2000, 4000, 8000, 15000];

/**
 * Keeps a live stream open. EventSource reconnects after a lost connection, but gives up for ever when the server
 * answers with an error, and never notices a connection that is silently dead: both are mended here.
 * Returns functions to stop, and to try at once (the network is back, the page is visible again).
 */
export function startLiveSource(options: LiveSourceOptions): { stop: () => void; retryNow: () => void } {
  const { now = Date.now, silenceMs = 12_000 } = options;
  let stream: EventStream | null = null;
  let status: StreamStatus = { phase: 'connecting', lastHeardAt: null };
  let attempt = 0;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let silenceTimer: ReturnType<typeof setTimeout> | undefined;

  const report = (phase: StreamStatus['phase'], lastHeardAt = status.lastHeardAt) => {
    status = { phase, lastHeardAt };
    options.onStatus(status);
  };
  const watchSilence = () => {
    clearTimeout(silenceTimer);
    silenceTimer = setTimeout(() => retryLater('silent'), silenceMs);
  };
  const heard = (event: Event) => {
    attempt = 0;
    watchSilence();
    options.onSnapshot(String((event as MessageEvent<unknown>).data));
    report('live', now());
  };
  const connect = () => {
    clearTimeout(retryTimer);
    stream?.close();
    const opened = options.open();
    stream = opened;
    watchSilence();
    opened.addEventListener(options.eventName, (event) => {
      if (stream === opened) heard(event);
    });
    opened.addEventListener('error', () => {
      if (stream !== opened) return;
      report('interrupted');
      if (opened.readyState === closed) retryLater('refused');
    });
  };
  const retryLater = (why: 'silent' | 'refused') => {
    clearTimeout(silenceTimer);
    stream?.close();
    stream = null;
    report('interrupted');
    if (why === 'refused') options.onRefused();
    const wait = retryMs[Math.min(attempt, retryMs.length - 1)] ?? 15_000;
    attempt += 1;
    clearTimeout(retryTimer);
    retryTimer = setTimeout(connect, wait);
  };

  options.onStatus(status);
  connect();
  return {
    stop: () => {
      clearTimeout(retryTimer);
      clearTimeout(silenceTimer);
      stream?.close();
      stream = null;
    },
    retryNow: () => {
      if (status.phase === 'live') return;
      attempt = 0;
      connect();
    },
  };
}
