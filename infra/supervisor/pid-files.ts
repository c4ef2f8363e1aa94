import { readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { readIfThere, writeFileAtomic } from '../parts/files.ts';
import { identify, isRunning, sendSignal } from './process.ts';

const pidFileSchema = z.object({
  pid: z.number().int().positive(),
  startTicks: z.number(),
  bootId: z.string(),
  stopSignal: z.enum(['SIGTERM', 'SIGINT', 'SIGQUIT']),
});
export type PidFile = z.infer<typeof pidFileSchema>;

/** Notes that a part runs, so that it is found again should we be killed. */
export function writePidFile(runDir: string, name: string, pid: number, stopSignal: NodeJS.Signals): void {
  const identity = identify(pid);
  if (identity) writeFileAtomic(pidFile(runDir, name), JSON.stringify({ ...identity, stopSignal }));
}

export function removePidFile(runDir: string, name: string): void {
  rmSync(pidFile(runDir, name), { force: true });
}

/** What is noted of a part; null when nothing is, or nothing that can be read. */
export function readPidFile(runDir: string, name: string): PidFile | null {
  const text = readIfThere(pidFile(runDir, name))?.toString('utf8');
  if (text === undefined) return null;
  try {
    return pidFileSchema.parse(JSON.parse(text));
  } catch {
    // A half-written note of a machine that lost power: its processes are gone too.
    return null;
  }
}

/**
 * Stops parts that an earlier supervisor left running because it was killed itself, each as it likes to be stopped, and after
 * `limitMs` by force.
 * @param order names in the order they stop; unknown names follow.
 * @returns what was stopped, for the report.
 */
export async function stopLeftovers(
  runDir: string,
  order: readonly string[],
  limitMs: number,
): Promise<string[]> {
  const noted = readdirSync(runDir)
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'))
    .filter((name) => name !== 'supervisor');
  const stopped: string[] = [];
  for (const name of noted.sort((a, b) => rank(order, a) - rank(order, b))) {
    const known = readPidFile(runDir, name);
    if (known && isRunning(known)) {
      await stopProcess(known, limitMs);
      stopped.push(`${name} (pid ${known.pid})`);
    }
    removePidFile(runDir, name);
  }
  return stopped;
}

async function stopProcess(known: PidFile, limitMs: number): Promise<void> {
  sendSignal(known.pid, known.stopSignal);
  const deadline = performance.now() + limitMs;
  while (isRunning(known) && performance.now() < deadline) await pause(20);
  // The group: a part may have left children of its own.
  sendSignal(-known.pid, 'SIGKILL');
  while (isRunning(known)) await pause(20);
}

const rank = (order: readonly string[], name: string): number =>
  order.includes(name) ? order.indexOf(name) : order.length;
const pidFile = (runDir: string, name: string): string => join(runDir, `${name}.json`);
