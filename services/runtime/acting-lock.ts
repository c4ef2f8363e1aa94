import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';

/** How soon a waiting controller notices that the acting one has died. One try costs some 20 µs. */
const tryEveryMs = 25;

/** Only one controller of a home acts. Held until released or until the process ends, however it ends: the kernel sees to that. */
export type ActingLock = {
  /** Whether another controller acted until now. */
  readonly waited: boolean;
  release(): void;
};

/**
 * Waits until no other controller of this home acts, then takes its place. The lock is an exclusive transaction on an SQLite file
 * of its own beside the journal: who holds it may open the journal, nobody else.
 * @param options.onWaiting called once when another controller acts
 * @returns null when `signal` fired before it was our turn
 */
export async function awaitActingLock(
  homeDir: string,
  options: { onWaiting: () => void; signal: AbortSignal },
): Promise<ActingLock | null> {
  const file = join(homeDir, 'journal', 'acting.lock');
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(file, { timeout: 0 });
  for (let said = false; !options.signal.aborted; said = true) {
    if (tryToLock(db)) return { waited: said, release: () => db.close() };
    if (!said) options.onWaiting();
    await pause(tryEveryMs, undefined, { signal: options.signal }).catch((error: unknown) => {
      if (!options.signal.aborted) throw error;
    });
  }
  db.close();
  return null;
}

function tryToLock(db: DatabaseSync): boolean {
  try {
    db.exec('begin exclusive');
    return true;
  } catch (error) {
    const busy = 5;
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) return false;
    throw error;
  }
}

const waitingFile = (homeDir: string): string => join(homeDir, 'run', 'controller-waiting');

/** Notes that this process has loaded and checked everything and waits for its turn. */
export function noteWaiting(homeDir: string): void {
  mkdirSync(dirname(waitingFile(homeDir)), { recursive: true, mode: 0o700 });
  writeFileSync(waitingFile(homeDir), String(process.pid), { mode: 0o600 });
}

/** The process that noted last that it waits; null when none did. */
export function waitingPid(homeDir: string): number | null {
  try {
    return Number(readFileSync(waitingFile(homeDir), 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
