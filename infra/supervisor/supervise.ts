import type { Part } from '../parts/part.ts';
import { ManagedPart, type ManagedPartOptions } from './managed-part.ts';

export type Supervision = {
  readonly parts: readonly ManagedPart[];
  /** All parts are healthy. Rejects with the first failure, after everything that was started has been stopped. */
  readonly ready: Promise<void>;
  /** Stops all parts, the last one first. The second call hurries: what still runs is killed. */
  stop(): Promise<void>;
  /** Fires as soon as stopping begins, before anything is stopped. */
  readonly stopping: AbortSignal;
  /** Everything has been stopped. */
  readonly stopped: Promise<void>;
};

/** Starts parts, each as soon as those it comes after are healthy, and keeps them running. */
export function supervise(parts: readonly Part[], options: ManagedPartOptions): Supervision {
  const managed = parts.map((part) => new ManagedPart(part, options));
  const hurry = new AbortController();
  const { promise: stopped, resolve, reject } = Promise.withResolvers<void>();
  const stopping = new AbortController();

  const stopAll = async (): Promise<void> => {
    for (const one of managed) one.giveUp();
    for (const one of managed.toReversed()) await one.stop(hurry.signal);
  };
  const stop = (): Promise<void> => {
    if (stopping.signal.aborted) {
      hurry.abort();
      return stopped;
    }
    stopping.abort();
    stopAll().then(resolve, reject);
    return stopped;
  };
  const stopOnFailure = (): Promise<void> => (stopping.signal.aborted ? stopped : stop());
  const ready = startAll(managed, options, stopOnFailure);
  return { parts: managed, ready, stop, stopping: stopping.signal, stopped };
}

async function startAll(
  managed: readonly ManagedPart[],
  options: ManagedPartOptions,
  stop: () => Promise<void>,
): Promise<void> {
  const starts = new Map<string, Promise<void>>();
  for (const one of managed) {
    const before = one.part.after.map((name) => {
      const start = starts.get(name);
      if (!start) throw new Error(`${one.part.name} comes after ${name}, which is not before it in the list`);
      return start;
    });
    starts.set(one.part.name, startAfter(before, one, options));
  }
  try {
    await Promise.all(starts.values());
  } catch (error) {
    await stop();
    throw error;
  } finally {
    // Each start is awaited whatever became of the others, so that no failure goes unheard and nothing is left starting.
    await Promise.allSettled(starts.values());
  }
}

async function startAfter(
  before: readonly Promise<void>[],
  one: ManagedPart,
  options: ManagedPartOptions,
): Promise<void> {
  await Promise.all(before);
  const startedAtMs = performance.now();
  await one.start();
  options.report(`✓ ${one.part.name} … ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`);
}
