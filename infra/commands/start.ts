import { loadConfig } from '../../services/config.ts';
import type { Command } from '../cli.ts';
import { setUp } from '../setup/set-up.ts';
import { preflight } from '../supervisor/preflight.ts';
import { runSupervisor } from '../supervisor/supervisor.ts';
import { toConsole } from './console.ts';

const SET_UP_ONLY = '--set-up-only';

/**
 * `npm start`: set-up, then all parts under the supervisor until Ctrl-C or SIGTERM. With `--set-up-only` it ends after the
 * set-up: for images and for machines that will have no network later.
 */
export const start: Command = async (args, repoDir) => {
  const unknown = args.find((arg) => arg !== SET_UP_ONLY);
  if (unknown !== undefined) {
    process.stderr.write(
      `hotline: npm start does not know "${unknown}"; the only option is ${SET_UP_ONLY}\n`,
    );
    return 2;
  }
  const config = loadConfig(process.env, repoDir);
  const setUpOnly = args.includes(SET_UP_ONLY);
  if (!setUpOnly) {
    // A taken port is better known before minutes of downloading; the supervisor looks again.
    const lock = await preflight(config, toConsole);
    await lock.release();
  }
  const tools = await setUp(config, ['run'], toConsole);
  return setUpOnly ? 0 : runSupervisor(config, tools);
};
