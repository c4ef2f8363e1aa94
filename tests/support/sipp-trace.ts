import { type FileHandle, open } from 'node:fs/promises';
import { parseSip, type SipMessage } from './sip-message.ts';

/** One message of sipp's `-trace_msg` log. */
export type Traced = { at: number; direction: 'sent' | 'received'; message: SipMessage };

const EVERY_MS = 10;
/** `---- 2026-11-21T20:12:09.123456Z` or `2026-11-21 20:12:09.123456` by sipp's version; we run it with TZ=UTC. */
const HEADING =
  /^-{20,} (\d{4}-\d\d-\d\d)[\sT]+(\d\d:\d\d:\d\d\.\d+)Z?[^\n]*\n(?:UDP|TCP|TLS) message (sent|received)[^\n]*?[([](\d+)[)\]]?[^\n]*\n\n/m;

/**
 * Follows sipp's message log while sipp writes it: what sipp itself says it sent and received, with its own
 * times (epoch milliseconds), is the SIP side's truth about a call.
 */
export class SippTrace {
  readonly #file: FileHandle;
  readonly #onMessage: (traced: Traced) => void;
  #pending = Buffer.alloc(0);
  #position = 0;
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> = Promise.resolve();
  #closed = false;

  private constructor(file: FileHandle, onMessage: (traced: Traced) => void) {
    this.#file = file;
    this.#onMessage = onMessage;
    void this.#poll();
  }

  /** The file must exist (it may be empty). */
  static async follow(path: string, onMessage: (traced: Traced) => void): Promise<SippTrace> {
    return new SippTrace(await open(path, 'r'), onMessage);
  }

  /** Reads what is there now. */
  catchUp(): Promise<void> {
    this.#reading = this.#reading.then(() => (this.#closed ? undefined : this.#readOn()));
    return this.#reading;
  }

  /** Reads what is left and ends. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.catchUp();
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#file.close();
  }

  async #poll(): Promise<void> {
    await this.catchUp();
    if (!this.#closed) this.#timer = setTimeout(() => void this.#poll(), EVERY_MS);
  }

  async #readOn(): Promise<void> {
    const chunk = Buffer.alloc(262_144);
    for (;;) {
      const { bytesRead } = await this.#file.read(chunk, 0, chunk.length, this.#position);
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      this.#pending = Buffer.concat([this.#pending, chunk.subarray(0, bytesRead)]);
      this.#takeMessages();
    }
  }

  #takeMessages(): void {
    for (;;) {
      // latin1 keeps byte offsets and character offsets the same.
      const heading = HEADING.exec(this.#pending.toString('latin1'));
      if (!heading) return;
      const start = heading.index + heading[0].length;
      const end = start + Number(heading[4]);
      if (end > this.#pending.length) return;
      const message = parseSip(this.#pending.toString('utf8', start, end));
      this.#pending = this.#pending.subarray(end);
      const at = Date.parse(`${heading[1]}T${heading[2]?.slice(0, 12)}Z`);
      if (message) this.#onMessage({ at, direction: heading[3] === 'sent' ? 'sent' : 'received', message });
    }
  }
}
