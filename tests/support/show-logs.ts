import { afterEach } from 'vitest';
import { runningInstances } from './instance.ts';

/**
 * A failed test on a running service shows what is there, before the test's own hooks tidy up, and the ends of that service's logs: its
 * home is gone when the run is over.
 */
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  for (const instance of runningInstances) {
    const scene = await instance.scene?.();
    process.stderr.write(
      `the service when "${task.name}" failed:\n${scene === undefined ? '' : `${scene}\n`}${instance.logs()}\n`,
    );
  }
}, 60_000);
