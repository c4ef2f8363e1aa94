import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPidFile } from '../../infra/supervisor/pid-files.ts';
import { rounded } from './statistics.ts';

/** Linux counts processor time in hundredths of a second for programs of user space (proc(5), USER_HZ). */
const ticksPerSecond = 100;
const parts = ['controller', 'asterisk', 'postgres', 'prometheus'] as const;

/**
 * Who had the processors between this call and the call of the result: processors each part of the service kept busy, ourselves,
 * and everybody else on the machine. A figure taken while others were busy says more about them than about the service.
 */
export function watchCpu(home: string): () => Record<string, number> {
  const before = look(home);
  const begun = performance.now();
  return () => {
    const seconds = (performance.now() - begun) / 1_000;
    const after = look(home);
    const used = Object.entries(after).map(([name, ticks]) => {
      const processors = (ticks - (before[name] ?? 0)) / ticksPerSecond / seconds;
      return [name, processors] as const;
    });
    const ours = used.reduce((sum, [name, processors]) => sum + (name === 'all' ? 0 : processors), 0);
    const others = (used.find(([name]) => name === 'all')?.[1] ?? 0) - ours;
    return Object.fromEntries(
      [...used.filter(([name]) => name !== 'all'), ['others', others] as const].map(([name, processors]) => [
        `cpu_${name}`,
        rounded(processors, 2),
      ]),
    );
  };
}

function look(home: string): Record<string, number> {
  const of = parts.map((part) => [part, ticksOf(readPidFile(join(home, 'run'), part)?.pid)] as const);
  const self = process.cpuUsage();
  const bench = ((self.user + self.system) / 1e6) * ticksPerSecond;
  return { ...Object.fromEntries(of), bench, all: busyTicks() };
}

/** User and system time of a process and its children, ended ones included (Postgres works in those). */
function ticksOf(pid: number | undefined): number {
  if (pid === undefined) return 0;
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(statOf)
    .filter((fields) => fields !== null && (fields.pid === pid || fields.parent === pid))
    .reduce((sum, fields) => sum + (fields?.ticks ?? 0), 0);
}

function statOf(pid: string): { pid: number; parent: number; ticks: number } | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // It ended since the folder was read.
    return null;
  }
  // The name in parentheses may hold blanks: what follows it begins with the third field.
  const [, parent = 0, ...rest] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = rest.slice(9);
  return { pid: Number(pid), parent, ticks: user + system + childrenUser + childrenSystem };
}

/** All processors' time that was neither idle nor waiting for a disk. */
function busyTicks(): number {
  const [, user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (
    readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? ''
  )
    .split(/\s+/)
    .map(Number);
  return user + nice + system + irq + softirq + steal;
}
