import { readdirSync, readFileSync } from 'node:fs';

/** How much of the machine a process holds: what a leak would add to. */
export function processSize(pid: number): { files: number; memoryBytes: number; threads: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const number = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  return {
    files: readdirSync(`/proc/${pid}/fd`).length,
    memoryBytes: number('VmRSS') * 1024,
    threads: number('Threads'),
  };
}
