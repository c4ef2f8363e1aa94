import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sipObjects } from '../../infra/parts/asterisk-accounts.ts';
import { renderAsteriskFiles } from '../../infra/parts/asterisk-files.ts';
import { sipObjectStore } from '../../infra/parts/asterisk-objects.ts';
import { homeFolders, writeFileAtomic } from '../../infra/parts/files.ts';
import { wavFile } from '../../infra/parts/music.ts';
import { ensureTools, type RunTools } from '../../infra/tools/tools.ts';
import { loadConfig } from '../../services/config.ts';
import type { Secrets } from '../../services/runtime/secrets.ts';
import { freePort, freePortRange } from './free-ports.ts';
import { makeLongHome } from './long-home.ts';
import { type Running, run } from './processes.ts';
import { sine } from './tone.ts';
import { until } from './until.ts';

/** The product's own Asterisk (its templates, dialplan and accounts) with nothing else of the service. */
export type HotlineAsterisk = {
  readonly tools: RunTools;
  readonly sipPort: number;
  readonly ariUrl: string;
  readonly amiPort: number;
  readonly secrets: Secrets;
  /** Below Asterisk's sounds; holds `zh-CN/<prompt>` for each prompt asked for. */
  readonly soundsDir: string;
  /** Where recordings are, `<recording>.wav`. */
  readonly recordingsDir: string;
  /** Where calls to outside numbers are sent, on 127.0.0.2: for a telephone that is to take them. */
  readonly outsidePort: number;
  /** Asterisk's own account of every channel. */
  readonly celFile: string;
  /** Dies as by a power cut, and comes back with nothing but its accounts. */
  restart(): Promise<void>;
  log(): string;
  stop(): Promise<void>;
};

export type HotlineAsteriskOptions = {
  /** SIP accounts with their passwords. */
  accounts: Readonly<Record<string, string>>;
  /** Whether phones may use their transfer key; on unless told otherwise. */
  transferKey?: 'on' | 'off';
  /** Prompts by name, as a tone of some frequency and length. */
  prompts?: Readonly<Record<string, { toneHz: number; ms: number }>>;
};

const attempts = 3;

/** A port that was free may be taken before Asterisk binds it, by whatever else runs on the machine: then with others. */
export async function startHotlineAsterisk(options: HotlineAsteriskOptions): Promise<HotlineAsterisk> {
  for (let attempt = 1; ; attempt += 1) {
    const asterisk = await startOnFreePorts(options);
    const taken = /Transport '(\w+)' could not be started: Address already in use/.exec(asterisk.log());
    if (!taken) return asterisk;
    await asterisk.stop();
    if (attempt === attempts) throw new Error(`SIP port for ${taken[1]} was taken ${attempts} times`);
  }
}

async function startOnFreePorts(options: HotlineAsteriskOptions): Promise<HotlineAsterisk> {
  const tools = await ensureTools(['run'], () => undefined);
  const home = makeLongHome('hotline-asterisk-');
  const rtp = await freePortRange(400);
  const httpPort = await freePortRange(3);
  const sipPort = await freePortRange(2);
  const outsidePort = await freePort();
  const config = loadConfig({
    HOTLINE_HOME: home,
    HOTLINE_OUTBOUND_TRUNK: `127.0.0.2:${outsidePort}`,
    HOTLINE_TRANSFER_KEY: options.transferKey ?? 'on',
    HOTLINE_SIP_PORT: String(sipPort),
    HOTLINE_ASTERISK_HTTP_PORT: String(httpPort),
    HOTLINE_HTTP_PORT: String(await freePort()),
    HOTLINE_RTP_PORTS: `${rtp}-${rtp + 399}`,
  });
  const secret = () => randomBytes(18).toString('base64url');
  const secrets: Secrets = {
    ari: { user: 'hotline', password: secret() },
    ami: { user: 'hotline', password: secret() },
    postgres: { superuserPassword: secret(), password: secret() },
  };
  const ariUrl = `http://127.0.0.1:${httpPort}`;
  const folders = homeFolders(home);
  renderPrompts(folders.sounds, options.prompts ?? {});
  renderAsteriskFiles(config, tools, secrets, new Date());

  let asterisk: Running;
  const boot = async () => {
    asterisk = await run({
      name: 'asterisk',
      program: tools.asterisk,
      args: ['-C', join(folders.asteriskEtc, 'asterisk.conf'), '-f', '-n'],
      cwd: folders.asteriskRun,
    });
    const store = sipObjectStore(`${ariUrl}/ari`, secrets.ari);
    const booted = async () => {
      for (const object of sipObjects(config, options.accounts)) await store.put(object);
      return true;
    };
    await until('Asterisk to take accounts', booted, { withinMs: 30_000, everyMs: 100 });
  };
  const stop = async () => {
    await asterisk.stop();
    rmSync(home, { recursive: true, force: true });
  };
  await boot().catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return {
    tools,
    sipPort,
    ariUrl,
    amiPort: config.amiPort,
    secrets,
    soundsDir: 'hotline',
    recordingsDir: folders.recordings,
    outsidePort,
    celFile: join(folders.asteriskCel, 'cel.csv'),
    async restart() {
      await asterisk.kill();
      await boot();
    },
    log: () => readFileSync(join(folders.logs, 'asterisk.log'), 'utf8'),
    stop,
  };
}

function renderPrompts(
  soundsDir: string,
  prompts: Readonly<Record<string, { toneHz: number; ms: number }>>,
): void {
  const folder = join(soundsDir, 'zh-CN');
  mkdirSync(folder, { recursive: true });
  for (const [name, { toneHz, ms }] of Object.entries(prompts)) {
    const samples = sine(toneHz, ms * 8);
    writeFileAtomic(join(folder, `${name}.wav`), wavFile(samples, 8000));
  }
}
