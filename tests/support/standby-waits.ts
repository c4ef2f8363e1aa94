import { identify } from '../../infra/supervisor/process.ts';
import { waitingPid } from '../../services/runtime/acting-lock.ts';
import type { Instance } from './instance.ts';
import { pidOf } from './kill-part.ts';
import { until } from './until.ts';

/**
 * The setting for a test that kills the controller and means callers to find their place again: a new controller takes 3 to 5 s to start, on a busy
 * machine more than the 8 s after which callers are given to the fallback; a standby needs one.
 */
export const withStandby = { HOTLINE_STANDBY: 'on' };

/** Waits until there is a standby that would take over now. */
export async function standbyWaits(instance: Pick<Instance, 'home'>): Promise<void> {
  await until(
    'a standby to wait',
    () => {
      const pid = waitingPid(instance.home);
      return pid !== null && identify(pid) !== null && pid === pidOf(instance, 'standby');
    },
    { withinMs: 60_000, everyMs: 50 },
  );
}
