import { holdPart } from '../support/hold-part.ts';
import type { Instance } from '../support/instance.ts';
import type { PartName } from '../support/kill-part.ts';
import { pause } from '../support/until.ts';

/** Stops a part with all its processes, as a hang does, does something meanwhile, and lets it go on `ms` after it was stopped. */
export async function whileStopped(
  instance: Pick<Instance, 'home'>,
  part: PartName,
  ms: number,
  meanwhile: () => Promise<void>,
): Promise<void> {
  const over = pause(ms);
  const letGo = holdPart(instance, part);
  try {
    await meanwhile();
    await over;
  } finally {
    letGo();
  }
}
