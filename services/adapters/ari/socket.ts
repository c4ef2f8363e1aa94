import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { type Heartbeat, startHeartbeat } from '../../runtime/heartbeat.ts';
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
  /**
   * The connection is lost, or cannot be made in the first place. Told once until it is up again; `silentMs` is how long ago the
   * last sign of life came.
   */
  onDown(because: string, silentMs: number): void;
  /** Asks for something small, by a request; `answered` is to be called for any request that gets an answer. */
  askForLife(): void;
  /** Another controller has taken the application. No reconnecting from here on: two must not fight over the calls. */
  onReplaced(): void;
  /** Frames that were no event we know; counted, never fatal. */
  onStrangeFrame(what: 'unparsable' | 'unknown-type' | 'malformed'): void;
  /** Uniform in [0, 1), for the jitter of reconnecting. */
  random?: () => number;
  /** Between two signs of life asked for. Default 1 s; Asterisk counts as unreachable after four of them. */
  pingEveryMs?: number;
};

export interface EventSocket {
  start(): void;
  /** A request got an answer. */
  answered(): void;
  stop(): Promise<void>;
}

const backoffMs = { first: 100, most: 2_000 };
/** With four beats of a second, silence is noticed within 5 s, and a wire that stalls for 3 s is not taken for cut. */
const usualPingMs = 1_000;
const beatsUntilSilent = 4;
/**
 * After a standstill of our own like this, what waits in the socket is too old to be acted upon: others may have served the callers
 * since (infra/supervisor/watchdog.ts). We ask anew how things are, as after any loss of the connection.
 */
const standstillMs = 5_000;
/** A failing handler is logged once per type of event in this time. */
const quietMs = 10_000;
/** Asterisk answers a close frame at once; one that does not is not waited for. */
const closeTimeoutMs = 500;
/** The connection's heart, while there is one. Asterisk lives on the event socket (events, pongs) and in answers to requests. */
type Life = { heartbeat: Heartbeat<'pings' | 'requests'> | null };
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
  let toldDown = false;
  const life: Life = { heartbeat: null };

  const run = async () => {
    for (let attempt = 0; !stopping.signal.aborted && !replaced; attempt += 1) {
      if (attempt > 0) {
        const longest = Math.min(backoffMs.most, backoffMs.first * 2 ** Math.min(attempt - 1, 10));
        await delay(longest * (0.5 + random() / 2), undefined, { signal: stopping.signal }).catch(
          () => undefined,
        );
        if (stopping.signal.aborted) return;
      }
      const { wasUp, because, silentMs } = await connection(options, stopping.signal, life, () => {
        replaced = true;
      });
      if (stopping.signal.aborted) return;
      if (wasUp) attempt = 0;
      if (wasUp || !toldDown) options.onDown(because, silentMs);
      toldDown = true;
      log.warn({ because, attempt }, 'ARI event socket is closed');
    }
    if (replaced) options.onReplaced();
  };

  return {
    start() {
      running ??= run();
    },
    answered: () => life.heartbeat?.heard('requests'),
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
  life: Life,
  onReplaced: () => void,
): Promise<{ wasUp: boolean; because: string; silentMs: number }> {
  const { log } = options;
  const address = new URL('/ari/events', options.url);
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  address.searchParams.set('app', options.app);
  // As a header, not as `api_key` in the URL, which ends up in logs.
  const authorization = `Basic ${Buffer.from(`${options.user}:${options.password}`).toString('base64')}`;
  const socket = new WebSocket(address, { headers: { authorization }, handshakeTimeout: 4_000 });
  let backlog: AriEvent[] | null = [];
  let because = 'connection closed';
  let silentMs = 0;
  let closed = false;
  let given = false;
  const give = (reason: string) => {
    given = true;
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
    const pingEveryMs = options.pingEveryMs ?? usualPingMs;
    const startBeating = () => {
      life.heartbeat = startHeartbeat({
        signs: ['pings', 'requests'],
        everyMs: pingEveryMs,
        silentMs: pingEveryMs * beatsUntilSilent,
        ask: () => {
          if (socket.readyState === WebSocket.OPEN) socket.ping();
          options.askForLife();
        },
        standstillMs,
        onStoodStill: (ms) => {
          silentMs = ms;
          give(`this controller stood still for ${ms} ms`);
        },
        onSilent: (missing, ms) => {
          silentMs = ms;
          give(`unreachable: no answer to ${missing} for ${ms} ms`);
        },
      });
    };
    const onStop = () => {
      socket.close(1000);
      setTimeout(() => socket.terminate(), closeTimeoutMs).unref();
    };
    stop.addEventListener('abort', onStop, { once: true });

    socket.on('open', () => {
      startBeating();
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
    socket.on('pong', () => life.heartbeat?.heard('pings'));
    socket.on('message', (data) => {
      if (given) return;
      life.heartbeat?.heard('pings');
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
      life.heartbeat?.stop();
      life.heartbeat = null;
      stop.removeEventListener('abort', onStop);
      if (because === 'connection closed') because = `closed with ${code} ${reason.toString('utf8')}`.trim();
      resolve({ wasUp: backlog === null, because, silentMs });
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
