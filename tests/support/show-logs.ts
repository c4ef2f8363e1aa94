import { afterEach } from 'vitest';
import { runningInstances } from './instance.ts';

/** A failed test on a running service shows the ends of that service's logs: its home is gone when the run is over. */
afterEach(({ task }) => {
  if (task.result?.state !== 'fail') return;
  for (const instance of runningInstances)
    process.stderr.write(`the service's logs when "${task.name}" failed:\n${instance.logs()}\n`);
});
