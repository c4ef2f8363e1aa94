import { afterEach } from 'vitest';
import { runningInstances } from './instance.ts';

/**
 * A failed test on a running service shows the ends of that service's logs: its home is gone when the run is over. The line
 * beginning "failed try:" is what .ci/run lists at the end, also when a second try passed.
 */
afterEach(({ task }) => {
  if (task.result?.state !== 'fail') return;
  for (const instance of runningInstances)
    process.stderr.write(`the service's logs when "${task.name}" failed:\n${instance.logs()}\n`);
  const why = task.result.errors?.at(-1)?.message.split('\n')[0] ?? '';
  process.stderr.write(`\nfailed try: ${task.file.name} > ${task.name}: ${why.slice(0, 300)}\n`);
});
