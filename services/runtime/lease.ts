import { setTimeout as pause } from 'node:timers/promises';
import type { LeasePort, LeaseRow } from './lease-port.ts';

export type LeaseOptions = {
  readonly port: LeasePort;
  /** Names this controller for good: its journal. A controller that is started again in the same home is the same holder. */
  readonly holder: string;
  /** The same after taking over from another: then it begins a journal anew. */
  readonly heir: string;
  /** For people: machine and home. */
  readonly place: string;
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs: () => number;
  readonly log: { info(what: object, text: string): void; warn(what: object, text: string): void };
  readonly times?: Partial<typeof leaseTimes>;
};

/** `expiresMs`: as long as a waiting controller must itself have seen the lease unrenewed, all its questions answered. */
export const leaseTimes = { renewEveryMs: 1_000, expiresMs: 3_000, askEveryMs: 250, answerWithinMs: 1_000 };

/** Whose lease it was before: our own, nobody's, or that of another controller, whose state we go on from. */
export type Taken = { readonly from: 'self' | 'nobody' | { readonly journalId: string } };

/** What the lease says now; `unknown` when Postgres does not answer. */
export type Standing = 'held' | 'lost' | 'unknown';

export type AcquireOptions = {
  /** This home acted last as far as it knows: then it goes on when Postgres does not answer. */
  readonly actedLast: boolean;
  /** Called whenever it turns out that it has to wait, or for another reason: whether another controller acts. */
  readonly onWaiting: (anotherActs: boolean) => Promise<void>;
  readonly signal: AbortSignal;
};

export type Lease = ReturnType<typeof createLease>;

/**
 * One controller acts: the one that holds the lease. It is renewed each second. Another takes it only when it was given back, or
 * when it has seen it unrenewed for 3 s with all its questions answered: while Postgres is away nobody takes over, and when it
 * is back the holder has its time to renew. The holder goes on while Postgres is away.
 */
export function createLease(options: LeaseOptions) {
  const { port, place, nowMs, log } = options;
  let { holder } = options;
  const times = { ...leaseTimes, ...options.times };
  const over = new AbortController();
  /** null while we act without having asked: Postgres was away when we started. */
  let fence: number | null = null;
  let standing: Standing = 'unknown';
  let asking: Promise<Standing> | null = null;
  let lost: (row: LeaseRow) => void = () => undefined;

  async function tryToTake(seen: LeaseRow, as = holder): Promise<boolean> {
    const taken = await within(times.answerWithinMs, port.take(as, place, seen));
    if (taken === null) return false;
    fence = taken;
    holder = as;
    return true;
  }

  /**
   * Waits until this controller may act.
   * @returns null when `signal` fired before
   */
  async function acquire({ actedLast, onWaiting, signal }: AcquireOptions): Promise<Taken | null> {
    let watched: { row: LeaseRow; sinceMs: number; answeredMs: number } | null = null;
    let said = '';
    while (!signal.aborted) {
      let why: string;
      try {
        const askedMs = nowMs();
        const row = await within(times.answerWithinMs, port.read());
        const from = whose(row);
        const unbroken = watched !== null && askedMs - watched.answeredMs < times.answerWithinMs;
        if (!unbroken || watched === null || !same(row, watched.row))
          watched = { row, sinceMs: askedMs, answeredMs: askedMs };
        watched.answeredMs = nowMs();
        const free = typeof from === 'string' || row.givenBack;
        const as = typeof from === 'string' ? holder : options.heir;
        if ((free || askedMs - watched.sinceMs >= times.expiresMs) && (await tryToTake(row, as))) {
          log.info({ fence, from, place: row.place }, 'this controller acts');
          return { from };
        }
        why = `the controller at ${row.place} acts`;
      } catch (error) {
        if (actedLast) {
          log.warn({ err: error }, 'Postgres does not answer; this controller acted last and goes on');
          return { from: 'self' };
        }
        watched = null;
        why = `Postgres does not say who acts (${error instanceof Error ? error.message : String(error)})`;
      }
      if (why !== said) {
        log.info({}, `waiting to take over: ${why}`);
        await onWaiting(watched !== null);
      }
      said = why;
      await rest(times.askEveryMs, signal);
    }
    return null;
  }

  const whose = (row: LeaseRow): Taken['from'] =>
    row.holder === null ? 'nobody' : row.holder === holder ? 'self' : { journalId: row.holder };

  async function ask(): Promise<Standing> {
    try {
      if (fence !== null && (await within(times.answerWithinMs, port.renew(holder, fence)))) return 'held';
      const row = await within(times.answerWithinMs, port.read());
      // A lower fence than ours: the database was set back to an older state. Nobody has taken over in that.
      const ours = row.holder === null || row.holder === holder || (fence !== null && row.fence < fence);
      if (ours && (await tryToTake(row))) return 'held';
      if (ours) return 'unknown';
      lost(row);
      return 'lost';
    } catch (error) {
      if (standing === 'held')
        log.warn({ err: error }, 'the lease cannot be renewed; this controller goes on');
      return 'unknown';
    }
  }

  function renew(): Promise<Standing> {
    asking ??= ask().then((now) => {
      standing = standing === 'lost' ? 'lost' : now;
      asking = null;
      return standing;
    });
    return asking;
  }

  return {
    acquire,
    /** Renews it from now on; `onLost` is called once, when another controller has it. */
    hold(onLost: (row: LeaseRow) => void): void {
      lost = (row) => {
        if (!over.signal.aborted) onLost(row);
        over.abort();
      };
      const keep = async () => {
        while (!over.signal.aborted) {
          await renew();
          await rest(times.renewEveryMs, over.signal);
        }
      };
      void keep();
    },
    /** Asks now; an answer that was on its way already does not count. */
    async confirm(): Promise<Standing> {
      await asking;
      return renew();
    },
    /** Ends: another may take it at once, unless we have lost it. Never rejects. */
    async giveBack(): Promise<void> {
      const had = fence;
      if (over.signal.aborted || had === null) return;
      over.abort();
      await asking;
      await within(times.answerWithinMs, port.giveBack(holder, had)).catch((error: unknown) =>
        log.warn({ err: error }, 'the lease could not be given back; it expires in 3 s'),
      );
    },
  };
}

const same = (a: LeaseRow, b: LeaseRow): boolean =>
  a.holder === b.holder && a.fence === b.fence && a.renewals === b.renewals;

async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  const limit = Promise.withResolvers<never>();
  const timer = setTimeout(() => limit.reject(new Error(`no answer within ${ms} ms`)), ms);
  try {
    return await Promise.race([answer, limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
