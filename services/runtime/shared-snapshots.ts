import type { Engine } from './engine.ts';
import type { InheritancePort } from './inheritance-port.ts';
import type { Journal } from './journal.ts';
import { writeSnapshot } from './snapshot.ts';

const firstAfterMs = 2_000;
const everyMs = 30_000;

/**
 * Keeps the engine's state in Postgres from time to time, so that a controller on another machine goes on from it with few events
 * to replay. Kept only once everything up to it is stored: what another goes on from is never ahead of the records.
 */
export function keepSharedSnapshots(options: {
  readonly port: Pick<InheritancePort, 'keepSnapshot'>;
  readonly journal: Pick<Journal, 'id' | 'shippedAs'>;
  readonly engine: Pick<Engine, 'state'>;
  /** Resolves when everything journalled so far is in Postgres; rejects when that takes too long. */
  readonly shipped: () => Promise<void>;
  readonly schedule: (ms: number, callback: () => void) => () => void;
  readonly log: { warn(what: object, text: string): void };
}): { stop(): void } {
  const { port, journal, engine, shipped, schedule, log } = options;
  let keptSeq = -1;
  let failing = false;
  let stopped = false;
  let cancel = schedule(firstAfterMs, () => void keep());

  async function keep(): Promise<void> {
    const { seq } = engine.state;
    try {
      if (seq !== keptSeq) {
        const body = writeSnapshot(engine.state);
        await shipped();
        await port.keepSnapshot(journal.id, journal.shippedAs, seq, body);
        keptSeq = seq;
      }
      failing = false;
    } catch (error) {
      if (!failing) log.warn({ err: error }, 'no snapshot kept in Postgres; it is tried again');
      failing = true;
    }
    if (!stopped) cancel = schedule(keptSeq < 0 ? firstAfterMs : everyMs, () => void keep());
  }

  return {
    stop(): void {
      stopped = true;
      cancel();
    },
  };
}
