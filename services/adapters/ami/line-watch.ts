import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Socket } from 'node:net';

/** Far above any message of Asterisk's that we ask for. What does not end by then is held by the library, and only grows. */
export const longestMessageBytes = 256 * 1024;
const madeSocket = 'net.client.socket';

/**
 * The socket of a library that keeps it to itself: Node tells of each one that is made. Bounds how much is received without a
 * message's end, and cuts the line for good when it is no longer wanted, also when it is only being made or the other side is silent.
 */
export class LineWatch {
  #socket: Socket | null = null;
  #unfinishedBytes = 0;
  readonly #onTooLong: (because: string) => void;

  /** @param onTooLong a message has grown beyond {@link longestMessageBytes} without ending */
  constructor(onTooLong: (because: string) => void) {
    this.#onTooLong = onTooLong;
  }

  /** Runs `connect`, which makes the socket before it returns. */
  watch(connect: () => void): void {
    const take = (message: unknown) => {
      const { socket } = message as { socket?: unknown };
      if (socket instanceof Socket) this.#take(socket);
    };
    subscribe(madeSocket, take);
    try {
      connect();
    } finally {
      unsubscribe(madeSocket, take);
    }
  }

  messageEnded(): void {
    this.#unfinishedBytes = 0;
  }

  cut(): void {
    this.#socket?.destroy();
  }

  #take(socket: Socket): void {
    this.#socket = socket;
    // Before the library's own listener, so that a message's end in this piece sets the count back to 0.
    socket.on('data', (piece: string | Buffer) => {
      this.#unfinishedBytes += piece.length;
      if (this.#unfinishedBytes > longestMessageBytes)
        this.#onTooLong(`a message of more than ${longestMessageBytes} bytes`);
    });
  }
}
