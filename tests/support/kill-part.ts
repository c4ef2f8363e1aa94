import { homeFolders } from '../../infra/parts/files.ts';
import { readPidFile } from '../../infra/supervisor/pid-files.ts';
import type { Instance } from './instance.ts';
import { isReady } from './is-ready.ts';
import { until } from './until.ts';

export type PartName = 'controller' | 'standby' | 'asterisk' | 'postgres' | 'prometheus';

/** The process id of one running part, as the supervisor noted it. */
export function pidOf(instance: Pick<Instance, 'home'>, part: PartName): number {
  const pid = readPidFile(homeFolders(instance.home).run, part)?.pid;
  if (pid === undefined) throw new Error(`${part} does not run`);
  return pid;
}

/**
 * kill -9 of one part; resolves when the supervisor has started it anew, says that it is back (an Asterisk that answers does not
 * know its accounts yet), and calls can be taken.
 */
export async function killAndWait(
  instance: Pick<Instance, 'home' | 'url' | 'logs' | 'running'>,
  part: PartName,
  withinMs = 60_000,
): Promise<void> {
  const before = pidOf(instance, part);
  const timesBack = () => instance.running.output().split(`✓ ${part} is back`).length;
  const timesBackBefore = timesBack();
  process.kill(before, 'SIGKILL');
  await until(
    `${part} to be back`,
    async () =>
      pidOf(instance, part) !== before && timesBack() > timesBackBefore && (await isReady(instance.url)),
    { withinMs, everyMs: 50, seen: () => instance.logs() },
  );
}
