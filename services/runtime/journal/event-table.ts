import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { HotlineEvent } from '../../events/events.ts';
import { eventRow, readEventRow } from './format.ts';

/** Rows that are not whole are kept for people to look at, no more than this. */
const mostDamagedKept = 1_000;

/** The journal's events in the open file. */
export class EventTable {
  readonly #db: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #read: StatementSync;
  readonly #prune: StatementSync[];
  readonly #freePages: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#insert = db.prepare('insert or ignore into event values (?, ?, ?, ?)');
    this.#read = db.prepare(
      `select seq, body, format, crc from thinned where seq > ?1 and seq <= ?2
       union all select seq, body, format, crc from event where seq > ?1 and seq <= ?2
       order by seq limit ?3`,
    );
    this.#prune = ['thinned', 'event'].map((table) =>
      db.prepare(
        `delete from ${table} where seq <= min(?, coalesce((select min(seq) from saved_state), 0))
           and seq < (select min(seq) from ${table}) + ?`,
      ),
    );
    this.#freePages = db.prepare('pragma freelist_count');
  }

  /** All or none. @throws {Error} when the disk refuses */
  add(events: readonly HotlineEvent[]): void {
    this.#db.exec('begin immediate');
    try {
      for (const event of events) this.#insert.run(...eventRow(event));
      this.#db.exec('commit');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('rollback');
      throw error;
    }
  }

  /** Events behind `after`, up to `last`; with the numbers of those in between that are damaged. */
  read(after: number, last: number, limit: number): { events: HotlineEvent[]; damaged: number[] } {
    const damaged: number[] = [];
    for (let from = after; ; ) {
      const rows = this.#read.all(from, last, limit) as Parameters<typeof readEventRow>[0][];
      const events: HotlineEvent[] = [];
      for (const row of rows) {
        const event = readEventRow(row);
        if (event) events.push(event);
        else damaged.push(Number(row.seq));
      }
      if (events.length > 0 || rows.length === 0) return { events, damaged };
      from = Number(rows.at(-1)?.seq);
    }
  }

  /** Takes damaged rows out of the way, so that they are told once. */
  putAway(damaged: readonly number[]): void {
    this.#db.exec(
      'create table if not exists damaged (n integer primary key, seq integer, body text, format integer, crc integer)',
    );
    for (const seq of damaged)
      for (const table of ['thinned', 'event']) {
        this.#db
          .prepare(
            `insert into damaged (seq, body, format, crc) select seq, body, format, crc from ${table} where seq = ?`,
          )
          .run(seq);
        this.#db.prepare(`delete from ${table} where seq = ?`).run(seq);
      }
    this.#db.exec(`delete from damaged where n <= (select max(n) from damaged) - ${mostDamagedKept}`);
  }

  /** Forgets up to `count` of the oldest events, of those up to `shippedSeq` that both saved states have in them. */
  prune(shippedSeq: number, count: number): void {
    for (const statement of this.#prune) statement.run(shippedSeq, count);
  }

  /** Gives free pages beyond `kept` back to the disk, a few at once: each may have to change places with one in use. */
  returnPages(kept: number, atOnce: number): void {
    const free = Number(this.#freePages.get()?.freelist_count ?? 0);
    if (free > kept) this.#db.exec(`pragma incremental_vacuum(${Math.min(atOnce, free - kept)})`);
  }
}
