import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BaresipControl, type BaresipEvent } from './baresip-control.ts';
import { freePort, freePortRange } from './free-ports.ts';
import type { HearOptions, Phone, PhoneState } from './phone.ts';
import { type Program, type Running, run } from './processes.ts';
import { SAMPLE_RATE_HZ, sine, toneLevels } from './tone.ts';
import { patienceMs, until } from './until.ts';
import { readWav, type Sound, writeWav } from './wav.ts';

export type BaresipOptions = {
  baresip: Program;
  /** Its `module_path`. */
  modulesDir: string;
  user: string;
  password: string;
  /** Where Asterisk listens on 127.0.0.1. */
  sipPort: number;
  /** The phone's own address. */
  ip?: string;
  answer?: 'auto' | 'manual';
  /** What the agent says. */
  toneHz?: number;
  /** Register at once (default). */
  register?: boolean;
};

/** How long the agent's tone lasts per call (the file is played once). */
const TONE_S = 180;

/** Starts a real softphone; resolves when it is registered. */
export async function startBaresip(options: BaresipOptions): Promise<BaresipPhone> {
  const folder = mkdtempSync(join(tmpdir(), `baresip-${options.user}-`));
  const controlPort = await freePort();
  await writeConfig(folder, controlPort, options);
  const { baresip, user, register = true } = options;
  const running = await run({ name: `phone ${user}`, program: baresip, args: ['-f', folder], cwd: folder });
  const phone = new BaresipPhone(options, folder, running);
  try {
    await phone.connect(controlPort);
    if (register) await phone.register();
  } catch (error) {
    await phone.kill();
    const what = error instanceof Error ? error.message : String(error);
    throw new Error(`${what}; it printed: ${running.output().slice(-1_000)}`, { cause: error });
  }
  return phone;
}

/** A baresip process as an agent's phone. */
export class BaresipPhone implements Phone {
  readonly user: string;
  state: PhoneState = 'idle';
  ringCount = 0;
  /** Everything it reported, in order. */
  readonly events: BaresipEvent[] = [];
  readonly #options: BaresipOptions;
  readonly #folder: string;
  readonly #running: Running;
  #control: BaresipControl | undefined;

  constructor(options: BaresipOptions, folder: string, running: Running) {
    this.user = options.user;
    this.#options = options;
    this.#folder = folder;
    this.#running = running;
  }

  get pid(): number {
    return this.#running.pid;
  }

  async connect(controlPort: number): Promise<void> {
    this.#control = await BaresipControl.connect(controlPort, (event) => this.#take(event));
  }

  async register(): Promise<void> {
    const { user, password, sipPort, answer = 'manual' } = this.#options;
    const seen = this.events.length;
    // An account made by command reports its registration; one from the file may do so before we listen.
    await this.#command(
      'uanew',
      `<sip:${user}@127.0.0.1:${sipPort};transport=udp>;auth_user=${user};auth_pass=${password};answermode=${answer};regint=60;audio_codecs=pcma,pcmu;dtmfmode=rtpevent`,
    );
    const event = await this.#event('its registration', seen, ['REGISTER_OK', 'REGISTER_FAIL']);
    if (event.type === 'REGISTER_FAIL')
      throw new Error(`phone ${user}: registration refused: ${event.param}`);
  }

  async unregister(): Promise<void> {
    const seen = this.events.length;
    await this.#command('uadelall');
    await this.#event('its removal', seen, ['UNREGISTERING', 'REGISTER_OK']);
  }

  async dial(number: string): Promise<string> {
    const seen = this.events.length;
    this.state = 'dialling';
    await this.#command('dial', number);
    const event = await this.#event(`${number} to answer`, seen, ['CALL_ESTABLISHED', 'CALL_CLOSED']);
    return event.type === 'CALL_ESTABLISHED' ? 'answered' : (event.param ?? 'closed');
  }

  incoming(withinMs = patienceMs): Promise<void> {
    return this.#reaches('ringing', withinMs);
  }

  async answer(): Promise<void> {
    await this.#command('accept');
    await this.talking();
  }

  async decline(): Promise<void> {
    await this.#command('hangup');
    await this.idle();
  }

  async hangUp(): Promise<void> {
    await this.#command('hangup');
    await this.idle();
  }

  async hold(): Promise<void> {
    await this.#changeDirection('hold');
  }

  async resume(): Promise<void> {
    await this.#changeDirection('resume');
  }

  talking(withinMs = patienceMs): Promise<void> {
    return this.#reaches('talking', withinMs);
  }

  idle(withinMs = patienceMs): Promise<void> {
    return this.#reaches('idle', withinMs);
  }

  /** What the present (or last) call brought to the ear. */
  received(): Sound {
    const dumps = readdirSync(this.#folder).filter((name) => name.endsWith('-dec.wav'));
    const latest = dumps.sort().at(-1);
    return latest
      ? readWav(join(this.#folder, latest))
      : { samples: new Int16Array(), sampleRateHz: SAMPLE_RATE_HZ };
  }

  async hears(
    toneHz: number,
    { forMs = 200, minDbfs = -20, withinMs = patienceMs }: HearOptions = {},
  ): Promise<void> {
    const before = this.received().samples.length;
    let loudest = Number.NEGATIVE_INFINITY;
    const heard = (): boolean => {
      const sound = this.received();
      // A new call begins a new file.
      const from = before <= sound.samples.length ? before : 0;
      let inARowMs = 0;
      for (const { dbfs } of toneLevels({ ...sound, samples: sound.samples.subarray(from) }, toneHz)) {
        loudest = Math.max(loudest, dbfs);
        inARowMs = dbfs >= minDbfs ? inARowMs + 20 : 0;
        if (inARowMs >= forMs) return true;
      }
      return false;
    };
    const seen = () => `at most ${loudest.toFixed(1)} dBFS`;
    await until(`phone ${this.user} to hear ${toneHz} Hz`, heard, { withinMs, everyMs: 50, seen });
  }

  async kill(): Promise<void> {
    this.#control?.close();
    await this.#running.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    this.#control?.close();
    await this.#running.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #command(command: string, params?: string): Promise<string> {
    if (!this.#control) throw new Error(`phone ${this.user}: not connected`);
    return this.#control.command(command, params);
  }

  async #changeDirection(command: 'hold' | 'resume'): Promise<void> {
    const seen = this.events.length;
    // baresip 1.1 carries `resume` out and calls it refused: only the other side's answer counts.
    const refusal = await this.#command(command).then(
      () => undefined,
      (error: unknown) => error,
    );
    try {
      await this.#event(`the answer to ${command}`, seen, ['CALL_ANSWERED']);
    } catch (error) {
      throw refusal ?? error;
    }
  }

  async #reaches(state: PhoneState, withinMs: number): Promise<void> {
    const seen = () =>
      `${this.state}; ${this.events.map(({ type }) => type).join(' ')}; it printed: ${this.#running.output().slice(-1_500)}`;
    await until(`phone ${this.user} to be ${state}`, () => this.state === state, { withinMs, seen });
  }

  #event(what: string, from: number, types: string[], withinMs = patienceMs): Promise<BaresipEvent> {
    const find = () => this.events.slice(from).find(({ type }) => types.includes(type));
    const seen = () => this.events.slice(from).map(({ type }) => type);
    return until(`phone ${this.user} to report ${what}`, find, { withinMs, seen });
  }

  #take(event: BaresipEvent): void {
    this.events.push(event);
    if (event.type === 'CALL_INCOMING') {
      this.state = 'ringing';
      this.ringCount += 1;
    } else if (event.type === 'CALL_ESTABLISHED') this.state = 'talking';
    else if (event.type === 'CALL_CLOSED') this.state = 'idle';
  }
}

async function writeConfig(folder: string, controlPort: number, options: BaresipOptions): Promise<void> {
  const { ip = '127.0.0.3', modulesDir, toneHz } = options;
  const [sipPort, rtpFrom] = [await freePort(ip), await freePortRange(20, ip)];
  mkdirSync(folder, { recursive: true });
  const length = TONE_S * SAMPLE_RATE_HZ;
  const samples = toneHz === undefined ? new Int16Array(length) : sine(toneHz, length);
  writeWav(join(folder, 'tone.wav'), { samples, sampleRateHz: SAMPLE_RATE_HZ });
  for (const name of ['accounts', 'contacts']) writeFileSync(join(folder, name), '');
  const lines = [
    `sip_listen ${ip}:${sipPort}`,
    // aubridge is a player without a sound card; aufile plays only.
    ...['audio_player aubridge,nil', 'audio_alert aubridge,nil2', `audio_source aufile,${folder}/tone.wav`],
    ...['ausrc_srate 8000', 'auplay_srate 8000', 'ausrc_channels 1', 'auplay_channels 1'],
    `rtp_ports ${rtpFrom}-${rtpFrom + 19}`,
    `module_path ${modulesDir}`,
    ...['g711', 'aufile', 'aubridge', 'sndfile', 'uuid'].map((name) => `module ${name}.so`),
    ...['account', 'menu', 'ctrl_tcp'].map((name) => `module_app ${name}.so`),
    `ctrl_tcp_listen 127.0.0.1:${controlPort}`,
    `snd_path ${folder}`,
    '',
  ];
  writeFileSync(join(folder, 'config'), lines.join('\n'), { mode: 0o600 });
}
