import { tryRun } from '../setup/run.ts';

/** One thing `npm run check` looks at. `run` answers one text per problem; none means all is well. */
export type Check = { name: string; run: () => Promise<readonly string[]> };

/** A check that is a Node program of a package: its output is the problem when it does not end with 0. */
export function programCheck(name: string, repoDir: string, script: string, args: readonly string[]): Check {
  return {
    name,
    run: async () => {
      const result = await tryRun(process.execPath, [script, ...args], { cwd: repoDir });
      return result.code === 0
        ? []
        : [`${result.stdout}${result.stderr}`.trim() || `ended with ${result.code}`];
    },
  };
}
