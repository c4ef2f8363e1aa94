import { pino } from 'pino';
import { createController } from './composition/controller.ts';
import { readDefinitions } from './composition/definitions.ts';
import { awaitTurn } from './composition/turn.ts';
import { warmUp } from './composition/warm-up.ts';
import { type Config, ConfigError, loadConfig } from './config.ts';
import { awaitActingLock, noteWaiting } from './runtime/acting-lock.ts';
import { CentreError } from './runtime/centre-file.ts';
import { JournalError } from './runtime/journal.ts';
import { logDestination } from './runtime/log-destination.ts';
import { SecretsError } from './runtime/secrets.ts';

/** One that has been replaced is gone by then, whatever it still hangs on. */
const abandonWithinMs = 800;

/** The controller as a process: settings in, signals, exit code. What it is made of: composition/controller.ts. */
async function main(config: Config): Promise<void> {
  const log = pino({ level: config.logLevel, base: { part: 'controller' } }, logDestination(1));
  for (const warning of config.warnings) log.warn(warning);
  const definitions = readDefinitions(config);
  const stopping = new AbortController();
  let stop = async (): Promise<void> => undefined;
  const exit = (exitCode: number): void => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    void stop().then(() => process.exit(exitCode));
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => exit(0));

  const lock = await awaitActingLock(config.homeDir, {
    onWaiting: () => {
      log.info('another controller of this home acts; this one waits to take over');
      void warmUp(definitions, log).then(() => noteWaiting(config.homeDir));
    },
    signal: stopping.signal,
  });
  if (lock === null) return;
  const turn = await awaitTurn(definitions, log, stopping.signal);
  if (turn === null) return;
  const controller = createController({
    definitions,
    log,
    journal: turn.journal,
    guard: turn.guard,
    takesOver: lock.waited || typeof turn.taken.from === 'object',
    onReplaced: () => {
      log.fatal('another controller has taken over; this one stops');
      abandon();
    },
  });
  stop = async () => {
    await controller.stop();
    // The standby of this home goes on with the same lease.
    if (!config.standby) await turn.giveBack();
    lock.release();
  };
  const abandon = () => {
    setTimeout(() => process.exit(1), abandonWithinMs);
    stop = controller.abandon;
    exit(1);
  };
  turn.hold((place) => {
    log.fatal({ place }, 'another controller holds the lease; this one stops');
    abandon();
  });
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
