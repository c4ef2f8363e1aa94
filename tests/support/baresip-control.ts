import { connect, type Socket } from 'node:net';
import { inTime, until } from './until.ts';

/** An event of baresip (`CALL_INCOMING`, `REGISTER_OK` …) with the epoch milliseconds we saw it. */
export type BaresipEvent = { type: string; id: string | undefined; param: string | undefined; at: number };

type Reply = { ok: boolean; data: string };

/** Talks to a baresip by its `ctrl_tcp` module: JSON in netstrings, replies matched by token. */
export class BaresipControl {
  readonly #socket: Socket;
  readonly #onEvent: (event: BaresipEvent) => void;
  readonly #waiting = new Map<string, (reply: Reply) => void>();
  #received = Buffer.alloc(0);
  #count = 0;

  private constructor(socket: Socket, onEvent: (event: BaresipEvent) => void) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    // A killed phone resets the connection; commands still waiting fail by their own time limit.
    socket.on('error', () => socket.destroy());
  }

  /** Connects as soon as the phone listens. */
  static async connect(port: number, onEvent: (event: BaresipEvent) => void): Promise<BaresipControl> {
    const socket = await until('baresip to take commands', () => tryConnect(port), { withinMs: 10_000 });
    return new BaresipControl(socket, onEvent);
  }

  /** Gives a command and hands back what it printed. @throws when baresip refuses it */
  async command(command: string, params?: string): Promise<string> {
    this.#count += 1;
    const token = String(this.#count);
    const json = JSON.stringify({ command, params, token });
    const reply = new Promise<Reply>((resolve) => this.#waiting.set(token, resolve));
    this.#socket.write(`${Buffer.byteLength(json)}:${json},`);
    const { ok, data } = await inTime(`baresip to reply to "${command}"`, reply);
    if (!ok) throw new Error(`baresip refused "${command} ${params ?? ''}": ${data.trim()}`);
    return data;
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const length = /^(\d+):/.exec(this.#received.toString('latin1', 0, 12));
      if (!length) return;
      const start = length[0].length;
      const end = start + Number(length[1]);
      if (this.#received.length <= end) return;
      const text = this.#received.toString('utf8', start, end);
      this.#received = this.#received.subarray(end + 1);
      this.#take(JSON.parse(text) as Record<string, unknown>);
    }
  }

  #take(message: Record<string, unknown>): void {
    const text = (key: string): string | undefined =>
      typeof message[key] === 'string' ? (message[key] as string) : undefined;
    if (message.event === true) {
      this.#onEvent({ type: text('type') ?? '', id: text('id'), param: text('param'), at: Date.now() });
      return;
    }
    const token = text('token') ?? '';
    this.#waiting.get(token)?.({ ok: message.ok === true, data: text('data') ?? '' });
    this.#waiting.delete(token);
  }
}

function tryConnect(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', reject);
  });
}
