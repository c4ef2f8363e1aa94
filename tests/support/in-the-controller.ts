/**
 * Loaded into a supervisor (`--import`): gives the controllers it starts further environment variables, those in the JSON of
 * HOTLINE_TEST_CONTROLLER_ENV. So a test can put proxies between the controller, and it alone, and Asterisk, or set its clock.
 */
import childProcess, { type SpawnOptions } from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';

const extra = JSON.parse(process.env.HOTLINE_TEST_CONTROLLER_ENV ?? '{}') as Record<string, string>;
const { spawn } = childProcess;
const rewired = (command: string, args: readonly string[], options: SpawnOptions) => {
  const isController = args.some((arg) => arg.endsWith('services/main.ts'));
  return spawn(command, args, isController ? { ...options, env: { ...options.env, ...extra } } : options);
};
Object.assign(childProcess, { spawn: rewired });
syncBuiltinESMExports();
