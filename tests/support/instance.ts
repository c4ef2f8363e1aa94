import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Client, type QueryResultRow } from 'pg';
import { homeFolders } from '../../infra/parts/files.ts';
import { stopLeftovers } from '../../infra/supervisor/pid-files.ts';
import { ensureTools, type Tools } from '../../infra/tools/tools.ts';
import { loadConfig } from '../../services/config.ts';
import { type Credentials, readCredentials, readSecrets } from '../../services/runtime/secrets.ts';
import { type ApiClient, signInTo } from './api-client.ts';
import { startBaresip } from './baresip.ts';
import { freePort, freePortRange } from './free-ports.ts';
import { logTail } from './log-tail.ts';
import { makeLongHome } from './long-home.ts';
import { type MetricSample, parseMetrics } from './metrics-text.ts';
import { type Running, run } from './processes.ts';
import { sceneOf } from './scene.ts';
import { type SipPhoneOptions, startSipPhones } from './sip-phone.ts';
import { until } from './until.ts';

const repoDir = join(import.meta.dirname, '../..');

/** The whole service, started as a person starts it, in a home and on ports of its own. */
export type Instance = {
  readonly home: string;
  readonly tools: Tools;
  readonly url: string;
  readonly sipPort: number;
  readonly env: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
  readonly running: Running;
  /** Where callers dial: for `SippOptions`. */
  readonly callers: { sipp: Tools['sipp']; target: { ip: string; port: number } };
  query<Row extends QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>;
  signIn(user: string): Promise<ApiClient>;
  metrics(): Promise<MetricSample[]>;
  /** Asterisk's channels and where in the dialplan they are. */
  channels(): Promise<AsteriskChannel[]>;
  /** Everything Asterisk holds: what a finished call must not leave behind. */
  leftInAsterisk(): Promise<{ channels: string[]; callBridges: string[] }>;
  /** A baresip on an agent's account, registered. */
  softphone(
    user: string,
    options?: { answer?: 'auto' | 'manual'; toneHz?: number },
  ): ReturnType<typeof startBaresip>;
  /** Our own exact phones, registered. */
  phones(users: readonly string[], options?: Partial<SipPhoneOptions>): ReturnType<typeof startSipPhones>;
  /** The tail of every part's log, for a failure's message. */
  logs(): string;
  stop(): Promise<void>;
};

/** Those of this test file, and what each has to say when a test fails. */
export const runningInstances = new Set<{ logs(): string; scene?(): Promise<string> }>();

export type AsteriskChannel = {
  readonly id: string;
  readonly name: string;
  readonly dialplan: { readonly context: string; readonly exten: string; readonly app_name: string };
};

export type InstanceOptions = {
  /** Path of a centre definition; default the demo centre. */
  centre?: string;
  env?: Readonly<Record<string, string>>;
};

export async function startInstance(options: InstanceOptions = {}): Promise<Instance> {
  const tools = await ensureTools(['run', 'test'], () => undefined);
  const home = makeLongHome('hotline-');
  borrowRenderedFiles(home);
  const env = await environment(home, options);
  const running = await run({
    name: 'hotline',
    // It ends with us even when we are killed (prctl(2), PR_SET_PDEATHSIG; setpriv is part of every Debian).
    program: { command: 'setpriv', args: ['--pdeathsig', 'TERM', process.execPath], env },
    args: [join(repoDir, 'infra/cli.ts'), 'start'],
    cwd: repoDir,
    atEarlyEnd: 'SIGTERM',
  });
  const logs = () => logTails(home, running);
  const shown: { logs(): string; scene?(): Promise<string> } = { logs };
  runningInstances.add(shown);
  const stop = async () => {
    await running.stop(60_000);
    // A supervisor that had to be killed leaves its parts behind; one that stopped by itself leaves none.
    const folders = homeFolders(home);
    if (existsSync(folders.run)) await stopLeftovers(folders.run, [], 5_000);
    runningInstances.delete(shown);
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await until(
      'hotline ready',
      () => {
        if (running.exit()) throw new Error(`it ended: ${logs()}`);
        return /^hotline ready/m.test(running.output());
      },
      { withinMs: 180_000, everyMs: 100, seen: logs },
    );
  } catch (error) {
    await stop();
    throw error;
  }
  const config = loadConfig(env, repoDir);
  const credentials = readCredentials(config.credentialsFile);
  const { ari } = readSecrets(config.secretsFile);
  const url = `http://127.0.0.1:${config.httpPort}`;
  const ask = async (path: string): Promise<{ id: string; name?: string }[]> => {
    const response = await fetch(`http://127.0.0.1:${config.asteriskHttpPort}/ari/${path}`, {
      headers: { authorization: `Basic ${Buffer.from(`${ari.user}:${ari.password}`).toString('base64')}` },
    });
    return (await response.json()) as { id: string; name?: string }[];
  };
  const sip = (user: string) => credentials.sip[user] ?? '';
  const instance: Instance = {
    home,
    tools,
    url,
    sipPort: config.sipPort,
    env,
    credentials,
    running,
    callers: { sipp: tools.sipp, target: { ip: '127.0.0.1', port: config.sipPort } },
    async query<Row extends QueryResultRow>(text: string, values: unknown[] = []) {
      const client = new Client({ connectionString: credentials.postgres.url });
      await client.connect();
      try {
        return (await client.query<Row>(text, values)).rows;
      } finally {
        await client.end();
      }
    },
    signIn: (user) => signInTo(url, user, credentials.users[user] ?? ''),
    metrics: async () => parseMetrics(await (await fetch(`${url}/metrics`)).text()),
    channels: async () => (await ask('channels')) as AsteriskChannel[],
    async leftInAsterisk() {
      const [channels, bridges] = await Promise.all([ask('channels'), ask('bridges')]);
      return {
        channels: channels.map((c) => c.name ?? c.id),
        callBridges: bridges.filter((b) => b.name === 'hotline-call').map((b) => b.id),
      };
    },
    softphone: (user, { answer = 'manual', toneHz } = {}) =>
      startBaresip({
        baresip: tools.baresip,
        modulesDir: tools.baresipModulesDir,
        user,
        password: sip(user),
        sipPort: config.sipPort,
        answer,
        ...(toneHz !== undefined && { toneHz }),
      }),
    phones: (users, phoneOptions = {}) =>
      startSipPhones(
        users.map((user) => ({ ...phoneOptions, user, password: sip(user), sipPort: config.sipPort })),
      ),
    logs,
    stop,
  };
  shown.scene = () => sceneOf(instance);
  return instance;
}

/** Screens and prompts are the same for every instance: those that the set-up made are taken over. */
function borrowRenderedFiles(home: string): void {
  const rendered = loadConfig(process.env, repoDir).homeDir;
  for (const folder of ['ui', 'sounds'])
    if (existsSync(join(rendered, folder)))
      cpSync(join(rendered, folder), join(home, folder), { recursive: true, preserveTimestamps: true });
}

async function environment(home: string, options: InstanceOptions): Promise<Record<string, string>> {
  const rtp = await freePortRange(800);
  const asteriskHttp = await freePortRange(3);
  return {
    HOTLINE_HOME: home,
    HOTLINE_HTTP_PORT: String(await freePort()),
    HOTLINE_SIP_PORT: String(await freePortRange(2)),
    HOTLINE_ASTERISK_HTTP_PORT: String(asteriskHttp),
    HOTLINE_PG_PORT: String(await freePort()),
    HOTLINE_PROMETHEUS_PORT: String(await freePort()),
    HOTLINE_RTP_PORTS: `${rtp}-${rtp + 799}`,
    ...(options.centre !== undefined && { HOTLINE_CENTRE: options.centre }),
    ...options.env,
  };
}

function logTails(home: string, running: Running): string {
  const tail = (name: string) => logTail(name, join(home, 'logs', `${name}.log`));
  return [
    running.output().slice(-2_000),
    ...['supervisor', 'controller', 'asterisk', 'postgres'].map(tail),
  ].join('\n');
}
