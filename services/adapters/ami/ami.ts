import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Heartbeat, startHeartbeat } from '../../runtime/heartbeat.ts';
import { AmiConnection } from './connection.ts';
import { type AmiAction, AmiError, type AmiMessage, text } from './message.ts';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

export type AmiOptions = {
  /** AMI is for this machine only. Default 127.0.0.1. */
  host?: string;
  port: number;
  user: string;
  password: string;
  log: Log;
  /** Names of the events wanted; Asterisk keeps the others to itself. */
  events: readonly string[];
  onEvent(event: AmiMessage): void;
  /** Logged in: ask for what you need to know. Until it resolves, and when it rejects, the connection does not count as up. */
  onUp(ami: Pick<AmiConnection, 'action' | 'list'>): Promise<void>;
  onDown?(because: string): void;
  /** Whether this controller may act; asked before each action that is no question. */
  mayAct?: () => true | Promise<boolean>;
  timeoutMs?: number;
  heartbeatEveryMs?: number;
  random?: () => number;
};

/** Asterisk's manager interface, for what ARI cannot do. Reconnects for ever. */
export interface Ami {
  start(): void;
  stop(): Promise<void>;
  /** Rejects with {@link AmiError}; `not-connected` at once while it is down. */
  action(action: AmiAction): Promise<AmiMessage>;
  list(action: AmiAction): Promise<AmiMessage[]>;
}

/** A handler that fails again and again is logged once in this time. */
const quietMs = 10_000;
const backoffMs = { first: 200, most: 2_000 };
/** Silence is noticed within 5 s. */
const usualHeartbeatMs = 1_000;
const beatsUntilSilent = 4;

export function createAmi(options: AmiOptions): Ami {
  const { log } = options;
  const random = options.random ?? Math.random;
  const timeoutMs = options.timeoutMs ?? 5_000;
  const stopping = new AbortController();
  let current: AmiConnection | null = null;
  let running: Promise<void> | null = null;

  let failedAtMs = Number.NEGATIVE_INFINITY;
  const guarded = (event: AmiMessage) => {
    try {
      options.onEvent(event);
    } catch (error) {
      if (performance.now() - failedAtMs < quietMs) return;
      failedAtMs = performance.now();
      log.error({ err: error, event: text(event, 'event').slice(0, 100) }, 'handling an AMI event failed');
    }
  };

  /** From connecting to the end of the connection; gives the reason of the end, and whether it had been up. */
  const oneConnection = async (): Promise<{ wasUp: boolean; because: string }> => {
    const over = Promise.withResolvers<string>();
    const onStop = () => over.resolve('stopped');
    let connection: AmiConnection | null = null;
    let heartbeat: Heartbeat<'pings'> | undefined;
    let wasUp = false;
    try {
      const { user, password, port } = options;
      const host = options.host ?? '127.0.0.1';
      connection = await AmiConnection.open({
        host,
        port,
        user,
        password,
        timeoutMs,
        mayAct: options.mayAct,
        onEvent: guarded,
        onClosed: over.resolve,
      });
      await subscribe(connection, options.events);
      await options.onUp(connection);
      if (stopping.signal.aborted) return { wasUp, because: 'stopped' };
      wasUp = true;
      current = connection;
      stopping.signal.addEventListener('abort', onStop);
      const beat = connection;
      const everyMs = options.heartbeatEveryMs ?? usualHeartbeatMs;
      heartbeat = startHeartbeat({
        signs: ['pings'],
        everyMs,
        silentMs: everyMs * beatsUntilSilent,
        ask: () =>
          void beat.action({ action: 'Ping' }).then(
            () => heartbeat?.heard('pings'),
            // No answer is what the heartbeat waits to hear.
            () => undefined,
          ),
        onSilent: (_, ms) => over.resolve(`unreachable: no answer to pings for ${ms} ms`),
      });
      return { wasUp, because: await over.promise };
    } catch (error) {
      return { wasUp, because: error instanceof Error ? error.message : String(error) };
    } finally {
      heartbeat?.stop();
      stopping.signal.removeEventListener('abort', onStop);
      current = null;
      connection?.close();
    }
  };

  const run = async () => {
    for (let attempt = 0; !stopping.signal.aborted; attempt += 1) {
      if (attempt > 0) {
        const longest = Math.min(backoffMs.most, backoffMs.first * 2 ** Math.min(attempt - 1, 10));
        await delay(longest * (0.5 + random() / 2), undefined, { signal: stopping.signal }).catch(
          () => undefined,
        );
        if (stopping.signal.aborted) return;
      }
      const { wasUp, because } = await oneConnection();
      if (stopping.signal.aborted) return;
      log.warn({ because, attempt }, 'AMI connection is closed');
      if (!wasUp) continue;
      attempt = 0;
      options.onDown?.(because);
    }
  };

  const connected = (action: AmiAction): AmiConnection => {
    if (!current) throw new AmiError(action.action, 'not-connected', 'AMI is down');
    return current;
  };

  return {
    start() {
      running ??= run();
    },
    async stop() {
      stopping.abort();
      await running;
    },
    action: async (action) => connected(action).action(action),
    list: async (action) => connected(action).list(action),
  };
}

/** Filters first: with events on and no filter, every step of every call would be sent to us. Names match exactly. */
async function subscribe(connection: AmiConnection, events: readonly string[]): Promise<void> {
  for (const event of events) {
    await connection.action({
      action: 'Filter',
      Operation: 'Add',
      MatchCriteria: `action(include),name(${event})`,
      Filter: '',
    });
  }
  await connection.action({ action: 'Events', EventMask: events.length === 0 ? 'off' : 'on' });
}
