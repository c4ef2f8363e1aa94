import { connect, createServer, type Socket } from 'node:net';

/** A wire that can be cut: connections to `port` go to `targetPort`, both on 127.0.0.1. */
export type TcpProxy = {
  readonly port: number;
  /** Breaks all connections and takes no new ones. */
  cut(): void;
  restore(): void;
  /** Swallows everything silently from now on: connections stay open, nothing passes. */
  stall(): void;
  close(): Promise<void>;
};

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let mode: 'through' | 'cut' | 'stalled' = 'through';
  const server = createServer((near) => {
    if (mode === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(targetPort, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (data) => {
        if (mode === 'through') to.write(data);
      });
      // One end's end is the other's; an error is followed by `close`.
      from.on('error', () => from.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const cut = () => {
    mode = 'cut';
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cut,
    restore: () => {
      mode = 'through';
    },
    stall: () => {
      mode = 'stalled';
    },
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
