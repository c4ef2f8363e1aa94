import { createServer } from 'node:http';
import type { Config } from '../config.ts';

/** Says on the HTTP port that this controller lives and waits, `role: standby` when it is because another one acts. */
export function createWaitingRoom(config: Config) {
  let role: 'standby' | 'unknown' = 'unknown';
  const server = createServer((request, response) => {
    const health = request.url === '/healthz';
    const ready = request.url === '/readyz';
    response.writeHead(health ? 200 : 503, {
      'Content-Type': health || ready ? 'application/json' : 'application/problem+json',
      'Cache-Control': 'no-store',
      Connection: 'close',
    });
    if (health) response.end(JSON.stringify({ status: 'ok' }));
    else if (ready) response.end(JSON.stringify({ ready: false, role }));
    else
      response.end(
        JSON.stringify({
          type: 'urn:hotline:problem:standby',
          title: 'Another controller acts',
          status: 503,
          code: 'standby',
          detail: 'This controller waits to take over; ask the one that acts.',
          requestId: '',
        }),
      );
  });
  return {
    async open(anotherActs: boolean): Promise<void> {
      role = anotherActs ? 'standby' : 'unknown';
      if (server.listening) return;
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(config.httpPort, config.bindAddress, resolve);
      });
    },
    async close(): Promise<void> {
      if (!server.listening) return;
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
