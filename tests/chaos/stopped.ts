import { readdirSync, readFileSync } from 'node:fs';
import type { Instance } from '../support/instance.ts';
import { type PartName, pidOf } from '../support/kill-part.ts';
import { pause } from '../support/until.ts';

/** Stops a part with all its processes, as a hang does, does something meanwhile, and lets it go on `ms` after it was stopped. */
export async function whileStopped(
  instance: Pick<Instance, 'home'>,
  part: PartName,
  ms: number,
  meanwhile: () => Promise<void>,
): Promise<void> {
  const parent = pidOf(instance, part);
  const over = pause(ms);
  process.kill(parent, 'SIGSTOP');
  // Postgres serves each connection by a process of its own, in a session of its own.
  const children = childrenOf(parent);
  for (const child of children) process.kill(child, 'SIGSTOP');
  try {
    await meanwhile();
    await over;
  } finally {
    for (const pid of [...children, parent]) process.kill(pid, 'SIGCONT');
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    // Ended since it was listed.
    return null;
  }
}
