import { join } from 'node:path';
import pino, { type Logger } from 'pino';
import { actsElsewhere, connect } from '../../services/adapters/postgres/index.ts';
import type { Config } from '../../services/config.ts';
import { CentreError } from '../../services/runtime/centre-file.ts';
import { logDestination } from '../../services/runtime/log-destination.ts';
import { placeOf } from '../../services/runtime/place.ts';
import { readCredentials, readSecrets, SecretsError } from '../../services/runtime/secrets.ts';
import { acceptedCentreFile, keepCentre, readCentre, takeUpFlows } from '../parts/accepted-centre.ts';
import { ariUrlOf, asteriskPart } from '../parts/asterisk.ts';
import { sipObjects } from '../parts/asterisk-accounts.ts';
import { sipObjectStore } from '../parts/asterisk-objects.ts';
import { controllerPart } from '../parts/controller.ts';
import { accountsOfCentre, databaseUrl, ensureCredentials, ensureSecrets } from '../parts/credentials.ts';
import { homeFolders } from '../parts/files.ts';
import { type Part, PartError } from '../parts/part.ts';
import { postgresPart } from '../parts/postgres.ts';
import { prometheusPart } from '../parts/prometheus.ts';
import { SipAccounts } from '../parts/sip-accounts.ts';
import { TemplateError } from '../parts/template.ts';
import type { RunTools } from '../tools/types.ts';
import { rotateWhenLarge } from './log-files.ts';
import { partsIdentity, preflight } from './preflight.ts';
import { createReload, type ReloadOptions } from './reload.ts';
import { listenForSignals, type Signals } from './signals.ts';
import { type Supervision, supervise } from './supervise.ts';
import { whyItWaits } from './waits.ts';
import { watchController } from './watchdog.ts';

const checkEveryMs = 5_000;

/**
 * Runs the whole service until SIGINT, SIGTERM or SIGHUP, then stops what it started, last part first; a second signal hurries.
 * SIGUSR2 brings an edited centre into the running service (reload.ts).
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
  const destination = logDestination(logFile, { mode: 0o600 });
  const log = pino({ level: config.logLevel, base: { node: config.nodeId } }, destination);
  try {
    for (const line of takeUpFlows(config)) {
      report(`· ${line}`);
      log.info(line);
    }
    const { parts, ...known } =
      config.standbyOf === null ? await theParts(config, tools) : theStandby(config);
    const supervision = supervise(parts, { logDir: logs, runDir: run, log, report, checkEveryMs });
    stopOnSignals(supervision, signals, report, log);
    stopOnCrash(supervision, log);
    await supervision.ready.catch((error: unknown) => {
      if (signals.received === null) throw error;
    });
    if (signals.received === null) {
      const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
      const waits = config.standbyOf === null ? await whyItWaits(readyUrlOf(config)) : null;
      if (waits !== null) {
        report(`! ${waits}`);
        log.warn(waits);
      }
      report(readyLine(config, seconds));
      log.info({ seconds }, 'ready');
      if (known.accounts) reloadOnSignal(supervision, signals, { ...known, config, log, report });
      else restartOnSignal(supervision, signals, { config, log, report });
    }
    // Callers of another machine are looked after there.
    if (config.standbyOf === null) await watch(config, supervision, log, report);
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

const readyUrlOf = ({ localAddress, httpPort }: Config): string =>
  `http://${localAddress}:${httpPort}/readyz`;

async function watch(
  config: Config,
  supervision: Supervision,
  log: Logger,
  report: (line: string) => void,
): Promise<void> {
  const secrets = ensureSecrets(config);
  const postgres = connect(databaseUrl(config, secrets), {
    maxConnections: 1,
    connectTimeoutMs: 1_000,
    statementTimeoutMs: 1_000,
    applicationName: 'hotline-watchdog',
  });
  try {
    await watchController({
      readyUrl: readyUrlOf(config),
      ami: { port: config.amiPort, ...secrets.ami },
      log: log.child({ part: 'watchdog' }),
      report,
      servedElsewhere: () => actsElsewhere(postgres, placeOf(config.homeDir)),
      until: supervision.stopping,
    });
  } catch (error) {
    // The parts run on without it.
    log.fatal({ err: error }, 'the watchdog has a fault: nobody looks after the controller');
  } finally {
    await postgres.close();
  }
}

/** The parts, in the order they start, and what they are made from. */
async function theParts(config: Config, tools: RunTools) {
  const identity = await partsIdentity(config, tools);
  const secrets = ensureSecrets(config);
  const centre = readCentre(config);
  keepCentre(config.homeDir, centre);
  const { sip } = ensureCredentials(config, secrets, centre);
  const accounts = new SipAccounts(
    sipObjectStore(ariUrlOf(config), secrets.ari),
    sipObjects(config, accountsOfCentre(sip, centre.agents)),
  );
  const centreFile = acceptedCentreFile(config.homeDir);
  const parts: Part[] = [
    ...(config.databaseKind === 'embedded' ? [postgresPart(config, tools, identity, secrets)] : []),
    asteriskPart(config, tools, identity, secrets, accounts),
    controllerPart({ ...config, centreFile }, databaseUrl(config, secrets)),
    prometheusPart(config, tools, identity),
  ];
  return { parts, secrets, centre, accounts };
}

/** The controller alone: Asterisk, Postgres and people's passwords are another machine's. */
function theStandby(config: Config) {
  const secrets = readSecrets(config.secretsFile);
  readCredentials(config.credentialsFile);
  keepCentre(config.homeDir, readCentre(config));
  const centreFile = acceptedCentreFile(config.homeDir);
  return { parts: [controllerPart({ ...config, centreFile }, databaseUrl(config, secrets))], accounts: null };
}

/** On another machine: the centre is read anew; accounts are made where Asterisk runs. */
function restartOnSignal(
  supervision: Supervision,
  signals: Signals,
  { config, log, report }: Pick<ReloadOptions, 'config' | 'log' | 'report'>,
): void {
  signals.onReload(() => {
    const restart = async () => {
      keepCentre(config.homeDir, readCentre(config));
      await supervision.parts[0]?.restart();
      report('✓ centre reloaded');
    };
    restart().catch((error: unknown) => {
      log.error({ err: error }, 'reload refused');
      report(`! reload refused: ${explain(error)}`);
    });
  });
}

function reloadOnSignal(
  supervision: Supervision,
  signals: Signals,
  options: Omit<ReloadOptions, 'restartController'>,
): void {
  const controller = supervision.parts.find(({ part }) => part.name === 'controller');
  if (!controller) throw new Error('there is no part named controller');
  const reload = createReload({ ...options, restartController: () => controller.restart() });
  signals.onReload(() => {
    if (signals.received === null) reload();
  });
}

function readyLine(config: Config, seconds: string): string {
  const host = config.localAddress;
  const ui = `http://${host}:${config.httpPort}`;
  if (config.standbyOf !== null)
    return `hotline ready  standby of ${config.standbyOf}  UI ${ui} when it acts  (${seconds} s)`;
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

/** Expected failures explain themselves; anything else is a bug, and its stack is wanted. */
function explain(error: unknown): string {
  const expected = [PartError, SecretsError, TemplateError, CentreError];
  if (error instanceof Error && expected.some((kind) => error instanceof kind)) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
