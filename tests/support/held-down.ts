import { homeFolders } from '../../infra/parts/files.ts';
import { readPidFile } from '../../infra/supervisor/pid-files.ts';
import type { Instance } from './instance.ts';
import { isReady } from './is-ready.ts';
import { pidOf } from './kill-part.ts';
import { pause, until } from './until.ts';

/** Shorter than any start: the new controller is stopped before it does anything. */
const lookEveryMs = 20;

/**
 * Kills the controller, and stops the one that the supervisor starts in its place before it acts: nobody answers until
 * `release`, which resolves when it is back.
 */
export async function holdControllerDown(
  instance: Pick<Instance, 'home' | 'url' | 'logs'>,
): Promise<{ release(): Promise<void> }> {
  const killed = pidOf(instance, 'controller');
  process.kill(killed, 'SIGKILL');
  let held: number | null = null;
  let watching = true;
  const watch = (async () => {
    while (watching) {
      const pid = readPidFile(homeFolders(instance.home).run, 'controller')?.pid;
      if (pid !== undefined && pid !== killed && pid !== held) {
        process.kill(pid, 'SIGSTOP');
        held = pid;
      }
      await pause(lookEveryMs);
    }
  })();
  return {
    async release() {
      watching = false;
      await watch;
      if (held !== null) process.kill(held, 'SIGCONT');
      await until('the controller to be back', () => isReady(instance.url), {
        withinMs: 60_000,
        everyMs: 50,
        seen: () => instance.logs(),
      });
    },
  };
}
