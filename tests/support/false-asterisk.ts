import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';

/** How a request is dealt with: a JSON answer (`{}` with 200 by default), or no answer at all. */
export type FalseAnswer = { status?: number; body?: unknown } | 'hang';

/** An HTTP and WebSocket server that passes for ARI and misbehaves on demand. */
export type FalseAsterisk = {
  readonly url: string;
  /** Requests so far, as `METHOD /path` without the query. */
  readonly requests: string[];
  /** Answers requests that match, newest rule first; `times` limits it. */
  on(match: RegExp, answer: FalseAnswer | (() => FalseAnswer), times?: number): void;
  /** Sends a frame to the event socket. */
  send(frame: string | object): void;
  /** Breaks the event socket. */
  dropSocket(): void;
  readonly socketCount: number;
  close(): Promise<void>;
};

/** @param restApiDir Asterisk's own API description, which ari-client loads. */
export async function startFalseAsterisk(
  restApiDir: string,
  options: { answersPings?: boolean } = {},
): Promise<FalseAsterisk> {
  const requests: string[] = [];
  const rules: { match: RegExp; answer: FalseAnswer | (() => FalseAnswer); left: number }[] = [];
  const sockets = new Set<WebSocket>();
  let socketCount = 0;

  const answerFor = (line: string): FalseAnswer => {
    const rule = rules.findLast(({ match, left }) => left > 0 && match.test(line));
    if (!rule) return /^GET \/ari\/(channels|bridges)$/.test(line) ? { body: [] } : {};
    rule.left -= 1;
    return typeof rule.answer === 'function' ? rule.answer() : rule.answer;
  };
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    request.resume();
    const description = /^\/ari\/api-docs\/([a-zA-Z]+)\.json$/.exec(pathname)?.[1];
    if (description !== undefined) {
      const text = readFileSync(join(restApiDir, `${description}.json`), 'utf8');
      response.setHeader('content-type', 'application/json');
      response.end(text.replace(/http:\/\/localhost:8088/g, url()));
      return;
    }
    const line = `${request.method} ${decodeURIComponent(pathname)}`;
    requests.push(line);
    const answer = answerFor(line);
    if (answer === 'hang') return;
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body ?? {}));
  });
  const webSockets = new WebSocketServer({
    server,
    path: '/ari/events',
    autoPong: options.answersPings ?? true,
  });
  webSockets.on('connection', (socket) => {
    socketCount += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = (): string => {
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  };
  return {
    get url() {
      return url();
    },
    requests,
    on: (match, answer, times = Number.POSITIVE_INFINITY) => {
      rules.push({ match, answer, left: times });
    },
    send(frame) {
      const text = typeof frame === 'string' ? frame : JSON.stringify(frame);
      for (const socket of sockets) socket.send(text);
    },
    dropSocket: () => {
      for (const socket of sockets) socket.terminate();
    },
    get socketCount() {
      return socketCount;
    },
    async close() {
      for (const socket of sockets) socket.terminate();
      webSockets.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A channel as ARI writes it into events and listings. */
export function falseChannel(id: string, more: object = {}): object {
  const caller = { name: '', number: '13800138000' };
  const dialplan = { context: 'arrived', exten: 's', priority: 1, app_name: 'Stasis', app_data: '' };
  return {
    id,
    name: `PJSIP/x-${id}`,
    state: 'Ring',
    protocol_id: '',
    caller,
    connected: caller,
    dialplan,
    ...more,
  };
}

/** A caller's entry into the application. */
export function falseArrival(id: string): object {
  const args = ['arrived', 'trunk', '95598', 'trunk', `${id}@sip`];
  return { type: 'StasisStart', application: 'hotline', timestamp: '', args, channel: falseChannel(id) };
}
