import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Part } from '../parts/part.ts';
import { rotateWhenLarge } from './log-files.ts';
import { removePidFile, writePidFile } from './pid-files.ts';
import { sendSignal } from './process.ts';

/** A program that was started. */
export type Running = {
  /** Under which its process id is noted. */
  name: string;
  readonly launchedAs: string;
  readonly child: ChildProcess;
  readonly startedAtMs: number;
  /** Size of the log file when it started: what it wrote itself comes after. */
  readonly logFrom: number;
  /** How it ended, for people (`exit code 1`, `SIGKILL`, `could not be run: …`); null while it runs. */
  ending: string | null;
  /** Fires when it has ended. */
  readonly over: AbortSignal;
};

/** Starts a part's program in a session of its own, its output appended to its log, and notes its process id. */
export function launch(part: Part, logFile: string, runDir: string): Running {
  const { program, args, cwd, env } = part.launch();
  rotateWhenLarge(logFile);
  // The program holds its log file itself: it can write on when we are killed, and dies of no broken pipe.
  const log = openSync(logFile, 'a', 0o600);
  const logFrom = fstatSync(log).size;
  const child = spawn(program.command, [...program.args, ...args], {
    cwd,
    env: { ...env, ...program.env },
    stdio: ['ignore', log, log],
    // A session of its own: the terminal's Ctrl-C reaches us alone, and the order of stopping is ours.
    detached: true,
  });
  closeSync(log);
  const over = new AbortController();
  const running: Running = {
    name: part.name,
    launchedAs: part.name,
    child,
    startedAtMs: performance.now(),
    logFrom,
    ending: null,
    over: over.signal,
  };
  const end = (ending: string): void => {
    // Whatever it started and left behind belongs to its group.
    if (child.pid !== undefined) sendSignal(-child.pid, 'SIGKILL');
    removePidFile(runDir, running.name);
    running.ending = ending;
    over.abort();
  };
  child.once('error', (error) => end(`could not be run: ${error.message}`));
  child.once('exit', (code, signal) => end(signal ?? `exit code ${code}`));
  if (child.pid !== undefined) writePidFile(runDir, part.name, child.pid, part.stopSignal);
  return running;
}

/** Notes its process id under another name from now on. */
export function rename(running: Running, part: Part, runDir: string): void {
  removePidFile(runDir, running.name);
  running.name = part.name;
  if (running.child.pid !== undefined && running.ending === null)
    writePidFile(runDir, part.name, running.child.pid, part.stopSignal);
}

/** Asks a program to end, kills it after `limitMs` or when `hurry` fires. Returns when it has ended: whether by itself. */
export async function end(
  running: Running,
  stopSignal: NodeJS.Signals,
  limitMs: number,
  hurry?: AbortSignal,
): Promise<boolean> {
  const { pid } = running.child;
  if (pid === undefined || running.ending !== null) return true;
  if (limitMs > 0 && !hurry?.aborted) {
    sendSignal(pid, stopSignal);
    await rest(limitMs, hurry ? AbortSignal.any([running.over, hurry]) : running.over);
  }
  if (running.ending !== null) return true;
  sendSignal(-pid, 'SIGKILL');
  // Nothing survives SIGKILL for long; a process stuck in the kernel is not waited for.
  await rest(5000, running.over);
  return false;
}

/** Waits for some time, or until the signal fires. */
export async function rest(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
