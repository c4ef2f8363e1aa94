import { join } from 'node:path';
import type { Config } from '../../services/config.ts';
import { waitingPid } from '../../services/runtime/acting-lock.ts';
import { ourNode } from '../setup/our-node.ts';
import { type Part, plainEnvironment } from './part.ts';

/** The controller: our own program. Migrates the database itself, then answers `/readyz`. */
export function controllerPart(config: Config, databaseUrl: string): Part {
  const url = `http://${config.localAddress}:${config.httpPort}`;
  return {
    name: 'controller',
    after:
      config.standbyOf !== null
        ? []
        : [...(config.databaseKind === 'embedded' ? ['postgres'] : []), 'asterisk'],
    prepare: async () => undefined,
    launch: () => ({
      program: ourNode('--enable-source-maps', ...leanHeap),
      args: [join(config.repoDir, 'services', 'main.ts')],
      cwd: config.repoDir,
      env: {
        ...plainEnvironment(),
        ...controllerEnvironment(config, databaseUrl),
        ...leanNode(config.homeDir),
        NODE_ENV: 'production',
      },
    }),
    health: (signal) => askReady(`${url}/readyz`, signal),
    // Not ready because Asterisk is away is no reason to be restarted.
    alive: (signal) => ask(`${url}/healthz`, signal),
    startLimitMs: 60_000,
    stopSignal: 'SIGTERM',
    stopLimitMs: 15_000,
    restartWhenUnhealthyForMs: 30_000,
    ...(config.standby ? withStandby(config.homeDir) : {}),
  };
}

/**
 * A second controller waits for the first one's end (services/runtime/acting-lock.ts). One that hangs is ended after two
 * unanswered questions, within 5 s, so that the other has taken over before the watchdog (8 s) gives callers to the fallback.
 */
function withStandby(homeDir: string): Pick<Part, 'spare' | 'checks' | 'restartWhenUnhealthyForMs'> {
  return {
    spare: {
      name: 'standby',
      isReady: (pid) => waitingPid(homeDir) === pid,
      readyLimitMs: 20_000,
      takeOverLimitMs: 10_000,
    },
    checks: { everyMs: 1_000, answerWithinMs: 2_000 },
    restartWhenUnhealthyForMs: 3_500,
  };
}

/**
 * Calls last seconds, so their garbage grows old and V8, seeing a machine with memory to spare, lets it pile up to 300 MB
 * though 40 MB live. These make it collect at 1.4 times what lives, and bound the young generation to 3 × 4 MB; unlike
 * a limit of the heap, nothing ends the process when a surge needs more.
 */
const leanHeap = ['--heap-growing-percent=40', '--max-semi-space-size=4'];

/**
 * Keeps the controller small; measured by `npm run bench -- --only memory`.
 * - Compiled modules are kept: from the second start on the compiler for TypeScript, 35 MB, is not even loaded.
 * - glibc learns to keep blocks as large as the largest it has seen freed; password hashing frees 19 MB ones, and 120 MB
 *   stay with the process for ever. With a fixed limit they go back to the system.
 */
function leanNode(homeDir: string): Record<string, string> {
  return {
    NODE_COMPILE_CACHE: join(homeDir, 'run', 'compiled'),
    MALLOC_MMAP_THRESHOLD_: String(1024 * 1024),
    MALLOC_ARENA_MAX: '2',
  };
}

async function ask(url: string, signal: AbortSignal): Promise<string | null> {
  const response = await fetch(url, { signal });
  const answer = await response.text();
  return response.ok ? null : `${new URL(url).pathname} answers ${response.status} ${answer.slice(0, 300)}`;
}

/** Ready, or waiting because another home's controller acts: there is no more to wait for. */
async function askReady(url: string, signal: AbortSignal): Promise<string | null> {
  const response = await fetch(url, { signal });
  const answer = await response.text();
  const waits = response.status === 503 && answer.includes('"role":"standby"');
  return response.ok || waits ? null : `/readyz answers ${response.status} ${answer.slice(0, 300)}`;
}

/** Every setting, said out loud: the controller reads them with the same `loadConfig` and gets the same result. */
export function controllerEnvironment(config: Config, databaseUrl: string): Record<string, string> {
  return {
    HOTLINE_HOME: config.homeDir,
    HOTLINE_NODE_ID: config.nodeId,
    HOTLINE_BIND: config.bindAddress,
    HOTLINE_HTTP_PORT: String(config.httpPort),
    HOTLINE_SIP_PORT: String(config.sipPort),
    HOTLINE_ASTERISK_HTTP_PORT: String(config.asteriskHttpPort),
    HOTLINE_AMI_PORT: String(config.amiPort),
    HOTLINE_PG_PORT: String(config.pgPort),
    HOTLINE_PROMETHEUS_PORT: String(config.prometheusPort),
    HOTLINE_RTP_PORTS: `${config.rtpPorts.first}-${config.rtpPorts.last}`,
    HOTLINE_TRUNKS: config.trunks.join(','),
    HOTLINE_TRANSFER_KEY: config.transferKey ? 'on' : 'off',
    ...(config.outboundTrunk === null
      ? {}
      : { HOTLINE_OUTBOUND_TRUNK: `${config.outboundTrunk.host}:${config.outboundTrunk.port}` }),
    HOTLINE_RECORDINGS_DAYS: String(config.recordings.days),
    HOTLINE_RECORDINGS_MB: String(config.recordings.megabytes),
    HOTLINE_TASKS_DAYS: String(config.tasksDays),
    HOTLINE_CENTRE: config.centreFile,
    HOTLINE_FLOWS: config.flowsDir,
    HOTLINE_LOOKUPS: config.lookupsFile,
    ...(config.lookupDatabaseUrl === null ? {} : { HOTLINE_LOOKUP_DATABASE_URL: config.lookupDatabaseUrl }),
    HOTLINE_TIME_ZONE: config.timeZone,
    HOTLINE_LOG_LEVEL: config.logLevel,
    HOTLINE_STANDBY: config.standby ? 'on' : 'off',
    ...(config.standbyOf === null ? {} : { HOTLINE_STANDBY_OF: config.standbyOf }),
    HOTLINE_DATABASE_URL: databaseUrl,
    HOTLINE_SECRETS: config.secretsFile,
    HOTLINE_CREDENTIALS: config.credentialsFile,
    HOTLINE_UI_DIR: config.uiDir,
    ...(config.databaseKind === 'external' ? { DATABASE_URL: databaseUrl } : {}),
  };
}
