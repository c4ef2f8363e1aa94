import { join } from 'node:path';
import { loadConfig } from '../../services/config.ts';
import type { Command } from '../cli.ts';
import { runNode } from '../setup/child.ts';
import { setUp } from '../setup/set-up.ts';
import { toConsole } from './console.ts';

/** `npm test`: set-up with the test programs, then vitest with the given arguments; its summary ends the output. */
export const test: Command = async (args, repoDir) => {
  const config = loadConfig(process.env, repoDir);
  await setUp(config, ['run', 'test'], toConsole);
  return runNode(repoDir, join(repoDir, 'node_modules/vitest/vitest.mjs'), ['run', ...args]);
};
