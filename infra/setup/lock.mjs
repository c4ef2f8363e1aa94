// A lock file that survives crashes: it names its holder (pid and start time), so a dead holder's lock is recognised.
// Plain JavaScript because bootstrap.mjs uses it before anything is installed.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 200;

/**
 * Runs `work` while holding the lock `path`; waits for as long as a living process holds it.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {(holderPid: number) => void} [onWait] called once if another process holds the lock
 * @returns {Promise<T>}
 */
export async function withLock(path, work, onWait = () => undefined) {
  let told = false;
  for (;;) {
    const holder = tryTake(path);
    if (holder === null) break;
    if (!told) onWait(holder);
    told = true;
    await pause(POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** Null when we now hold the lock, else the pid of the living holder. */
function tryTake(path) {
  const mine = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, startedAt: startTimeOf(process.pid) }));
  try {
    for (;;) {
      try {
        linkSync(mine, path); // atomic: the lock appears with its content or not at all
        return null;
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const seen = read(path);
      if (seen === null) continue; // released meanwhile
      const holder = parse(seen);
      if (holder && startTimeOf(holder.pid) === holder.startedAt) return holder.pid;
      removeStale(path, seen);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Removes the lock only if it still is the dead holder's: another process may have replaced it since we looked. */
function removeStale(path, seen) {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (read(aside) !== seen) linkSync(aside, path);
  rmSync(aside, { force: true });
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null; // written by something else: nobody's lock
  }
}

/** Kernel start time of a process (field 22 of /proc/PID/stat), so that a reused pid is not taken for the holder. */
function startTimeOf(pid) {
  const stat = read(`/proc/${pid}/stat`);
  return stat === null ? null : (stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null);
}
