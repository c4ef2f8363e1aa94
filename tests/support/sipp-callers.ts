import { createSocket, type Socket } from 'node:dgram';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-ports.ts';
import { Media } from './media.ts';
import { type Program, type Running, run } from './processes.ts';
import { headerOf, writeSip } from './sip-message.ts';
import { SippCall } from './sipp-call.ts';
import { callerScenario } from './sipp-scenario.ts';
import { SippTrace, type Traced } from './sipp-trace.ts';
import { until } from './until.ts';

/** One caller to come. */
export type Dial = { from: string; to: string };

export type SippOptions = {
  sipp: Program;
  /** Where Asterisk listens. */
  target: { ip: string; port: number };
  /** The carrier's address: Asterisk knows its trunk by it. */
  sourceIp?: string;
  dials: readonly Dial[];
  ratePerSecond?: number;
  /** Send and record sound (off for load: keys only). */
  audio?: boolean;
  /** Further SIP headers of the INVITE, as whole lines. */
  headers?: readonly string[];
  /**
   * Takes no notice of messages it does not expect, instead of ending the call: sipp can get the answer to an INFO before it has noted
   * that it has sent it.
   */
  patient?: boolean;
  /** Where the scenario and sipp's logs go; kept if given; default a temporary one. */
  folder?: string;
  /** Told of each call as its INVITE leaves. */
  onCall?: (call: SippCall, index: number) => void;
};

/** One sipp process and all its calls. */
export class SippCallers {
  readonly calls: SippCall[] = [];
  readonly folder: string;
  readonly #options: SippOptions;
  readonly #steering: Socket;
  readonly #media: Media[];
  readonly #byCallId = new Map<string, SippCall>();
  #sipp: Running | undefined;
  #trace: SippTrace | undefined;
  #port = 0;

  private constructor(options: SippOptions, folder: string, media: Media[]) {
    this.#options = options;
    this.folder = folder;
    this.#media = media;
    this.#steering = createSocket('udp4');
    this.#steering.unref();
  }

  /** Starts sipp; the first call goes out at once. */
  static async start(options: SippOptions): Promise<SippCallers> {
    const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'sipp-'));
    mkdirSync(folder, { recursive: true });
    const ip = options.sourceIp ?? '127.0.0.2';
    const media = await Promise.all(
      options.dials.map(() => Media.open({ ip, audio: options.audio ?? true })),
    );
    const callers = new SippCallers(options, folder, media);
    try {
      await callers.#start(ip);
      return callers;
    } catch (error) {
      await callers.stop();
      throw error;
    }
  }

  /** The only call of a single caller. */
  async first(): Promise<SippCall> {
    return until('sipp to send its INVITE', () => this.calls[0], {
      seen: () => this.#sipp?.output(),
    });
  }

  /** Waits until every call is over. */
  async allOver(withinMs: number): Promise<SippCall[]> {
    const open = () => this.calls.filter((call) => !call.over);
    const seen = () => ({
      started: this.calls.length,
      open: open()
        .slice(0, 5)
        .map((call) => call.outcome),
    });
    const all = this.#options.dials.length;
    await until(`${all} calls to be over`, () => this.calls.length === all && open().length === 0, {
      withinMs,
      everyMs: 50,
      seen,
    });
    return this.calls;
  }

  /** Ends sipp (calls still open are lost, without a BYE) and frees its sockets. */
  async stop(): Promise<void> {
    // sipp waits for its calls on SIGTERM; here they have ended or are to be dropped.
    await this.#sipp?.kill();
    await this.#loseOpenCalls();
    await this.#trace?.close();
    for (const media of this.#media) media.close();
    if (this.#port) this.#steering.close();
    this.#port = 0;
    if (!this.#options.folder) rmSync(this.folder, { recursive: true, force: true });
  }

  async #start(ip: string): Promise<void> {
    const { sipp, target, dials, ratePerSecond = 10, headers } = this.#options;
    const file = (name: string) => join(this.folder, name);
    writeFileSync(file('caller.xml'), callerScenario(ip, headers));
    const lines = dials.map(({ from, to }, i) => `${from};${encodeUser(to)};${this.#media[i]?.port}`);
    writeFileSync(file('callers.csv'), ['SEQUENTIAL', ...lines, ''].join('\n'));
    writeFileSync(file('messages.txt'), '');
    this.#port = await freePort(ip);
    this.#trace = await SippTrace.follow(file('messages.txt'), (traced) => this.#observe(traced));
    this.#sipp = await run({
      name: 'sipp',
      program: { ...sipp, env: { ...sipp.env, TZ: 'UTC' } },
      cwd: this.folder,
      logFile: file('sipp.log'),
      discardStdout: true,
      args: [
        `${target.ip}:${target.port}`,
        ...['-sf', file('caller.xml'), '-inf', file('callers.csv')],
        ...['-i', ip, '-p', String(this.#port), '-nostdin'],
        ...['-m', String(dials.length), '-l', String(dials.length), '-r', String(ratePerSecond)],
        ...['-trace_msg', '-message_file', file('messages.txt'), '-message_overwrite', 'true'],
        ...(this.#options.patient ? ['-default_behaviors', 'all,-abortunexp'] : []),
        ...['-trace_err', '-error_file', file('errors.txt')],
      ],
    });
    void this.#sipp.exited.then(() => this.#loseOpenCalls());
  }

  /** sipp is gone: what it logged is the last word, calls still open will never end by themselves. */
  async #loseOpenCalls(): Promise<void> {
    await this.#trace?.catchUp();
    for (const call of this.calls) call.lost(Date.now());
  }

  #observe(traced: Traced): void {
    const callId = headerOf(traced.message, 'Call-ID');
    const known = this.#byCallId.get(callId);
    if (known) {
      known.observe(traced);
      return;
    }
    if (traced.message.method !== 'INVITE' || traced.direction !== 'sent') return;
    const index = this.calls.length;
    const media = this.#mediaOf(traced);
    const call = new SippCall(traced, media, (...steering) => this.#steer(...steering));
    this.#byCallId.set(callId, call);
    this.calls.push(call);
    this.#options.onCall?.(call, index);
  }

  #mediaOf({ message }: Traced): Media {
    const port = /^m=audio (\d+)/m.exec(message.body)?.[1];
    const media = this.#media.find((one) => String(one.port) === port);
    if (!media) throw new Error(`sipp offered media port ${port}, which is none of ours`);
    return media;
  }

  #steerCount = 0;

  #steer(callId: string, method: string, body = ''): void {
    const ip = this.#options.sourceIp ?? '127.0.0.2';
    this.#steerCount += 1;
    const text = writeSip(
      `${method} sip:caller@${ip} SIP/2.0`,
      [
        ['Via', `SIP/2.0/UDP ${ip};branch=z9hG4bK-steer-${this.#steerCount}`],
        ['From', '<sip:test@localhost>;tag=steer'],
        ['To', '<sip:caller@localhost>'],
        ['Call-ID', callId],
        // Never the same twice: sipp takes equal messages for retransmissions.
        ['CSeq', `${1_000 + this.#steerCount} ${method}`],
      ],
      body,
    );
    this.#steering.send(text, this.#port, ip);
  }
}

function encodeUser(user: string): string {
  return user.replaceAll('%', '%25').replaceAll('#', '%23').replaceAll(' ', '%20');
}
