import { readdirSync, readFileSync } from 'node:fs';
import type { Instance } from './instance.ts';
import { type PartName, pidOf } from './kill-part.ts';

/** All processes of a part stand still, with their connections open. Answers how to let them go on; doing so twice is no harm. */
export function holdPart(instance: Pick<Instance, 'home'>, part: PartName): () => void {
  const parent = pidOf(instance, part);
  // It first: then no new ones are born while the others are looked for.
  signal(parent, 'SIGSTOP');
  let stopped = [parent, ...descendantsOf(parent)];
  for (const pid of stopped) signal(pid, 'SIGSTOP');
  return () => {
    for (const pid of stopped) signal(pid, 'SIGCONT');
    stopped = [];
  };
}

/** One that has ended meanwhile needs none. */
function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function descendantsOf(pid: number): number[] {
  const children = readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      // The name of the program, in brackets, may hold anything.
      return (
        Number(
          readFileSync(`/proc/${name}/stat`, 'utf8')
            .replace(/^.*\) . /s, '')
            .split(' ')[0],
        ) === pid
      );
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
  return children.flatMap((name) => [Number(name), ...descendantsOf(Number(name))]);
}
