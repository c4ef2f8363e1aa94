import { allChecks } from '../checks/all.ts';
import type { Check } from '../checks/check.ts';
import type { Command } from '../cli.ts';

const PARALLEL = 2;

/** `npm run check`: every check runs, whatever the others find; all problems are shown, none is fixed. */
export const check: Command = async (_args, repoDir) => {
  const rest = allChecks(repoDir);
  let failed = 0;
  const worker = async () => {
    for (let next = rest.shift(); next; next = rest.shift()) {
      if (!(await runOne(next))) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  process.stdout.write(failed === 0 ? 'check: no problems\n' : `check: ${failed} check(s) found problems\n`);
  return failed === 0 ? 0 : 1;
};

async function runOne(one: Check): Promise<boolean> {
  const startedAt = performance.now();
  let problems: readonly string[];
  try {
    problems = await one.run();
  } catch (error) {
    problems = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const lines = [`${problems.length === 0 ? '✓' : '✗'} ${one.name} … ${seconds} s`, ...problems];
  process.stdout.write(`${lines.join('\n')}\n`);
  return problems.length === 0;
}
