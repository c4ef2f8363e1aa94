import { readdirSync, readFileSync } from 'node:fs';
import type { Instance } from './instance.ts';
import { pidOf } from './kill-part.ts';

/** All processes of Postgres stand still, with their connections open. Answers how to let them go on; doing so twice is no harm. */
export function holdPostgres(instance: Pick<Instance, 'home'>): () => void {
  const postmaster = pidOf(instance, 'postgres');
  let stopped = [postmaster, ...descendantsOf(postmaster)];
  for (const pid of stopped) process.kill(pid, 'SIGSTOP');
  return () => {
    for (const pid of stopped) {
      try {
        process.kill(pid, 'SIGCONT');
      } catch (error) {
        // The service may have ended one of them, and started others.
        if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
      }
    }
    stopped = [];
  };
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
