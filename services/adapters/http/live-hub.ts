import type { Response } from 'express';
import type { Logger } from 'pino';
import { liveStream } from './contract/live.ts';
import { Refusal } from './errors.ts';
import type { HttpLimits } from './options.ts';
import type { Visitor } from './sessions.ts';

type Reader = {
  res: Response;
  visitor: Visitor;
  /** When the reader stopped taking what we send; null while it keeps up. */
  stalledSince: number | null;
  sessionCheckedAt: number;
};

/**
 * Sends whole snapshots to everyone who looks at the live page. One snapshot is made and written for all readers. A
 * reader that is slow gets no more until it has taken what it was sent, then the newest; one that stays behind is cut
 * off. So each reader holds at most one snapshot in memory.
 */
export type LiveHub = {
  /** Begins a stream on `res`. @throws {Refusal} too-many-streams */
  attach(res: Response, visitor: Visitor): void;
  /** Something changed: the next snapshot is due. Quick, never throws. */
  changed(): void;
  endSession(key: string): void;
  close(): void;
  readonly size: number;
};

export function createLiveHub(options: {
  snapshot(): { seq: number };
  recheck(visitor: Visitor): Promise<Visitor | null>;
  limits: HttpLimits;
  log: Logger;
}): LiveHub {
  const { limits, log } = options;
  const readers = new Set<Reader>();
  let timer: NodeJS.Timeout | null = null;
  let dueAt = Number.POSITIVE_INFINITY;
  let sentAt = Number.NEGATIVE_INFINITY;
  let closed = false;

  const schedule = (at: number) => {
    if (closed || readers.size === 0 || at >= dueAt) return;
    if (timer) clearTimeout(timer);
    dueAt = at;
    timer = setTimeout(broadcast, Math.max(0, at - performance.now()));
  };

  const broadcast = () => {
    timer = null;
    dueAt = Number.POSITIVE_INFINITY;
    sentAt = performance.now();
    try {
      const message = render(options.snapshot());
      for (const reader of readers) {
        if (reader.stalledSince === null) write(reader, message);
        else if (sentAt - reader.stalledSince > limits.streamStallMs) cutOff(reader);
        checkSession(reader);
      }
    } catch (error) {
      log.error({ err: error }, 'no live snapshot could be made; the boards show the last one');
    }
    schedule(sentAt + limits.streamMaxIntervalMs);
  };

  const write = (reader: Reader, message: string) => {
    if (reader.res.write(message)) return;
    reader.stalledSince = performance.now();
    reader.res.once('drain', () => {
      reader.stalledSince = null;
      schedule(sentAt + limits.streamMinIntervalMs);
    });
  };

  const cutOff = (reader: Reader) => {
    log.warn({ user: reader.visitor.person.user }, 'a live stream was not read and was cut off');
    remove(reader);
    reader.res.destroy();
  };

  const remove = (reader: Reader) => {
    readers.delete(reader);
    if (readers.size > 0 || !timer) return;
    clearTimeout(timer);
    timer = null;
    dueAt = Number.POSITIVE_INFINITY;
  };

  const signOut = (reader: Reader) => {
    remove(reader);
    reader.res.end(`event: ${liveStream.signedOutEvent}\ndata: {}\n\n`);
  };

  const checkSession = (reader: Reader) => {
    if (sentAt - reader.sessionCheckedAt < limits.streamSessionCheckMs) return;
    reader.sessionCheckedAt = sentAt;
    options.recheck(reader.visitor).then(
      (visitor) => {
        if (readers.has(reader) && visitor === null) signOut(reader);
      },
      (error: unknown) =>
        log.warn({ err: error }, 'a live stream goes on though its session cannot be checked'),
    );
  };

  return {
    attach(res, visitor) {
      const mine = [...readers].filter((reader) => reader.visitor.person.user === visitor.person.user);
      if (readers.size >= limits.streams || mine.length >= limits.streamsPerUser) {
        throw new Refusal('too-many-streams', 'Close other live pages and try again.', {
          headers: { 'Retry-After': '10' },
        });
      }
      const message = render(options.snapshot()); // before the headers: if it fails, the answer is a problem
      res.status(200).set({
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-store',
        // Reverse proxies of the nginx kind would otherwise collect events before passing them on.
        'X-Accel-Buffering': 'no',
      });
      res.flushHeaders();
      const reader: Reader = { res, visitor, stalledSince: null, sessionCheckedAt: performance.now() };
      res.once('close', () => remove(reader));
      res.on('error', () => remove(reader));
      readers.add(reader);
      write(reader, `retry: 2000\n\n${message}`);
      schedule(performance.now() + limits.streamMaxIntervalMs);
    },
    changed() {
      schedule(Math.max(performance.now(), sentAt + limits.streamMinIntervalMs));
    },
    endSession(key) {
      for (const reader of [...readers]) if (reader.visitor.key === key) signOut(reader);
    },
    close() {
      closed = true;
      for (const reader of [...readers]) {
        remove(reader);
        reader.res.end();
      }
    },
    get size() {
      return readers.size;
    },
  };
}

/** The event's id is the newest event's sequence number. Snapshots are whole, so a Last-Event-ID needs no replay. */
function render(snapshot: { seq: number }): string {
  return `event: ${liveStream.snapshotEvent}\nid: ${snapshot.seq}\ndata: ${JSON.stringify(snapshot)}\n\n`;
}
