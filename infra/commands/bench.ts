import { join } from 'node:path';
import { loadConfig } from '../../services/config.ts';
import type { Command } from '../cli.ts';
import { runNode } from '../setup/child.ts';
import { setUp } from '../setup/set-up.ts';
import { toConsole } from './console.ts';

/** `npm run bench`: set-up, then the benchmarks. */
export const bench: Command = async (args, repoDir) => {
  const config = loadConfig(process.env, repoDir);
  await setUp(config, ['run', 'test'], toConsole);
  return runNode(repoDir, join(repoDir, 'tests/bench/run.ts'), args);
};
