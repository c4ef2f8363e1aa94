import { loadConfig } from '../../services/config.ts';
import type { Command } from '../cli.ts';
import { setUp } from '../setup/set-up.ts';
import { runSupervisor } from '../supervisor/supervisor.ts';
import { toConsole } from './console.ts';

/** `npm start`: set-up, then all parts under the supervisor until Ctrl-C or SIGTERM. */
export const start: Command = async (_args, repoDir) => {
  const config = loadConfig(process.env, repoDir);
  const tools = await setUp(config, ['run'], toConsole);
  return runSupervisor(config, tools);
};
