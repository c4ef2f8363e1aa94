import type { Standing } from './lease.ts';

export type HangGuardOptions = {
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs: () => number;
  /** Asks anew who may act. */
  readonly confirm: () => Promise<Standing>;
  readonly schedule: (ms: number, callback: () => void) => () => void;
  readonly onHung: (forMs: number) => void;
};

export type HangGuard = ReturnType<typeof createHangGuard>;

const tickEveryMs = 250;
/** Nobody takes over from a holder that was silent for less. */
const hungAfterMs = 2_000;
/** What Asterisk has told us meanwhile, such as that another has taken over, is read within this time. */
const readWithinMs = 200;

/**
 * A controller that hung (stopped, or starved of the processor) may have been replaced meanwhile without having heard of it. From
 * the moment it runs on, nothing is decided and nothing sent before it has asked again. Costs a look at the clock each time.
 */
export function createHangGuard({ nowMs, confirm, schedule, onHung }: HangGuardOptions) {
  let aliveMs = nowMs();
  let unsure: Promise<boolean> | null = null;
  let cancel: () => void = () => undefined;

  function look(): void {
    const now = nowMs();
    const silentMs = now - aliveMs;
    aliveMs = now;
    if (silentMs < hungAfterMs) return;
    onHung(silentMs);
    const mine = ask().then((acts) => {
      if (unsure === mine && acts) unsure = null;
      return acts;
    });
    unsure = mine;
  }

  async function ask(): Promise<boolean> {
    const [standing] = await Promise.all([
      confirm(),
      new Promise<void>((done) => schedule(readWithinMs, done)),
    ]);
    return standing !== 'lost';
  }

  function tick(): void {
    look();
    cancel = schedule(tickEveryMs, tick);
  }
  tick();

  /** true, or a promise of whether this controller still acts. */
  function mayAct(): true | Promise<boolean> {
    look();
    return unsure ?? true;
  }

  return {
    mayAct,
    /** Runs work a little later; not at all when this controller does not act any more. */
    defer(work: () => void): void {
      const may = mayAct();
      if (may === true) queueMicrotask(work);
      else
        void may.then((acts) => {
          if (acts) work();
        });
    },
    stop: (): void => cancel(),
  };
}
