import { pino } from 'pino';
import { createController } from './composition/controller.ts';
import { readDefinitions } from './composition/definitions.ts';
import { type Config, ConfigError, loadConfig } from './config.ts';
import { CentreError } from './runtime/centre-file.ts';
import { JournalError } from './runtime/journal.ts';
import { SecretsError } from './runtime/secrets.ts';

/** The controller as a process: settings in, signals, exit code. What it is made of: composition/controller.ts. */
async function main(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel, base: { part: 'controller' } });
  for (const warning of config.warnings) log.warn(warning);
  let stopping = false;
  async function stop(exitCode: number): Promise<void> {
    if (stopping) return;
    stopping = true;
    await controller.stop();
    process.exit(exitCode);
  }
  const controller = createController({
    definitions: readDefinitions(config),
    log,
    onReplaced: () => {
      log.fatal('another controller has taken over; this one stops');
      void stop(1);
    },
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(0));
  await controller.start();
}

function fail(error: unknown): void {
  const expected =
    error instanceof ConfigError ||
    error instanceof CentreError ||
    error instanceof SecretsError ||
    error instanceof JournalError;
  process.stderr.write(
    `${expected ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(1);
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
try {
  await main(loadConfig(process.env));
} catch (error) {
  fail(error);
}
