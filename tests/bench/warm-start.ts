import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Instance, startInstance } from '../support/instance.ts';
import { run } from '../support/processes.ts';
import { until } from '../support/until.ts';
import type { Benchmark, BenchOptions } from './figure.ts';
import { quantile, rounded, spread } from './statistics.ts';

const repoDir = join(import.meta.dirname, '../..');
const budgetSeconds = 10;

/** `npm start` of a home that has been started before, until `hotline ready`; and what stopping takes. */
export const warmStart: Benchmark = async ({ quick, say, onBreak }) => {
  const instance = await startInstance();
  onBreak(instance.stop);
  const startSeconds: number[] = [];
  const stopSeconds: number[] = [];
  try {
    await instance.running.stop(30_000);
    for (let time = 0; time < (quick ? 2 : 5); time++) {
      const { started, stopped } = await startAndStop(instance, onBreak);
      startSeconds.push(started);
      stopSeconds.push(stopped);
      say(`ready after ${started.toFixed(1)} s, stopped after ${stopped.toFixed(1)} s`);
    }
  } finally {
    await instance.stop();
  }
  return [
    {
      what: 'warm start until ready, median',
      unit: 's',
      value: rounded(quantile(startSeconds, 0.5), 2),
      budget: { atMost: budgetSeconds },
      detail: spread(startSeconds, 2),
    },
    {
      what: 'stop, median',
      unit: 's',
      value: rounded(quantile(stopSeconds, 0.5), 2),
      detail: spread(stopSeconds, 2),
    },
  ];
};

async function startAndStop(
  { env, home }: Instance,
  onBreak: BenchOptions['onBreak'],
): Promise<{ started: number; stopped: number }> {
  const begun = performance.now();
  const npm = await run({
    name: 'npm start',
    program: { command: 'npm', args: ['start', '--silent'], env },
    args: [],
    cwd: repoDir,
  });
  onBreak(() => npm.stop(30_000));
  try {
    await until(
      'hotline ready',
      () => {
        if (npm.exit()) throw new Error(`it ended: ${npm.output()}`);
        return /^hotline ready/m.test(npm.output());
      },
      { withinMs: 60_000, everyMs: 20, seen: npm.output },
    );
    const readyAt = performance.now();
    await npm.stop(30_000);
    // npm may be gone before the service is: a part that has ended has no note of its process id any more.
    const parts = (): string[] => readdirSync(join(home, 'run')).filter((file) => file.endsWith('.json'));
    await until('all parts to have ended', () => parts().length === 0, { withinMs: 30_000, seen: parts });
    return { started: (readyAt - begun) / 1_000, stopped: (performance.now() - readyAt) / 1_000 };
  } finally {
    await npm.stop(30_000);
  }
}
