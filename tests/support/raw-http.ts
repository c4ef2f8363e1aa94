import { connect, type Socket } from 'node:net';

export type RawAnswer = { status: number; type: string; body: string };

/**
 * Puts bytes on a connection of its own as they are, and reads what comes back until the other side closes or `enough` says so.
 * null when the line was cut without an answer.
 */
export async function exchange(
  port: number,
  pieces: readonly (string | Buffer)[],
): Promise<RawAnswer | null> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  try {
    await new Promise<void>((resolve) => {
      socket.on('error', () => resolve());
      socket.on('close', () => resolve());
      socket.on('data', (bytes) => {
        text += bytes.toString('utf8');
        if (isWhole(text)) resolve();
      });
      for (const piece of pieces) socket.write(piece);
    });
  } finally {
    socket.destroy();
  }
  return readAnswer(text);
}

/** A connection whose other end has to make an end of it: it does not close when it is told to. */
export async function holdOpen(port: number, first: string): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => socket.destroy());
  socket.resume();
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  socket.write(first);
  return socket;
}

function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return false;
  const length = /^content-length: (\d+)/im.exec(text.slice(0, end))?.[1];
  const body = text.slice(end + 4);
  if (length !== undefined) return Buffer.byteLength(body) >= Number(length);
  return /^HTTP\/1\.1 (204|304)/.test(text) || body.endsWith('0\r\n\r\n') || /text\/event-stream/.test(text);
}

function readAnswer(text: string): RawAnswer | null {
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  if (status === undefined) return null;
  const end = text.indexOf('\r\n\r\n');
  const head = text.slice(0, end);
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  const rest = Buffer.from(text.slice(end + 4));
  return {
    status: Number(status),
    type: /^content-type: (.*)$/im.exec(head)?.[1]?.trim() ?? '',
    // Behind it may stand the answer to what was left over of the request.
    body: rest.subarray(0, length === undefined ? rest.length : Number(length)).toString('utf8'),
  };
}
