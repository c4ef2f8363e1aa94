import { createSocket, type Socket } from 'node:dgram';
import { Recording } from './recording.ts';
import {
  decodeRtp,
  encodeRtp,
  PACKET_MS,
  PACKET_SAMPLES,
  Packetiser,
  type Passage,
  type Slot,
  slots,
} from './rtp.ts';
import type { AudioDescription } from './sdp.ts';
import { sine, toneLevelDbfs } from './tone.ts';
import { patienceMs, until } from './until.ts';

/** Between two packets of somebody who speaks by keys only. */
const SIGN_OF_LIFE_MS = 4_000;

export type MediaOptions = {
  ip: string;
  /** Send and keep sound; without it only keys and signs of life are sent and packets merely counted (for load). */
  audio: boolean;
};

/**
 * One end of a call's sound: a UDP socket that speaks (a steady tone or silence, passages, keys) and records
 * what it hears. One packet per 20 ms; one SSRC for sound and keys.
 */
export class Media {
  readonly recording = new Recording();
  readonly ip: string;
  readonly port: number;
  readonly #socket: Socket;
  readonly #audio: boolean;
  #remote: AudioDescription | undefined;
  #packetiser: Packetiser | undefined;
  #steadyToneHz: number | undefined;
  #sentSamples = 0;
  #waiting: { slot: Slot; done?: () => void }[] = [];
  #muted = false;
  #signOfLife: NodeJS.Timeout | undefined;
  #closed = false;

  private constructor(socket: Socket, { ip, audio }: MediaOptions) {
    this.#socket = socket;
    this.ip = ip;
    this.port = socket.address().port;
    this.#audio = audio;
    socket.on('message', (bytes) => this.#receive(bytes));
    // A phone that has vanished answers with ICMP; the call's own end is what matters.
    socket.on('error', () => this.close());
  }

  /** Takes a free port of `ip`. */
  static async open(options: MediaOptions): Promise<Media> {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind(0, options.ip, resolve);
    });
    socket.removeAllListeners('error');
    return new Media(socket, options);
  }

  /** Starts speaking to where the other side's description says. May be called again after a re-INVITE. */
  connect(remote: AudioDescription): void {
    if (this.#closed) return;
    this.#remote = remote;
    this.#packetiser ??= new Packetiser(remote.laws[0] ?? 'pcma', remote.eventType);
    if (this.#audio) ticker.add(this);
    else this.#signOfLife ??= setInterval(() => this.#breathe(), SIGN_OF_LIFE_MS).unref();
  }

  /** A steady tone from now on; undefined = silence. */
  tone(toneHz: number | undefined): void {
    this.#steadyToneHz = toneHz;
  }

  /** Stops or resumes sending (a phone on hold sends nothing). */
  mute(muted: boolean): void {
    this.#muted = muted;
  }

  /** Says a passage (sound, silence, or keys by RFC 4733); resolves when its last packet is sent. */
  say(passage: Passage): Promise<void> {
    const all = [...slots(passage)];
    if (!this.#remote) throw new Error('nobody to speak to yet: the call has no media address');
    return new Promise((resolve) => {
      all.forEach((slot, i) => {
        this.#waiting.push(i === all.length - 1 ? { slot, done: resolve } : { slot });
      });
      if (all.length === 0 || this.#closed) resolve();
      else ticker.add(this);
    });
  }

  /** Waits until the tone has been heard for `forMs` in a row, counted from `sinceMs` of the recording. */
  async hears(
    toneHz: number,
    { forMs = 200, minDbfs = -20, withinMs = patienceMs, sinceMs = 0 } = {},
  ): Promise<void> {
    let at = sinceMs;
    let heardMs = 0;
    let loudest = Number.NEGATIVE_INFINITY;
    const listen = (): boolean => {
      for (; at + PACKET_MS <= this.recording.lengthMs && heardMs < forMs; at += PACKET_MS) {
        const level = toneLevelDbfs(this.recording.sound(at, at + PACKET_MS), toneHz);
        loudest = Math.max(loudest, level);
        heardMs = level >= minDbfs ? heardMs + PACKET_MS : 0;
      }
      return heardMs >= forMs;
    };
    const seen = () =>
      `${this.recording.packetCount} packets, ${toneHz} Hz at most ${loudest.toFixed(1)} dBFS`;
    await until(`${toneHz} Hz to be heard for ${forMs} ms`, listen, { withinMs, everyMs: 20, seen });
  }

  /**
   * One packet's time has passed. `late`: longer ago than a packet takes. Sound that is late is made up for; keys are pressed later instead: hurried,
   * with hardly a moment between them, two that are the same are one or three to whoever listens.
   * @returns false when there is nothing more to send
   */
  tick(late: boolean): boolean {
    if (this.#closed || !this.#remote || !this.#packetiser) return false;
    if (late && this.#waiting.some(({ slot }) => 'key' in slot)) return true;
    const next = this.#waiting.shift();
    if (next && 'key' in next.slot) {
      const { key, elapsedMs, lengthMs } = next.slot;
      for (const packet of this.#packetiser.key(key, elapsedMs, lengthMs)) this.#send(encodeRtp(packet));
    } else if (this.#audio && !this.#muted) {
      this.#send(
        encodeRtp(
          this.#packetiser.audio(next && 'samples' in next.slot ? next.slot.samples : this.#steady()),
        ),
      );
    } else this.#packetiser.skip();
    this.#sentSamples += PACKET_SAMPLES;
    next?.done?.();
    return this.#audio || this.#waiting.length > 0;
  }

  /** Falls silent for good; what was recorded stays. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    ticker.remove(this);
    clearInterval(this.#signOfLife);
    for (const { done } of this.#waiting) done?.();
    this.#waiting = [];
    this.#socket.close();
  }

  /** A packet of silence: who sends nothing at all is taken for dead. */
  #breathe(): void {
    if (this.#muted || !this.#packetiser) return;
    this.#send(encodeRtp(this.#packetiser.audio(new Int16Array(PACKET_SAMPLES))));
  }

  #steady(): Int16Array {
    if (this.#steadyToneHz === undefined) return new Int16Array(PACKET_SAMPLES);
    return sine(this.#steadyToneHz, PACKET_SAMPLES, { fromSample: this.#sentSamples });
  }

  #send(bytes: Buffer): void {
    if (this.#remote) this.#socket.send(bytes, this.#remote.port, this.#remote.ip);
  }

  #receive(bytes: Buffer): void {
    const packet = decodeRtp(bytes);
    if (!packet) return;
    if (this.#audio) this.recording.add(packet, this.#remote?.eventType ?? 101);
    else this.recording.packetCount += 1;
  }
}

/** One clock for all calls of this process: 20 ms, catching up when the event loop was late. */
const ticker = {
  members: new Set<Media>(),
  dueAt: 0,
  timer: undefined as NodeJS.Timeout | undefined,

  add(media: Media): void {
    this.members.add(media);
    if (this.timer) return;
    this.dueAt = performance.now();
    this.run();
  },

  remove(media: Media): void {
    this.members.delete(media);
  },

  run(): void {
    // After a long stall of the event loop a burst of old packets would help nobody.
    if (performance.now() - this.dueAt > 500) this.dueAt = performance.now();
    for (; this.dueAt <= performance.now(); this.dueAt += PACKET_MS) {
      const late = this.dueAt + PACKET_MS <= performance.now();
      for (const media of this.members) if (!media.tick(late)) this.members.delete(media);
    }
    const again = this.members.size > 0;
    this.timer = again
      ? setTimeout(() => this.run(), Math.max(0, this.dueAt - performance.now()))
      : undefined;
  },
};
