import { ConfigError, loadConfig } from '../../services/config.ts';
import { CentreError } from '../../services/runtime/centre-file.ts';
import { SecretsError } from '../../services/runtime/secrets.ts';
import { activate, rollBack, versions } from './activate.ts';
import { check } from './check.ts';
import { type IvrCommand, WrongUse } from './command.ts';
import { graph } from './graph.ts';
import { prompts } from './prompts.ts';
import { simulate } from './simulate.ts';
import { test } from './test.ts';

const commands: Readonly<Record<string, IvrCommand>> = {
  check,
  test,
  simulate,
  graph,
  versions,
  activate,
  rollback: rollBack,
  prompts,
};

/** The flow tools. Answers the exit code: 0, 1 for problems found, 2 for a wrong call. */
async function ivr([name = '', ...args]: readonly string[]): Promise<number> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) throw new WrongUse(name === '' ? 'which?' : `there is no "${name}"`);
  return command.run(args, loadConfig(process.env));
}

try {
  process.exitCode = await ivr(process.argv.slice(2));
} catch (error) {
  if (error instanceof WrongUse) {
    const usage = Object.values(commands).map((one) => one.usage);
    process.stderr.write(`npm run ivr: ${error.message}\n${usage.join('\n')}\n`);
    process.exitCode = 2;
  } else if (error instanceof CentreError || error instanceof SecretsError || error instanceof ConfigError) {
    process.stderr.write(`${error instanceof CentreError ? error.problems.join('\n') : error.message}\n`);
    process.exitCode = 1;
  } else throw error;
}
