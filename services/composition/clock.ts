import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { Instant } from '../events/instant.ts';
import { keepClock } from '../runtime/kept-clock.ts';
import { createSteadyClock } from '../runtime/steady-clock.ts';
import { journalFileOf } from './local-files.ts';

const steady = createSteadyClock({
  wallMs: () => Date.now(),
  monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
});

/** The time by which everything is recorded and timed: the wall clock's, but for its jumps. */
export const clock = (): Instant => steady.now();
/** A stamp of Asterisk's, just made, by that time. */
export const fromWall = (at: Instant): Instant => steady.fromWall(at);

/** Goes on with the time of the controller before this one, and keeps it for the next. */
export function carryClockOn(config: Config, log: Logger, idle: () => boolean): { stop(): void } {
  const aheadOften = setInterval(() => {
    const aheadMs = steady.aheadMs();
    if (Math.abs(aheadMs) > 1_000)
      log.warn({ aheadMs }, 'the clock of this machine was set: times of records approach it slowly');
  }, 60_000);
  aheadOften.unref();
  const kept = keepClock(steady, {
    file: join(dirname(journalFileOf(config)), 'clock.json'),
    bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    onProblem: (error) => log.warn({ err: error }, 'the time cannot be kept for the next start'),
    idle,
  });
  return {
    stop() {
      clearInterval(aheadOften);
      kept.stop();
    },
  };
}

/** The time of what is recorded already is past. */
export const clockNotBefore = (at: Instant): void => steady.notBefore(at);

/** Calls back once, after at least `ms`; returns how to cancel. */
export function schedule(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}
