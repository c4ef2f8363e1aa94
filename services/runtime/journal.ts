import { closeSync, fdatasync, openSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { HotlineEvent } from '../events/events.ts';

/** How the journal fares, for health and logs. */
export type JournalState = { ok: boolean; problem: string | null; heldInMemory: number };

/** Events kept in memory while the disk refuses them; beyond this the oldest are lost, counted and said. */
const mostHeldInMemory = 200_000;
/** A power cut may lose what was appended within this time; a killed process loses nothing. */
const syncEveryMs = 50;
const retryEveryMs = 1_000;
/** The log is folded into the database when it is this long, 16 MB: some seconds of a busy centre. Only that waits for the disk. */
const checkpointPages = 4_096;

/**
 * The local journal: an embedded SQLite file (WAL). An append is in the operating system's hands when it returns, so that
 * killing the process loses nothing, and is on its way to the disk within 50 ms. The disk is waited for by another thread: a
 * slow one (tens of ms when the machine is busy) holds up no call. When the disk refuses (full, read-only),
 * calls go on: events are held in memory, in order, and written as soon as it takes them again.
 */
export class Journal {
  readonly id: string;
  readonly #db: DatabaseSync;
  readonly #onProblem: (state: JournalState) => void;
  readonly #timer: NodeJS.Timeout;
  #held: HotlineEvent[] = [];
  #lost = 0;
  #problem: string | null = null;
  #unsynced = false;
  #syncing = false;
  #closed = false;
  /** SQLite's write-ahead log, for syncing only. It carries no locks, so a second descriptor of ours does no harm. */
  #log: number | null = null;
  readonly #file: string;
  readonly #insertEvent: StatementSync;
  #lastTry = 0;
  #lastSeq: number;

  constructor(options: {
    file: string;
    /** Names the journal when the file is new. */
    newId: string;
    onProblem: (state: JournalState) => void;
  }) {
    this.#file = options.file;
    this.#db = new DatabaseSync(options.file);
    this.#onProblem = options.onProblem;
    this.#db.exec(`
      pragma journal_mode = wal;
      pragma synchronous = normal;
      pragma wal_autocheckpoint = ${checkpointPages};
      create table if not exists meta (name text primary key, value text not null) strict;
      create table if not exists event (seq integer primary key, body text not null) strict;
      create table if not exists snapshot (id integer primary key check (id = 1), seq integer not null, body text not null) strict;
    `);
    this.#db.prepare(`insert or ignore into meta values ('journal_id', ?)`).run(options.newId);
    this.id = String(this.#db.prepare(`select value from meta where name = 'journal_id'`).get()?.value);
    this.#lastSeq = Number(
      this.#db
        .prepare('select max(seq) as seq from (select seq from event union all select seq from snapshot)')
        .get()?.seq ?? 0,
    );
    this.#insertEvent = this.#db.prepare('insert or ignore into event values (?, ?)');
    this.#timer = setInterval(() => this.#tick(), syncEveryMs);
    this.#timer.unref();
  }

  /** Never throws. Events must continue the sequence. */
  append(events: readonly HotlineEvent[]): void {
    this.#lastSeq = events.at(-1)?.seq ?? this.#lastSeq;
    if (this.#held.length > 0) return this.#hold(events);
    try {
      this.#insert(events);
    } catch (error) {
      this.#hold(events);
      this.#report(error);
    }
  }

  /** The newest sequence number, held ones included. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Stored events behind `seq`, oldest first. */
  read(seq: number, limit: number): HotlineEvent[] {
    return this.#db
      .prepare('select body from event where seq > ? order by seq limit ?')
      .all(seq, limit)
      .map((row) => JSON.parse(String(row.body)) as HotlineEvent);
  }

  /** How often this journal has been opened by a controller, this time included. */
  countStart(): number {
    const { value } = this.#db
      .prepare(
        `insert into meta values ('starts', '1')
         on conflict (name) do update set value = cast(value as integer) + 1 returning value`,
      )
      .get() as { value: string };
    return Number(value);
  }

  /** Never throws: without a newer snapshot a start only replays more. */
  saveSnapshot(seq: number, body: string): void {
    this.#attempt(() => this.#db.prepare('insert or replace into snapshot values (1, ?, ?)').run(seq, body));
  }

  loadSnapshot(): string | null {
    const row = this.#db.prepare('select body from snapshot where id = 1').get();
    return row ? String(row.body) : null;
  }

  /** Forgets events that are both in Postgres and in the snapshot. Never throws. */
  prune(shippedSeq: number): void {
    this.#attempt(() =>
      this.#db
        .prepare(
          'delete from event where seq <= min(?, coalesce((select seq from snapshot where id = 1), 0))',
        )
        .run(shippedSeq),
    );
  }

  state(): JournalState {
    return { ok: this.#problem === null, problem: this.#problem, heldInMemory: this.#held.length };
  }

  close(): void {
    clearInterval(this.#timer);
    if (this.#held.length > 0) this.#retry();
    this.#closed = true;
    this.#db.exec('pragma wal_checkpoint(truncate)');
    this.#db.close();
    if (!this.#syncing) this.#closeLog();
  }

  #insert(events: readonly HotlineEvent[]): void {
    this.#db.exec('begin immediate');
    try {
      for (const event of events) this.#insertEvent.run(event.seq, JSON.stringify(event));
      this.#db.exec('commit');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('rollback');
      throw error;
    }
    this.#unsynced = true;
  }

  #hold(events: readonly HotlineEvent[]): void {
    this.#held.push(...events);
    const tooMany = this.#held.length - mostHeldInMemory;
    if (tooMany > 0) {
      this.#held = this.#held.slice(tooMany);
      this.#lost += tooMany;
    }
  }

  #tick(): void {
    if (this.#held.length > 0 && Date.now() - this.#lastTry >= retryEveryMs) this.#retry();
    if (this.#unsynced && !this.#syncing) this.#attempt(() => this.#sync());
  }

  /** Forces the log to the disk, as a checkpoint would (sqlite.org/wal.html), but without being waited for. */
  #sync(): void {
    this.#log ??= openSync(`${this.#file}-wal`, 'r');
    this.#unsynced = false;
    this.#syncing = true;
    fdatasync(this.#log, (error) => {
      this.#syncing = false;
      if (this.#closed) return this.#closeLog();
      if (!error) return;
      this.#unsynced = true;
      this.#report(error);
    });
  }

  #closeLog(): void {
    if (this.#log !== null) closeSync(this.#log);
    this.#log = null;
  }

  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#report(error);
    }
  }

  #retry(): void {
    this.#lastTry = Date.now();
    try {
      this.#insert(this.#held);
      this.#held = [];
      if (this.#problem !== null) {
        this.#problem = null;
        this.#onProblem(this.state());
      }
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    const lost = this.#lost > 0 ? `; ${this.#lost} events were lost` : '';
    const problem = `${error instanceof Error ? error.message : String(error)}${lost}`;
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#onProblem(this.state());
  }
}
