import { renameSync, rmSync } from 'node:fs';
import type { Logger } from 'pino';
import type { CelRecord } from '../../cdr/cel-record.ts';
import { type Instant, later } from '../../events/instant.ts';
import type { CelPort } from '../../runtime/cel-port.ts';
import { readCelNews } from './follow.ts';
import { CelStore } from './store.ts';

/** With so many calls in mind the rest of the account waits in its files until some are explained and let go. */
const manyCalls = 30_000;
/** When none is let go meanwhile, reading goes on all the same after so many times of asking. */
const patience = 60;
/** More calls than this are not kept in mind; the oldest go, and are named. */
const mostCalls = 50_000;
/** A runaway file must not keep the controller from its calls: the rest is read the next time. */
const mostPiecesAtOnce = 50;

/**
 * Follows Asterisk's account of its channels.
 * @param options.file written by Asterisk (dialplans/asterisk/cel_custom.conf)
 * @param options.fromWall where our time may differ from the machine's
 * @param options.storeFile what is read and not yet explained, and how far it was read
 */
export function createCelAccount(options: {
  file: string;
  storeFile: string;
  /** A stamp that Asterisk has just made, by our own time. */
  fromWall?: (at: Instant) => Instant;
  log: Pick<Logger, 'warn' | 'error'>;
  /** See `readCelNews`. */
  settledAfterMs?: number;
}): CelPort & { close(): void } {
  const { file, log, fromWall = (at) => at } = options;
  const store = openStore(options.storeFile, log);
  const calls = new Map<string, CelRecord[]>();
  let position = store.position();
  let damaged = 0;
  let gaps = 0;
  let failing = false;
  let behind = false;
  let waited = 0;
  for (const record of store.all()) keep(record);

  function keep(record: CelRecord): void {
    const known = calls.get(record.linkedId);
    if (known) known.push(record);
    else calls.set(record.linkedId, [record]);
  }

  function readPiece(): boolean {
    const news = readCelNews(file, position, options);
    const records = news.records.filter(says).map((record) => ({ ...record, at: fromWall(record.at) }));
    const [was, is] = [position, news.position];
    const moved = is?.inode !== was?.inode || is?.bornMs !== was?.bornMs || is?.offset !== was?.offset;
    if (moved) store.add(records, news.position);
    position = news.position;
    for (const record of records) keep(record);
    for (const name of news.done) rmSync(name, { force: true });
    if (news.damaged > 0) {
      damaged += news.damaged;
      log.warn({ file, damaged: news.damaged }, "records of Asterisk's account are damaged and passed over");
    }
    if (news.gap) {
      gaps += 1;
      log.warn({ file }, "Asterisk's account was cut or replaced before it was read: records may be missing");
    }
    return news.more;
  }

  function readOn(): void {
    behind = true;
    for (let piece = 0; piece < mostPiecesAtOnce; piece += 1) {
      behind = readPiece();
      if (!behind || calls.size >= manyCalls) break;
    }
    waited = 0;
  }

  return {
    catchUp() {
      try {
        waited = calls.size < manyCalls ? 0 : waited + 1;
        if (waited === 0 || waited > patience) readOn();
        if (failing) log.warn({ file }, "Asterisk's account can be read again");
        failing = false;
        forgetOldest();
      } catch (error) {
        if (!failing) log.error({ err: error, file }, "Asterisk's account cannot be read; it is tried again");
        failing = true;
      }
    },
    calls: () => calls,
    behind: () => behind,
    endLost(startedAt, lastContact) {
      this.catchUp();
      const ends = [...calls.values()].flatMap((records) => endsOfLost(records, startedAt, lastContact));
      if (ends.length === 0) return;
      log.warn(
        { channels: ends.map(({ channel }) => channel).slice(0, 20) },
        'channels died with their Asterisk',
      );
      try {
        store.add(ends, null);
        for (const end of ends) keep(end);
      } catch (error) {
        log.error({ err: error }, 'the end of lost channels cannot be kept');
      }
    },
    forget,
    incomplete: () => damaged + gaps > 0,
    close: () => store.close(),
  };

  function forget(callIds: readonly string[]): void {
    if (callIds.length > 0) waited = 0;
    for (const callId of callIds) calls.delete(callId);
    try {
      store.forget(callIds);
    } catch (error) {
      // They come back at the next start, and are found explained again.
      log.error({ err: error }, 'explained calls stay in the store');
    }
  }

  function forgetOldest(): void {
    const tooMany = calls.size - mostCalls;
    if (tooMany <= 0) return;
    const oldest = [...calls.keys()].slice(0, tooMany);
    log.error(
      { callIds: oldest.slice(0, 20), count: tooMany },
      'too many calls are unexplained: the oldest are let go',
    );
    forget(oldest);
  }
}

/** Serving calls does not depend on it: a damaged store is put aside, and one that cannot be kept on disk is kept in memory. */
function openStore(file: string, log: Pick<Logger, 'error'>): CelStore {
  try {
    return new CelStore(file);
  } catch (error) {
    log.error(
      { err: error, file },
      `the store of Asterisk's account cannot be opened; it is put aside as ${file}.damaged`,
    );
  }
  try {
    rmSync(`${file}.damaged`, { force: true });
    renameSync(file, `${file}.damaged`);
    return new CelStore(file);
  } catch (error) {
    log.error({ err: error, file }, "Asterisk's account is kept in memory only until the next start");
    return new CelStore(':memory:');
  }
}

/**
 * An end for each channel without one of a call that began before `startedAt`: all channels of a call belong to the same Asterisk.
 */
function endsOfLost(
  records: readonly CelRecord[],
  startedAt: Instant,
  lastContact: Instant | null,
): CelRecord[] {
  const first = records.find(({ uniqueId, linkedId }) => uniqueId === linkedId);
  if (first === undefined || first.at >= startedAt) return [];
  const diedAt = lastContact !== null && lastContact < startedAt ? lastContact : startedAt;
  const ended = new Set(
    records.filter(({ type }) => type === 'HANGUP' || type === 'CHAN_END').map(({ uniqueId }) => uniqueId),
  );
  return records
    .filter(({ type, uniqueId }) => type === 'CHAN_START' && !ended.has(uniqueId))
    .map((start) => ({ ...start, type: 'CHAN_END', at: later(diedAt, lastWordOf(records, start)) }));
}

/** What a channel did last. */
const lastWordOf = (records: readonly CelRecord[], { uniqueId, at }: CelRecord): Instant =>
  records.reduce((last, one) => (one.uniqueId === uniqueId ? later(last, one.at) : last), at);

/** What the story of a call is made of (cdr/from-cel.ts); bridges and our own application's end add nothing. */
function says({ type, app }: CelRecord): boolean {
  switch (type) {
    case 'CHAN_START':
    case 'ANSWER':
    case 'HANGUP':
    case 'CHAN_END':
    case 'USER_DEFINED':
      return true;
    case 'APP_START':
      return app === 'Queue' || app === 'Stasis';
    case 'APP_END':
      return app === 'Queue';
    default:
      return false;
  }
}
