import type { Instance } from '../support/instance.ts';
import { type PartName, pidOf } from '../support/kill-part.ts';
import { pause } from '../support/until.ts';

/** Stops a part, with all its processes, as a hang does (SIGSTOP), does something meanwhile, and lets it go on `ms` after it was stopped. */
export async function whileStopped(
  instance: Pick<Instance, 'home'>,
  part: PartName,
  ms: number,
  meanwhile: () => Promise<void>,
): Promise<void> {
  const pid = pidOf(instance, part);
  const over = pause(ms);
  process.kill(-pid, 'SIGSTOP');
  try {
    await meanwhile();
    await over;
  } finally {
    process.kill(-pid, 'SIGCONT');
  }
}
