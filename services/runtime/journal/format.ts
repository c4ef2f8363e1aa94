import type { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { HotlineEvent } from '../../events/events.ts';
import { DamagedError } from './sqlite-errors.ts';

/**
 * The format this version writes. It grows when the tables change or when events of before would be folded wrongly; then the
 * former format gets a line in `fileSteps` and `eventSteps`, and tests/adapters/journals/ a stored journal of it.
 * An event type or a field that is only added needs no new format: what is unknown is passed over.
 */
export const journalFormat = 2;

/** The journal cannot be used, and nothing in it was changed. The message says what, where, and what to do. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
}

type StoredEvent = Record<string, unknown>;

/** What brings the tables of a format to the next one; all steps are one transaction. */
const fileSteps: Readonly<Record<number, (db: DatabaseSync) => void>> = {
  1: (db) => {
    db.exec(`
      alter table meta add column crc integer;
      alter table event add column format integer not null default 1;
      alter table event add column crc integer;
      ${newTables}
    `);
    const old = db.prepare('select seq, body from snapshot').get();
    if (old) saveState(db, Number(old.seq), String(old.body));
    db.exec('drop table snapshot');
    for (const { name, value } of db.prepare('select name, value from meta').all())
      setMeta(db, String(name), String(value));
  },
};

/** What brings an event of a format to the next one, when it is read. Stored events stay as they were written. */
const eventSteps: Readonly<Record<number, (event: StoredEvent) => StoredEvent>> = {
  // Format 2 brought checksums; the events themselves stayed as they were.
  1: (event) => event,
};

/** `thinned` holds events older than all in `event`, of which the details have gone (size-limit.ts). */
const newTables = `
  create table if not exists saved_state (seq integer primary key, body text not null, crc integer not null) strict;
  create table if not exists thinned (seq integer primary key, body text not null, format integer not null, crc integer) strict;
`;

/** The tables of a new journal. Every row can be checked by itself, wherever in a damaged file it is found. */
export const tables = `
  create table if not exists meta (name text primary key, value text not null, crc integer) strict;
  create table if not exists event (seq integer primary key, body text not null, format integer not null, crc integer) strict;
  ${newTables}
`;

/** The format of an open journal; null for a file without tables. @throws {DamagedError} when it cannot be told */
export function formatOf(db: DatabaseSync): number | null {
  const has = (sql: string): boolean => db.prepare(sql).get() !== undefined;
  if (!has('select 1 from sqlite_schema')) return null;
  if (!has(`select 1 from sqlite_schema where name = 'meta'`)) throw new DamagedError('a table is missing');
  const row = db.prepare(`select * from meta where name = 'format'`).get();
  if (row && isWholeMeta('format', String(row.value), row.crc)) return Number(row.value);
  // Format 1 did not say its number, and had no checksums.
  if (row || has(`select 1 from pragma_table_info('meta') where name = 'crc'`))
    throw new DamagedError('the number of its format is damaged');
  return 1;
}

/** Brings the tables (null: none) to the present format; a kill in the middle leaves the former one. */
export function bringTablesForward(db: DatabaseSync, from: number | null): void {
  db.exec('begin immediate');
  try {
    if (from === null) db.exec(tables);
    for (let format = from ?? journalFormat; format < journalFormat; format++) fileSteps[format]?.(db);
    setMeta(db, 'format', String(journalFormat));
    db.exec('commit');
  } catch (error) {
    if (db.isTransaction) db.exec('rollback');
    throw error;
  }
}

export function setMeta(db: DatabaseSync, name: string, value: string): void {
  db.prepare('insert or replace into meta (name, value, crc) values (?, ?, ?)').run(
    name,
    value,
    crc32(`${name}=${value}`),
  );
}

/** null when there is none, or when it is damaged. */
export function getMeta(db: DatabaseSync, name: string): string | null {
  const row = db.prepare('select value, crc from meta where name = ?').get(name);
  return row && isWholeMeta(name, String(row.value), row.crc) ? String(row.value) : null;
}

export const isWholeMeta = (name: string, value: string, crc: unknown): boolean =>
  crc32(`${name}=${value}`) === crc;

/** Keeps the state as of `seq` beside the one saved before, which is the spare should this one be damaged. */
export function saveState(db: DatabaseSync, seq: number, body: string): void {
  db.prepare('insert or replace into saved_state values (?, ?, ?)').run(seq, body, crc32(body, seq));
  db.prepare(
    'delete from saved_state where seq not in (select seq from saved_state order by seq desc limit 2)',
  ).run();
}

export const isWholeState = (seq: number, body: string, crc: unknown): boolean => crc32(body, seq) === crc;

export const eventRow = (event: HotlineEvent): [number, string, number, number] => {
  const body = JSON.stringify(event);
  return [event.seq, body, journalFormat, crc32(body, journalFormat)];
};

/** The event of a row as of today's format; null when the row is damaged. Format 1 had no checksums. */
export function readEventRow(row: {
  seq: unknown;
  body: unknown;
  format: unknown;
  crc: unknown;
}): HotlineEvent | null {
  const { seq, body } = row;
  const format = Number(row.format);
  if (typeof body !== 'string' || !Number.isInteger(format) || format < 1 || format > journalFormat)
    return null;
  if (row.crc === null ? format > 1 : crc32(body, format) !== row.crc) return null;
  let event = parseObject(body);
  if (event === null || event.seq !== seq || typeof event.eventId !== 'string') return null;
  for (let from = format; from < journalFormat; from++) event = eventSteps[from]?.(event) ?? event;
  return event as unknown as HotlineEvent;
}

function parseObject(text: string): StoredEvent | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as StoredEvent) : null;
  } catch {
    // Not whole: the caller is told by the null.
    return null;
  }
}
