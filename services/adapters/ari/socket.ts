import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { type AriEvent, ariEventTypes } from './generated/ari.ts';
import type { Log } from './log.ts';
import { isWellFormed } from './well-formed.ts';

export type EventSocketOptions = {
  /** `http://host:port`, as for requests. */
  url: string;
  user: string;
  password: string;
  app: string;
  log: Log;
  /**
   * The socket is open: read what Asterisk has. Events that arrive meanwhile are kept back. When it resolves, and the
   * socket is still open, the function it gave is called, and then the events follow. When it rejects, the socket is
   * closed and tried again.
   */
  resync(): Promise<() => void>;
  onEvent(event: AriEvent): void;
  /** A connection that had been brought up to date is lost. */
  onDown(because: string): void;
  /** Another controller has taken the application. No reconnecting from here on: two must not fight over the calls. */
  onReplaced(): void;
  /** Frames that were no event we know; counted, never fatal. */
  onStrangeFrame(what: 'unparsable' | 'unknown-type' | 'malformed'): void;
  /** Uniform in [0, 1), for the jitter of reconnecting. */
  random?: () => number;
  pingEveryMs?: number;
};

export interface EventSocket {
  start(): void;
  stop(): Promise<void>;
}

const backoffMs = { first: 100, most: 5_000 };
/** A failing handler is logged once per type of event in this time. */
const quietMs = 10_000;
/** Asterisk answers a close frame at once; one that does not is not waited for. */
const closeTimeoutMs = 500;
const missedPongsUntilDead = 2;
/** Resyncing takes milliseconds; a backlog like this means that Asterisk is flooding us or we hang. */
const maxBacklog = 10_000;

/**
 * Keeps one event socket to Asterisk open for ever: reconnects with growing, jittered pauses, pings, and hands events
 * over in order. ari-client's own socket gives up after ten tries and goes deaf on an event it does not know.
 */
export function createEventSocket(options: EventSocketOptions): EventSocket {
  const { log } = options;
  const random = options.random ?? Math.random;
  const stopping = new AbortController();
  let replaced = false;
  let running: Promise<void> | null = null;

  const run = async () => {
    for (let attempt = 0; !stopping.signal.aborted && !replaced; attempt += 1) {
      if (attempt > 0) {
        const longest = Math.min(backoffMs.most, backoffMs.first * 2 ** Math.min(attempt - 1, 10));
        await delay(longest * (0.5 + random() / 2), undefined, { signal: stopping.signal }).catch(
          () => undefined,
        );
        if (stopping.signal.aborted) return;
      }
      const { wasUp, because } = await connection(options, stopping.signal, () => {
        replaced = true;
      });
      if (stopping.signal.aborted) return;
      if (wasUp) {
        attempt = 0;
        options.onDown(because);
      }
      log.warn({ because, attempt }, 'ARI event socket is closed');
    }
    if (replaced) options.onReplaced();
  };

  return {
    start() {
      running ??= run();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** One connection from its opening to its end. Never rejects. */
function connection(
  options: EventSocketOptions,
  stop: AbortSignal,
  onReplaced: () => void,
): Promise<{ wasUp: boolean; because: string }> {
  const { log } = options;
  const address = new URL('/ari/events', options.url);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  address.searchParams.set('app', options.app);
  // As a header, not as `api_key` in the URL, which ends up in logs.
  const authorization = `Basic ${Buffer.from(`${options.user}:${options.password}`).toString('base64')}`;
  const socket = new WebSocket(address, { headers: { authorization }, handshakeTimeout: 5_000 });
  let backlog: AriEvent[] | null = [];
  let because = 'connection closed';
  let missed = 0;
  let closed = false;
  const give = (reason: string) => {
    because = reason;
    socket.terminate();
  };

  const handle = (event: AriEvent) => {
    if (event.type === 'ApplicationReplaced') {
      onReplaced();
      give('another controller took over');
      return;
    }
    guarded(() => options.onEvent(event), event.type);
  };
  const loggedAt = new Map<string, number>();
  const guarded = (act: () => void, type: string) => {
    try {
      act();
    } catch (error) {
      // A flood of broken frames must not become a flood of log lines.
      if (Date.now() - (loggedAt.get(type) ?? 0) < quietMs) return;
      loggedAt.set(type, Date.now());
      log.error({ err: error, type }, 'handling an ARI event failed');
    }
  };

  return new Promise((resolve) => {
    const ping = setInterval(() => {
      if (socket.readyState !== WebSocket.OPEN) return;
      missed += 1;
      if (missed > missedPongsUntilDead) give('no answer to pings');
      else socket.ping();
    }, options.pingEveryMs ?? 5_000);
    const onStop = () => {
      socket.close(1000);
      setTimeout(() => socket.terminate(), closeTimeoutMs).unref();
    };
    stop.addEventListener('abort', onStop, { once: true });

    socket.on('open', () => {
      options.resync().then(
        (bringUp) => {
          if (closed) return;
          const kept = backlog ?? [];
          backlog = null;
          guarded(bringUp, 'coming up');
          for (const event of kept) handle(event);
        },
        (error: unknown) => give(`cannot resync: ${error instanceof Error ? error.message : String(error)}`),
      );
    });
    socket.on('pong', () => {
      missed = 0;
    });
    socket.on('message', (data) => {
      const event = parseEvent(data.toString(), options.onStrangeFrame);
      if (event === null) return;
      if (backlog === null) handle(event);
      else if (backlog.push(event) > maxBacklog) give('too many events while resyncing');
    });
    socket.on('error', (error) => {
      because = error.message;
    });
    socket.on('close', (code, reason) => {
      closed = true;
      clearInterval(ping);
      stop.removeEventListener('abort', onStop);
      if (because === 'connection closed') because = `closed with ${code} ${reason.toString('utf8')}`.trim();
      resolve({ wasUp: backlog === null, because });
    });
  });
}

/** The event in a frame, or null when it is none that the API description names, or not as it describes it. */
function parseEvent(text: string, onStrangeFrame: EventSocketOptions['onStrangeFrame']): AriEvent | null {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    onStrangeFrame('unparsable');
    return null;
  }
  const type = typeof frame === 'object' && frame !== null && 'type' in frame ? frame.type : undefined;
  if (typeof type !== 'string' || !ariEventTypes.has(type)) {
    onStrangeFrame('unknown-type');
    return null;
  }
  if (isWellFormed(frame as AriEvent)) return frame as AriEvent;
  onStrangeFrame('malformed');
  return null;
}
