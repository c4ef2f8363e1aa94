import { DatabaseSync } from 'node:sqlite';
import type { CelRecord } from '../../cdr/cel-record.ts';
import type { CelPosition } from './follow.ts';

/** Space that is kept for later use. */
const mostSpareBytes = 16 * 1024 * 1024;

/**
 * What has been read of Asterisk's account and is not done with yet, with the position up to which it was read: an embedded
 * SQLite file. Both are kept in one transaction, so that a controller killed at any moment neither misses a record nor reads
 * one twice. A lost file costs the calls that were under way, no more: they are explained by their records only.
 */
export class CelStore {
  readonly #db: DatabaseSync;

  constructor(file: string) {
    this.#db = new DatabaseSync(file);
    this.#db.exec(`
      pragma journal_mode = wal;
      pragma synchronous = normal;
      pragma journal_size_limit = ${mostSpareBytes};
      create table if not exists position (id integer primary key check (id = 1), inode integer not null, "offset" integer not null) strict;
      create table if not exists record (n integer primary key, call_id text not null, body text not null) strict;
      create index if not exists record_by_call on record (call_id);
      select count(*) from record;
    `);
    this.#rememberBirth();
    this.#giveBackSpace();
  }

  /** Stores of before know a file by its inode alone. */
  #rememberBirth(): void {
    const columns = this.#db.prepare('pragma table_info(position)').all();
    if (!columns.some(({ name }) => name === 'born_ms'))
      this.#db.exec('alter table position add column born_ms integer not null default 0');
  }

  /** What was let go leaves holes that are filled again; after a flood they are given back to the disk, at the next start. */
  #giveBackSpace(): void {
    const number = (pragma: string) =>
      Number(Object.values(this.#db.prepare(`pragma ${pragma}`).get() ?? {})[0]);
    if (number('freelist_count') * number('page_size') > mostSpareBytes) this.#db.exec('vacuum');
  }

  position(): CelPosition | null {
    const row = this.#db.prepare('select inode, born_ms, "offset" from position').get();
    return row === undefined
      ? null
      : { inode: Number(row.inode), bornMs: Number(row.born_ms), offset: Number(row.offset) };
  }

  /** Adds records and moves the position, both or neither. */
  add(records: readonly CelRecord[], position: CelPosition | null): void {
    this.#db.exec('begin immediate');
    try {
      const insert = this.#db.prepare('insert into record (call_id, body) values (?, ?)');
      for (const record of records) insert.run(record.linkedId, JSON.stringify(record));
      if (position !== null)
        this.#db
          .prepare('insert or replace into position (id, inode, born_ms, "offset") values (1, ?, ?, ?)')
          .run(position.inode, position.bornMs, position.offset);
      this.#db.exec('commit');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('rollback');
      throw error;
    }
  }

  /** All records kept, in the order in which they were written. */
  *all(): Iterable<CelRecord> {
    for (const row of this.#db.prepare('select body from record order by n').iterate())
      yield JSON.parse(String(row.body)) as CelRecord;
  }

  forget(callIds: readonly string[]): void {
    if (callIds.length === 0) return;
    this.#db.exec('begin immediate');
    try {
      const remove = this.#db.prepare('delete from record where call_id = ?');
      for (const callId of callIds) remove.run(callId);
      this.#db.exec('commit');
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('rollback');
      throw error;
    }
  }

  close(): void {
    this.#db.close();
  }
}
