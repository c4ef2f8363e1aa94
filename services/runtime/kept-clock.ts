import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { SteadyClock } from './steady-clock.ts';

type Kept = { bootId: string; offsetMs: number };

/** A smaller change is not worth a write. */
const worthKeepingMs = 100;
const keepEveryMs = 1_000;

/**
 * Keeps how far the clock is from the machine's, so that a controller that is started anew goes on with the same time: a wall clock
 * that was set meanwhile is no jump for what was under way. After a start of the machine the wall clock counts anew.
 */
export function keepClock(
  clock: SteadyClock,
  options: {
    file: string;
    /** Names this run of the machine. */
    bootId: string;
    onProblem: (error: unknown) => void;
    /** Whether nothing is under way that is measured by the clock. */
    idle: () => boolean;
  },
): { stop(): void } {
  const { file, bootId } = options;
  const kept = read(file);
  if (kept?.bootId === bootId) clock.carryOn(kept.offsetMs);
  let keptMs = Number.NaN;
  const keep = () => {
    if (options.idle()) clock.nothingUnderWay();
    const offsetMs = Math.round(clock.offset());
    if (Math.abs(offsetMs - keptMs) < worthKeepingMs) return;
    keptMs = offsetMs;
    try {
      writeFileSync(`${file}.new`, JSON.stringify({ bootId, offsetMs } satisfies Kept), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    } catch (error) {
      // A full disk, say. The next start then goes by the wall clock.
      options.onProblem(error);
    }
  };
  const timer = setInterval(keep, keepEveryMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

function read(file: string): Kept | null {
  try {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof kept === 'object' &&
      kept !== null &&
      'bootId' in kept &&
      'offsetMs' in kept &&
      typeof kept.bootId === 'string' &&
      Number.isFinite(kept.offsetMs)
      ? (kept as Kept)
      : null;
  } catch {
    // The first start, or damaged: the wall clock is as good.
    return null;
  }
}
