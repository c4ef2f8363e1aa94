import { closeSync, fdatasync, openSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { HotlineEvent } from '../events/events.ts';
import { EventTable } from './journal/event-table.ts';
import { getMeta, isWholeState, saveState, setMeta } from './journal/format.ts';
import { HeldEvents } from './journal/held-events.ts';
import { JournalIdentity } from './journal/identity.ts';
import { type Damage, lastSeqOf, type OpenedJournal, openJournal, rebuild } from './journal/open.ts';
import { SizeLimit } from './journal/size-limit.ts';
import { isDamage } from './journal/sqlite-errors.ts';

export { JournalError } from './journal/format.ts';

/** How the journal fares, for health and logs. */
export type JournalState = {
  ok: boolean;
  problem: string | null;
  /** Events the disk refused so far, kept in memory until it takes them. */
  heldInMemory: number;
  /** Events lost since this start, as far as is known: damaged, or without room even in memory or in a full journal. */
  lost: number;
};

/** A part of the history is gone, or was found damaged: for the log, in words, with what is known of it. */
export type JournalLoss = {
  what: string;
  lostEvents: number;
  details: Readonly<Record<string, string | number>>;
};

export type JournalOptions = {
  file: string;
  /** Names the journal when the file is new. */
  newId: string;
  onProblem: (state: JournalState) => void;
  onLoss?: (loss: JournalLoss) => void;
  /** The events and snapshots take no more than this in the file, whatever Postgres does. */
  mostBytes?: number;
  /** Events kept in memory while the disk refuses them. */
  mostHeld?: number;
  /** Forces to the disk what has been written to this descriptor, and calls back when it is there. */
  forceToDisk?: (descriptor: number, done: (error: Error | null) => void) => void;
};

/** Days without Postgres for a middling centre, hours for a very large one. */
const usualMostBytes = 2 * 1024 * 1024 * 1024;
/** A power cut may lose what was appended within this time; a killed process loses nothing. */
const syncEveryMs = 50;
const retryEveryMs = 1_000;
const mendEveryMs = 60_000;
/** What calls wait for is done in pieces of a few milliseconds. */
const writtenAtOnce = 1_000;
const prunedAtOnce = 1_000;
const pagesReturnedAtOnce = 16;
/** Free pages that are kept for the events that come: 2 MB. */
const freePagesKept = 512;

const nothingRead: ReturnType<EventTable['read']> = { events: [], damaged: [] };

/**
 * The local journal: an embedded SQLite file (WAL). An append is in the operating system's hands when it returns, so that
 * killing the process loses nothing, and is on its way to the disk within 50 ms. The disk is waited for by another thread: a
 * slow one (tens of ms when the machine is busy) holds up no call. When the disk refuses (full, read-only),
 * calls go on: events are held in memory, in order, and written as soon as it takes them again. Of a damaged file, all that
 * is whole is kept (journal/open.ts). It does not grow beyond a limit (journal/size-limit.ts).
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #held: HeldEvents;
  readonly #identity: JournalIdentity;
  #db: DatabaseSync;
  #events: EventTable;
  #limit: SizeLimit;
  #lost = 0;
  #problem: string | null = null;
  #lastTry = 0;
  #lastLook = 0;
  #lastMend = 0;
  #atLimit = false;
  /** The newest numbers: of all events, of those in the file, of those surely on the disk. */
  #lastSeq: number;
  #storedSeq: number;
  #durableSeq = 0;
  #unsynced = true;
  #syncing = false;
  /** Postgres has been asked where shipping goes on; `written` when that is surely on the disk. */
  #agreement: 'none' | 'made' | 'written' = 'none';
  /** Forcing to the disk has failed: what the kernel then takes for written may not be. */
  #doubtful = false;
  #closed = false;
  /** SQLite's write-ahead log, for syncing only. It carries no locks, so a second descriptor of ours does no harm. */
  #log: number | null = null;

  /** @throws {JournalError} when the file is of a later format */
  constructor(options: JournalOptions) {
    this.#options = options;
    this.#held = new HeldEvents(options.mostHeld);
    const { db, damage } = openJournal(options.file, options.newId);
    this.#db = db;
    this.#events = new EventTable(db);
    this.#limit = new SizeLimit(db, options.file, options.mostBytes ?? usualMostBytes);
    this.#identity = new JournalIdentity(db, options.newId);
    this.#lastSeq = lastSeqOf(db);
    this.#storedSeq = this.#lastSeq;
    if (damage) this.#tell(damage);
    this.#attempt(() => this.#identity.noteOpening(this.#lastSeq));
    this.#timer = setInterval(() => this.#tick(), syncEveryMs);
    this.#timer.unref();
  }

  /** Names this journal, and the controller whose it is, for good. */
  get id(): string {
    return this.#identity.id;
  }

  /** The name its events have in Postgres: `id`, until an end of it is lost. */
  get shippedAs(): string {
    return this.#identity.shippedAs;
  }

  /** Never throws. Events must continue the sequence. */
  append(events: readonly HotlineEvent[]): void {
    this.#lastSeq = events.at(-1)?.seq ?? this.#lastSeq;
    if (this.#held.size === 0 && this.#attempt(() => this.#write(events))) return;
    this.#held.add(events);
  }

  /** The newest sequence number, held ones included. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** The newest sequence number that outlives a power cut. */
  get durableSeq(): number {
    return this.#durableSeq;
  }

  /** Stored events behind `seq`, oldest first. Numbers are missing where events are lost. */
  read(seq: number, limit: number): HotlineEvent[] {
    return this.#read(seq, Number.MAX_SAFE_INTEGER, limit);
  }

  /** The same of those that outlive a power cut, as Postgres is to know them. Others must not leave the machine: their numbers might be given again. */
  readDurable(seq: number, limit: number): HotlineEvent[] {
    // After a power cut that undid the agreement, what is shipped now would look like the lost end of another journal.
    if (this.#agreement !== 'written') return [];
    return this.#read(seq, this.#durableSeq, limit).map((event) => this.#identity.named(event));
  }

  /**
   * Told how far Postgres has come with this journal; answers the number after which shipping goes on. `shippedAs` may be
   * another one afterwards (journal/identity.ts). @throws {Error} when that cannot be written down: to be tried again
   */
  agree(position: number): number {
    const { from, changed } = this.#identity.agree(position, (lost) =>
      this.#lose(
        'the end of the journal was lost; what Postgres has of it stays, the state lacks it',
        0,
        lost,
      ),
    );
    if (changed) {
      this.#agreement = 'made';
      this.#unsynced = true;
    } else if (this.#agreement === 'none') this.#agreement = 'written';
    return from;
  }

  /** How often this journal has been opened by a controller, this time included. */
  countStart(): number {
    const starts = Number(getMeta(this.#db, 'starts') ?? 0) + 1;
    this.#attempt(() => setMeta(this.#db, 'starts', String(starts)));
    return starts;
  }

  /** Never throws: without a newer snapshot a start only replays more. */
  saveSnapshot(seq: number, body: string): void {
    this.#attempt(() => saveState(this.#db, seq, body));
  }

  /** Snapshots that are whole, the newest first. The one before the newest is its spare. */
  snapshots(): string[] {
    const rows = this.#look(() =>
      this.#db.prepare('select seq, body, crc from saved_state order by seq desc').all(),
    );
    return (rows ?? []).flatMap((row) => {
      const [seq, body] = [Number(row.seq), String(row.body)];
      if (isWholeState(seq, body, row.crc)) return [body];
      this.#lose('a snapshot is damaged; the state is made of the one before, or of events', 0, { seq });
      return [];
    });
  }

  /** Forgets events that are both in Postgres and in the snapshots; some at a time, as calls wait. Never throws. */
  prune(shippedSeq: number): void {
    this.#attempt(() => {
      this.#events.prune(shippedSeq, prunedAtOnce);
      this.#events.returnPages(freePagesKept, pagesReturnedAtOnce);
    });
  }

  state(): JournalState {
    return {
      ok: this.#problem === null,
      problem: this.#problem,
      heldInMemory: this.#held.size,
      lost: this.#lost + this.#held.lost + this.#limit.trimmed.records,
    };
  }

  /** What events and snapshots take in the file, and may take. */
  size(): { usedBytes: number; mostBytes: number } {
    const { mostBytes } = this.#limit;
    return this.#db.isOpen ? { usedBytes: this.#limit.usedBytes(), mostBytes } : { usedBytes: 0, mostBytes };
  }

  close(): void {
    if (this.#closed) return;
    clearInterval(this.#timer);
    while (this.#held.size > 0 && this.#attempt(() => this.#writeHeld()));
    this.#closed = true;
    this.#attempt(() => this.#db.exec('pragma wal_checkpoint(truncate)'));
    this.#db.close();
    if (!this.#syncing) this.#closeLog();
  }

  #write(events: readonly HotlineEvent[]): void {
    this.#events.add(events);
    this.#storedSeq = events.at(-1)?.seq ?? this.#storedSeq;
    this.#unsynced = true;
  }

  #writeHeld(): void {
    const events = this.#held.oldest(writtenAtOnce);
    this.#write(events);
    this.#held.written(events.length);
  }

  #read(after: number, last: number, limit: number): HotlineEvent[] {
    const { events, damaged } = this.#look(() => this.#events.read(after, last, limit)) ?? nothingRead;
    if (damaged.length > 0) {
      this.#lose('events in the journal are damaged; they are passed over', damaged.length, {
        seqs: damaged.slice(0, 20).join(' '),
      });
      this.#attempt(() => this.#events.putAway(damaged));
    }
    return events;
  }

  #tick(): void {
    const now = Date.now();
    if (this.#problem !== null && now - this.#lastTry >= retryEveryMs) this.#retry(now);
    // Once the disk takes them again the rest follows without a pause, in pieces between which calls are handled.
    else if (this.#problem === null && this.#held.size > 0) this.#attempt(() => this.#writeHeld());
    if (this.#unsynced && !this.#syncing && !this.#doubtful) this.#attempt(() => this.#sync());
    if (now - this.#lastLook >= retryEveryMs || this.#atLimit) this.#attempt(() => this.#keepToLimit(now));
  }

  /** Forces the log to the disk, as a checkpoint would (sqlite.org/wal.html), but without being waited for. */
  #sync(): void {
    this.#log ??= openSync(`${this.#options.file}-wal`, 'r');
    const [upTo, agreement] = [this.#storedSeq, this.#agreement];
    this.#unsynced = false;
    this.#syncing = true;
    const force = this.#options.forceToDisk ?? fdatasync;
    force(this.#log, (error) => {
      this.#syncing = false;
      if (this.#closed) return this.#closeLog();
      if (!error) {
        this.#durableSeq = Math.max(this.#durableSeq, upTo);
        if (agreement === 'made') this.#agreement = 'written';
        return;
      }
      this.#doubtful = true;
      this.#fail(error);
    });
  }

  /** After a failure the kernel may call lost pages clean: the database is written from what is in memory, and forced itself. */
  #foldLog(): void {
    const upTo = this.#storedSeq;
    const { busy } = this.#db.prepare('pragma wal_checkpoint(truncate)').get() as { busy: number };
    if (busy !== 0) throw new Error('the journal could not be forced to the disk');
    this.#doubtful = false;
    this.#durableSeq = Math.max(this.#durableSeq, upTo);
    if (this.#agreement === 'made') this.#agreement = 'written';
  }

  #retry(now: number): void {
    this.#lastTry = now;
    const done = this.#attempt(() => {
      if (this.#held.size > 0) this.#writeHeld();
      else setMeta(this.#db, 'written_at', String(now));
      if (this.#doubtful) this.#foldLog();
    });
    if (!done) return;
    this.#problem = null;
    this.#options.onProblem(this.state());
  }

  #keepToLimit(now: number): void {
    this.#lastLook = now;
    const over = this.#limit.isOver();
    if (over && !this.#atLimit)
      this.#lose('the journal is full: details of past calls go first, then the oldest events', 0, {
        ...this.size(),
      });
    this.#atLimit = over && this.#limit.trim();
  }

  #tell({ what, lostEvents, ...details }: Damage): void {
    this.#lose(what, lostEvents, { ...details, lastSeq: this.#lastSeq });
  }

  #lose(what: string, lostEvents: number, details: JournalLoss['details']): void {
    this.#lost += lostEvents;
    this.#options.onLoss?.({ what, lostEvents, details: { file: this.#options.file, ...details } });
  }

  /** null when it cannot be read, which is told. */
  #look<T>(read: () => T): T | null {
    let found: T | null = null;
    this.#attempt(() => {
      found = read();
    });
    return found;
  }

  /** Does it, once more when the file was damaged and has been made anew. @returns whether it went well; else the failure is told */
  #attempt(work: () => void): boolean {
    try {
      try {
        work();
      } catch (error) {
        if (!this.#mend(error)) throw error;
        work();
      }
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    }
  }

  /** The file turned out to be damaged while in use: it is made anew of what is whole in it. */
  #mend(error: unknown): boolean {
    const now = Date.now();
    if (this.#db.isOpen && !isDamage(error)) return false;
    if (this.#closed || now - this.#lastMend < mendEveryMs) return false;
    this.#lastMend = now;
    this.#closeLog();
    const { db, damage } = this.#reopen(error instanceof Error ? error.message : String(error));
    this.#db = db;
    this.#events = new EventTable(db);
    this.#limit = this.#limit.of(db);
    this.#identity.moveTo(db);
    this.#unsynced = true;
    if (damage) this.#tell(damage);
    return true;
  }

  #reopen(what: string): OpenedJournal {
    // An earlier attempt has failed, for want of room perhaps.
    if (!this.#db.isOpen) return openJournal(this.#options.file, this.id);
    this.#db.close();
    return rebuild(this.#options.file, this.id, what);
  }

  #closeLog(): void {
    if (this.#log !== null) closeSync(this.#log);
    this.#log = null;
  }

  #fail(error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error);
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#lastTry = Date.now();
    this.#options.onProblem(this.state());
  }
}
