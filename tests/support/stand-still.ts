import { readdirSync, readFileSync } from 'node:fs';
import type { Instance } from './instance.ts';
import { type PartName, pidOf } from './kill-part.ts';

export type StoodStill = { goOn(): void };

/** All processes of a part stand still, with their connections open, until they are told to go on. */
export function standStill(instance: Pick<Instance, 'home'>, part: PartName): StoodStill {
  const pid = pidOf(instance, part);
  let stopped = [pid, ...descendantsOf(pid)];
  for (const one of stopped) process.kill(one, 'SIGSTOP');
  return {
    goOn() {
      for (const one of stopped) {
        try {
          process.kill(one, 'SIGCONT');
        } catch (error) {
          // The service may have ended one of them, and started others.
          if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
        }
      }
      stopped = [];
    },
  };
}

function descendantsOf(pid: number): number[] {
  const children = readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The name of the program, in brackets, may hold anything.
      return Number(stat.replace(/^.*\) . /s, '').split(' ')[0]) === pid;
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
  return children.flatMap((name) => [Number(name), ...descendantsOf(Number(name))]);
}
