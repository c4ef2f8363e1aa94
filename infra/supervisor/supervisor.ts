import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import type { Config } from '../../services/config.ts';
import { CentreError } from '../../services/runtime/centre-file.ts';
import { SecretsError } from '../../services/runtime/secrets.ts';
import { asteriskPart } from '../parts/asterisk.ts';
import { controllerPart } from '../parts/controller.ts';
import { databaseUrl, ensureCredentials, ensureSecrets } from '../parts/credentials.ts';
import { homeFolders } from '../parts/files.ts';
import { type Part, PartError } from '../parts/part.ts';
import { postgresPart } from '../parts/postgres.ts';
import { prometheusPart } from '../parts/prometheus.ts';
import { TemplateError } from '../parts/template.ts';
import type { RunTools } from '../tools/types.ts';
import { rotateWhenLarge } from './log-files.ts';
import { partsIdentity, preflight } from './preflight.ts';
import { type Supervision, supervise } from './supervise.ts';
import { watchController } from './watchdog.ts';

const checkEveryMs = 5_000;
const samePressMs = 500;

/**
 * Runs the whole service until SIGINT, SIGTERM or SIGHUP, then stops what it started, last part first; a second signal hurries.
 * Prints one line beginning `hotline ready` when all parts are healthy.
 * @returns the exit code: 0 after a signal, 1 when the start failed (the reason is on stderr; nothing is left running).
 */
export async function runSupervisor(
  config: Config,
  tools: RunTools,
  report: (line: string) => void = toStdout,
): Promise<number> {
  const startedAtMs = performance.now();
  const signals = listenForSignals();
  for (const warning of config.warnings) report(`! ${warning}`);
  try {
    const lock = await preflight(config, report);
    try {
      return await runParts(config, tools, report, signals, startedAtMs);
    } finally {
      await lock.release();
    }
  } catch (error) {
    process.stderr.write(`hotline: ${explain(error)}\n`);
    return 1;
  } finally {
    signals.close();
  }
}

async function runParts(
  config: Config,
  tools: RunTools,
  report: (line: string) => void,
  signals: Signals,
  startedAtMs: number,
): Promise<number> {
  const { logs, run } = homeFolders(config.homeDir);
  const logFile = join(logs, 'supervisor.log');
  rotateWhenLarge(logFile);
  const destination = pino.destination({ dest: logFile, append: true, sync: true, mode: 0o600 });
  const log = pino({ level: config.logLevel, base: { node: config.nodeId } }, destination);
  try {
    const parts = await theParts(config, tools);
    const supervision = supervise(parts, { logDir: logs, runDir: run, log, report, checkEveryMs });
    stopOnSignals(supervision, signals, report, log);
    stopOnCrash(supervision, log);
    await supervision.ready.catch((error: unknown) => {
      if (signals.received === null) throw error;
    });
    if (signals.received === null) {
      const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
      report(readyLine(config, seconds));
      log.info({ seconds }, 'ready');
    }
    await watchController({
      healthUrl: `http://${config.localAddress}:${config.httpPort}/healthz`,
      ami: { port: config.amiPort, ...ensureSecrets(config).ami },
      log: log.child({ part: 'watchdog' }),
      report,
      until: supervision.stopping,
      // The parts run on without it.
    }).catch((error: unknown) =>
      log.fatal({ err: error }, 'the watchdog has a fault: nobody looks after the controller'),
    );
    await supervision.stopped;
    report('hotline stopped');
    return 0;
  } catch (error) {
    log.fatal({ err: error }, 'start failed');
    throw error;
  } finally {
    destination.end();
  }
}

/** The parts, in the order they start. */
async function theParts(config: Config, tools: RunTools): Promise<Part[]> {
  const identity = await partsIdentity(config, tools);
  const secrets = ensureSecrets(config);
  const credentials = ensureCredentials(config, secrets);
  return [
    ...(config.databaseKind === 'embedded' ? [postgresPart(config, tools, identity, secrets)] : []),
    asteriskPart(config, tools, identity, secrets, credentials),
    controllerPart(config, databaseUrl(config, secrets)),
    prometheusPart(config, tools, identity),
  ];
}

function readyLine(config: Config, seconds: string): string {
  const host = config.localAddress;
  const ui = `http://${host}:${config.httpPort}`;
  return (
    `hotline ready  UI ${ui}  SIP ${host}:${config.sipPort}  metrics ${ui}/metrics  ` +
    `Prometheus http://${host}:${config.prometheusPort}  (${seconds} s)`
  );
}

function stopOnSignals(
  supervision: Supervision,
  signals: Signals,
  report: (line: string) => void,
  log: Logger,
): void {
  signals.listen((signal, first) => {
    log.info({ signal, first }, 'signal');
    report(first ? 'stopping …' : 'stopping at once …');
    supervision.stop().catch((error: unknown) => log.error({ err: error }, 'stopping failed'));
  });
}

/** The parts run in sessions of their own and would outlive us. */
function stopOnCrash(supervision: Supervision, log: Logger): void {
  process.once('uncaughtException', (error) => {
    log.fatal({ err: error }, 'the supervisor has a fault: stopping everything');
    process.stderr.write(`hotline: ${explain(error)}\n`);
    const exit = () => process.exit(1);
    supervision.stop().then(exit, exit);
  });
}

function toStdout(line: string): void {
  process.stdout.write(`${line}\n`);
}

type Signals = {
  /** The first signal that came, null before. */
  readonly received: NodeJS.Signals | null;
  /** Calls for every signal, also for one that came already. */
  listen(handler: (signal: NodeJS.Signals, first: boolean) => void): void;
  close(): void;
};

/** From the first moment on, so that Ctrl-C during the checks does not cut them in half. */
function listenForSignals(): Signals {
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let received: NodeJS.Signals | null = null;
  let handler: ((signal: NodeJS.Signals, first: boolean) => void) | null = null;
  let receivedAtMs = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    const first = received === null;
    // One Ctrl-C may come several times: from the terminal, and passed on by the programs that started us.
    if (!first && performance.now() - receivedAtMs < samePressMs) return;
    received ??= signal;
    if (first) receivedAtMs = performance.now();
    handler?.(signal, first);
  };
  for (const name of names) process.on(name, onSignal);
  return {
    get received() {
      return received;
    },
    listen(wanted) {
      handler = wanted;
      if (received !== null) wanted(received, true);
    },
    close() {
      for (const name of names) process.off(name, onSignal);
    },
  };
}

/** Expected failures explain themselves; anything else is a bug, and its stack is wanted. */
function explain(error: unknown): string {
  const expected = [PartError, SecretsError, TemplateError, CentreError];
  if (error instanceof Error && expected.some((kind) => error instanceof kind)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
