import { createServer, type Socket } from 'node:net';

/** One action as the server received it: headers in lower case. */
export type ReceivedAction = Readonly<Record<string, string>>;
/** What is sent back for an action; null = nothing. */
type Answer = (action: ReceivedAction) => string | null;

/** A TCP server that passes for Asterisk's manager interface and misbehaves on demand. */
export type FalseAmi = {
  readonly port: number;
  readonly actions: ReceivedAction[];
  /** Answers actions of this name from now on. */
  on(action: string, answer: Answer): void;
  send(text: string | Buffer): void;
  /** Connections that are open. */
  readonly connections: number;
  drop(): void;
  close(): Promise<void>;
};

/** A message: headers, then an empty line. */
export function amiMessage(headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([key, value]) => `${key}: ${value}\r\n`);
  return `${lines.join('')}\r\n`;
}

export function success(action: ReceivedAction): string {
  return amiMessage({ Response: 'Success', ActionID: action.actionid ?? '' });
}

export async function startFalseAmi(): Promise<FalseAmi> {
  const sockets = new Set<Socket>();
  const actions: ReceivedAction[] = [];
  const answers = new Map<string, Answer>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.write('Asterisk Call Manager/10.0.0\r\n');
    let rest = '';
    socket.on('data', (data) => {
      const parts = (rest + data.toString('utf8')).split('\r\n\r\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const action = readAction(part);
        actions.push(action);
        const answer = (answers.get((action.action ?? '').toLowerCase()) ?? success)(action);
        if (answer !== null) socket.write(answer);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const drop = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    actions,
    on: (action, answer) => {
      answers.set(action.toLowerCase(), answer);
    },
    send: (text) => {
      for (const socket of sockets) socket.write(text);
    },
    drop,
    get connections() {
      return sockets.size;
    },
    close: () => {
      drop();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function readAction(part: string): ReceivedAction {
  const headers = part.split('\r\n').map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return Object.fromEntries(headers) as ReceivedAction;
}
