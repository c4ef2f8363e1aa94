import type { HistoryPort } from './history-port.ts';
import type { Journal } from './journal.ts';

export type ShipperOptions = {
  journal: Pick<Journal, 'shippedAs' | 'agree' | 'readDurable' | 'lastSeq'>;
  history: HistoryPort;
  schedule: (ms: number, callback: () => void) => () => void;
  /** Told when Postgres goes away and when it is back. */
  onState: (up: boolean, problem: string | null) => void;
  onShipped: (seq: number) => void;
  /** Told of numbers that are not in the journal: lost, or let go when it was full. */
  onMissing?: (missing: { after: number; before: number; events: number }) => void;
};

const batchEvents = 2_000;
/** Events are gathered this long before they are sent: a record is complete well within 2 s of the hang-up. */
const gatherMs = 100;
const shortestRetryMs = 500;
const longestRetryMs = 5_000;
/** Postgres counts as away when a batch takes longer: it hangs, or is so slow that its data is stale. */
const lateMs = 10_000;

/** Copies the journal to Postgres in order, in batches, exactly once; tries for ever. No call waits for it. */
export function createShipper(options: ShipperOptions) {
  const { journal, history, schedule } = options;
  let shipped: number | null = null;
  let lastShipped = 0;
  let busy = false;
  let stopped = false;
  let started = false;
  let retryMs = shortestRetryMs;
  let cancel: (() => void) | null = null;
  let up: boolean | null = null;
  const waiting = new Set<{ seq: number; done: () => void }>();

  function nudge(ms = gatherMs): void {
    if (!started || busy || stopped || cancel) return;
    cancel = schedule(ms, () => {
      cancel = null;
      void ship();
    });
  }

  async function ship(): Promise<void> {
    busy = true;
    let again: number | null = null;
    const cancelLate = schedule(lateMs, () => setUp(false, `no answer for ${lateMs / 1_000} s`));
    try {
      shipped ??= journal.agree(await history.position(journal.shippedAs));
      lastShipped = shipped;
      const events = journal.readDurable(shipped, batchEvents);
      const last = events.at(-1);
      if (last) {
        await history.write(journal.shippedAs, events, shipped);
        const missing = last.seq - shipped - events.length;
        if (missing > 0) options.onMissing?.({ after: shipped, before: last.seq, events: missing });
        shipped = last.seq;
        lastShipped = shipped;
        options.onShipped(shipped);
      }
      for (const one of waiting) if (one.seq <= lastShipped) one.done();
      if (events.length === batchEvents) again = 0;
      else if (shipped < journal.lastSeq) again = gatherMs;
      retryMs = shortestRetryMs;
      setUp(true, null);
    } catch (error) {
      // Asked anew: the database may have been restored to an older state.
      shipped = null;
      setUp(false, error instanceof Error ? error.message : String(error));
      again = retryMs;
      retryMs = Math.min(longestRetryMs, retryMs * 2);
    } finally {
      cancelLate();
      busy = false;
    }
    if (again !== null) nudge(again);
  }

  function forgetTimer(): void {
    cancel?.();
    cancel = null;
  }

  function setUp(now: boolean, problem: string | null): void {
    if (up !== now) options.onState(now, problem);
    up = now;
  }

  return {
    /** There are new events. */
    nudge: (): void => nudge(),
    /** Begins to ship; the tables must be there. */
    start(): void {
      started = true;
      nudge(0);
    },
    /** Events that are not in Postgres yet; all of the journal's until Postgres has been asked once. */
    backlog: (): number => Math.max(0, journal.lastSeq - lastShipped),
    up: (): boolean => up === true,
    /** Resolves when everything that is in the journal now is in Postgres. @throws {Error} when it is not within `ms` */
    caughtUp(ms: number): Promise<void> {
      const seq = journal.lastSeq;
      if (started && lastShipped >= seq) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const forget = () => {
          cancelLimit();
          waiting.delete(one);
        };
        const one = {
          seq,
          done: () => {
            forget();
            resolve();
          },
        };
        const cancelLimit = schedule(ms, () => {
          forget();
          reject(new Error(`${seq - lastShipped} events are not in Postgres yet`));
        });
        waiting.add(one);
      });
    },
    /** Tries once more to empty the backlog, for at most `ms`, then stops. */
    async stop(ms: number): Promise<void> {
      const deadline = new Promise<void>((done) => schedule(ms, done));
      forgetTimer();
      while (busy) await Promise.race([new Promise<void>((done) => schedule(20, done)), deadline]);
      if (started && (shipped === null || shipped < journal.lastSeq)) await Promise.race([ship(), deadline]);
      stopped = true;
      forgetTimer();
    },
  };
}
