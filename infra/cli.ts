import { dirname } from 'node:path';
import { ConfigError } from '../services/config.ts';
import { outliveConsole } from './commands/console.ts';
import { PartError } from './parts/part.ts';
import { forgetForeignSettings } from './setup/foreign-settings.ts';
import { CommandFailed } from './setup/run.ts';
import { ToolsError } from './tools/tools.ts';

/** One command of the project: takes its own arguments, answers the exit code. Loaded only when it is called. */
export type Command = (args: readonly string[], repoDir: string) => Promise<number>;

const COMMANDS: Record<string, () => Promise<Command>> = {
  start: async () => (await import('./commands/start.ts')).start,
  test: async () => (await import('./commands/test.ts')).test,
  check: async () => (await import('./commands/check.ts')).check,
  bench: async () => (await import('./commands/bench.ts')).bench,
  ivr: async () => (await import('./commands/ivr.ts')).ivr,
  simulate: async () => (await import('./commands/simulate.ts')).simulate,
};

outliveConsole();
forgetForeignSettings();
const [name = '', ...args] = process.argv.slice(2);
const load = COMMANDS[name];
if (!load) {
  process.stderr.write(
    `hotline: unknown command "${name}": use one of ${Object.keys(COMMANDS).join(', ')}\n`,
  );
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await (await load())(args, dirname(import.meta.dirname));
  } catch (error) {
    process.stderr.write(`hotline: ${explain(error)}\n`);
    process.exitCode = 1;
  }
}

/** Expected failures explain themselves in their message; anything else is a bug, and its stack is wanted. */
function explain(error: unknown): string {
  const expected = [ToolsError, ConfigError, CommandFailed, PartError];
  if (error instanceof Error && expected.some((kind) => error instanceof kind)) return error.message;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (error instanceof Error && (code === 'ENOSPC' || code === 'EACCES' || code === 'EROFS')) {
    return `${error.message}: free some space or give the folder to this user, or set HOTLINE_HOME and HOTLINE_TOOLS elsewhere`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
