import { type Instant, instant } from '../events/instant.ts';
import { type FirstCalls, firstCallResolution } from '../kpi/first-call-resolution.ts';
import type { FirstCallsPort } from './first-calls-port.ts';

export type FirstCallsOptions = {
  port: FirstCallsPort;
  clock: () => Instant;
  schedule: (ms: number, callback: () => void) => () => void;
  log: { warn(what: object, text: string): void };
};

const dayMs = 86_400_000;
/** In which a customer who calls again was not helped by the first call: 7 days as the trade has it, and one for those who look daily. */
export const firstCallWindows = { '24h': dayMs, '7d': 7 * dayMs } as const;
export type FirstCallWindow = keyof typeof firstCallWindows;

/**
 * Of the first calls that began in the window before the last one, each of which has had its whole window. A hotline that had none then is
 * counted by those of the last window, `provisional` as these customers may yet call again.
 */
export type FirstCallRatio = {
  readonly hotline: string;
  readonly window: FirstCallWindow;
  readonly provisional: boolean;
  /** 0…1 */
  readonly ratio: number;
};

const firstAfterMs = 5_000;
const everyMs = 15 * 60_000;
const againAfterMs = 5 * 60_000;

/** Counts first calls over the records now and then. What was counted last stands while Postgres is away. */
export function watchFirstCalls({ port, clock, schedule, log }: FirstCallsOptions) {
  let ratios: readonly FirstCallRatio[] = [];
  let failing = false;
  let stopped = false;
  let cancel: () => void = () => undefined;

  async function count(): Promise<void> {
    const now = clock();
    const counted: FirstCallRatio[] = [];
    for (const [window, windowMs] of Object.entries(firstCallWindows) as [FirstCallWindow, number][]) {
      const closed = instant(now - windowMs);
      const final = await port.firstCalls(instant(closed - windowMs), closed, windowMs);
      const sofar = [...(await port.firstCalls(closed, now, windowMs))].filter(
        ([hotline]) => !final.has(hotline),
      );
      counted.push(...ratiosOf(final, window, false), ...ratiosOf(sofar, window, true));
    }
    ratios = counted;
  }

  async function work(): Promise<void> {
    let next = everyMs;
    try {
      await count();
      failing = false;
    } catch (error) {
      if (!failing) log.warn({ err: error }, 'first calls cannot be counted now; it is tried again');
      failing = true;
      next = againAfterMs;
    }
    arm(next);
  }

  function arm(ms: number): void {
    if (!stopped) cancel = schedule(ms, () => void work());
  }

  return {
    start: (): void => arm(firstAfterMs),
    /** As of the last time they were counted; nothing of hotlines that had no first call. */
    ratios: (): readonly FirstCallRatio[] => ratios,
    stop(): void {
      stopped = true;
      cancel();
    },
  };
}

function ratiosOf(
  counts: Iterable<readonly [string, FirstCalls]>,
  window: FirstCallWindow,
  provisional: boolean,
): FirstCallRatio[] {
  return [...counts].flatMap(([hotline, calls]) => {
    const ratio = firstCallResolution(calls);
    return ratio === null ? [] : [{ hotline, window, provisional, ratio }];
  });
}
