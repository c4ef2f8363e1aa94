import { type Instant, instant } from '../events/instant.ts';

export type ClockSources = {
  /** Milliseconds since 1970 as the machine believes; may jump. */
  wallMs(): number;
  /** Milliseconds since some moment; never jumps, and goes on across restarts of this process until the machine is started anew. */
  monotonicMs(): number;
};

/** How far the clock is ahead of the machine's monotonic one: all that a restart needs to go on with the same time. */
export type ClockOffset = number;

export interface SteadyClock {
  /** Never goes back and never jumps while anything is under way, but for steps of more than a day. */
  now(): Instant;
  /** A stamp of another program on this machine, just made, as this clock would have stamped it. */
  fromWall(at: Instant): Instant;
  /** How much later than the wall clock this one is: not 0 for a while after the wall clock was set. */
  aheadMs(): number;
  /** Nothing is under way that is measured by this clock: a wall clock that was set forward is followed at once. */
  nothingUnderWay(): void;
  /** Goes on with the time of the process before this one. */
  carryOn(offset: ClockOffset): void;
  /** Not earlier than this from now on: what is recorded already happened before now. */
  notBefore(at: Instant): void;
  offset(): ClockOffset;
}

/** While it catches up it is faster or slower by this share: every duration is right within it. */
const slewShare = 0.05;
/** Beyond this the wall clock is followed at once: a wrong date for weeks would be worse than one wrong duration. */
export const mostSlewedMs = 24 * 3_600_000;
/** Programs stamp a moment before they are read; a smaller difference is none. */
const sameMs = 1_000;

/**
 * The time by which we record and wait. It begins as the wall clock's, passes as the monotonic clock does, and when the wall clock is
 * set (by NTP, by hand, by a virtual machine that slept) moves towards it by 5 % of the time that passes: no duration is negative or
 * absurd, timers are neither all due at once nor never, and stamps come right again: after a step of 2 s within 40 s.
 */
export function createSteadyClock({ wallMs, monotonicMs }: ClockSources): SteadyClock {
  let lastMonotonicMs = monotonicMs();
  let oursMs = wallMs();

  const advance = (): number => {
    const monotonic = monotonicMs();
    const passedMs = Math.max(0, monotonic - lastMonotonicMs);
    lastMonotonicMs = monotonic;
    oursMs += passedMs;
    const behindMs = wallMs() - oursMs;
    const mostMs = Math.abs(behindMs) > mostSlewedMs ? Number.POSITIVE_INFINITY : passedMs * slewShare;
    oursMs += Math.max(-mostMs, Math.min(mostMs, behindMs));
    return oursMs;
  };

  return {
    now: () => instant(Math.floor(advance())),
    fromWall(at) {
      const aheadMs = advance() - wallMs();
      return Math.abs(aheadMs) < sameMs ? at : instant(Math.round(at + aheadMs));
    },
    aheadMs: () => Math.round(advance() - wallMs()),
    nothingUnderWay() {
      oursMs = Math.max(advance(), wallMs());
    },
    carryOn(offset) {
      lastMonotonicMs = monotonicMs();
      oursMs = lastMonotonicMs + offset;
    },
    notBefore(at) {
      if (at - wallMs() < mostSlewedMs) oursMs = Math.max(advance(), at);
    },
    offset: () => advance() - lastMonotonicMs,
  };
}
