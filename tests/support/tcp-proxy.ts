import { connect, createServer, type Socket } from 'node:net';
import { pause } from './until.ts';

/** A wire that can be cut: connections to `port` go to `targetPort`, both on 127.0.0.1. */
export type TcpProxy = {
  readonly port: number;
  /** Breaks all connections and takes no new ones. */
  cut(): void;
  restore(): void;
  /** Swallows everything silently from now on: connections stay open, nothing passes. */
  stall(): void;
  /** Holds everything back: connections stay open, and what was sent meanwhile arrives after `restore`. */
  hold(): void;
  /** What is sent from now on arrives that much later (ms; asked for each piece), in order. */
  delay(ms: () => number, direction?: 'both' | 'to-caller'): void;
  close(): Promise<void>;
};

export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let mode: 'through' | 'cut' | 'stalled' | 'held' = 'through';
  let delays: { ms: () => number; both: boolean } | null = null;
  let release = Promise.withResolvers<void>();
  /** Ends of which something was once held back: from then on all goes through the queue, so that nothing overtakes. */
  const queued = new WeakSet<Socket>();
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
      let before = Promise.resolve();
      from.on('data', (data) => {
        if (mode === 'stalled') return;
        const late = delays !== null && (delays.both || from === far) ? delays.ms() : 0;
        const held = mode === 'held' ? release.promise : null;
        const after = late > 0 ? pause(late) : null;
        if (held === null && after === null && !queued.has(from)) {
          to.write(data);
          return;
        }
        queued.add(from);
        before = before
          .then(() => held)
          .then(() => after)
          .then(() => {
            if (!to.destroyed) to.write(data);
          });
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
    release.resolve();
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cut,
    restore: () => {
      mode = 'through';
      delays = null;
      release.resolve();
    },
    stall: () => {
      mode = 'stalled';
    },
    hold: () => {
      mode = 'held';
      release = Promise.withResolvers<void>();
    },
    delay: (ms, direction = 'both') => {
      delays = { ms, both: direction === 'both' };
    },
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
