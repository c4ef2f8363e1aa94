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

/** The process id of the standby, once it has loaded everything and waits. */
export function standbyWaits(instance: Pick<Instance, 'home'>): Promise<number> {
  return until(
    'the standby to wait',
    () => {
      const noted = waitingPid(instance.home);
      return noted !== null && identify(noted) !== null && noted === pidNoted(instance) ? noted : null;
    },
    { withinMs: 60_000, everyMs: 50 },
  );
}

function pidNoted(instance: Pick<Instance, 'home'>): number | null {
  try {
    return pidOf(instance, 'standby');
  } catch {
    // Between two of them there is none.
    return null;
  }
}
