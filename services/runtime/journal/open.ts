import { existsSync, readFileSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  bringTablesForward,
  formatOf,
  getMeta,
  JournalError,
  journalFormat,
  saveState,
  setMeta,
  tables,
} from './format.ts';
import { refuseDamagedHeader } from './header.ts';
import { type Sink, type StoredRow, salvage, salvagePassedOver } from './salvage.ts';
import { copyLogAside, damagedName, setAside } from './set-aside.ts';
import { DamagedError, isDamage } from './sqlite-errors.ts';
import { inspectWal } from './wal.ts';

/** What was wrong with the file, and what became of it. */
export type Damage = {
  /** In words. */
  what: string;
  /** Where the damaged file is kept now. */
  setAside: string;
  /** Whole events found and kept. */
  keptEvents: number;
  /** Events that are known to be missing between those; how many are missing at the end is only known when Postgres has them. */
  lostEvents: number;
};

export type OpenedJournal = { db: DatabaseSync; damage: Damage | null };

/** Larger files are not read through at the start; what is damaged in them is found when it is met. */
const mostBytesChecked = 64 * 1024 * 1024;
/** The log is folded into the database when it is this long, 16 MB: some seconds of a busy centre. Only that waits for the disk. */
const checkpointPages = 4_096;

/**
 * Opens a journal, whatever a power cut or a failing disk left of it: what is whole is kept, the damaged file is set aside. A
 * format of before is brought forward. @throws {JournalError} when it is of a later format: nothing is changed then.
 */
export function openJournal(file: string, newId: string): OpenedJournal {
  finishSalvage(file);
  try {
    refuseDamagedHeader(file);
    refuseLaterFormat(file);
    const tail = cutTail(file);
    const db = openWhole(file, newId);
    return { db, damage: tail && addTail(db, tail) };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return rebuild(file, newId, error.message);
  }
}

/** What was found damaged while it was in use: the same as at the start. `db` must be closed. */
export function rebuild(file: string, newId: string, what: string): OpenedJournal {
  const kept = writeSalvaged(file);
  const aside = damagedName(file, new Date());
  setAside(file, aside);
  finishSalvage(file);
  return { db: openWhole(file, newId), damage: { what, setAside: aside, ...kept } };
}

function openWhole(file: string, newId: string): DatabaseSync {
  const isNew = !existsSync(file);
  const check = !isNew && statSync(file).size <= mostBytesChecked;
  const db = connect(file);
  try {
    if (check) {
      const { quick_check: found } = db.prepare('pragma quick_check(1)').get() as { quick_check: string };
      if (found !== 'ok') throw new DamagedError(found.replaceAll(/\s+/g, ' '));
    }
    const format = formatOf(db);
    if (format !== journalFormat) bringTablesForward(db, format);
    if (format !== null && format < journalFormat) makeShrinkable(db, file);
    checkTables(db);
    if (getMeta(db, 'journal_id') === null) nameJournal(db, newId);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A damaged schema may have lost a table or a column. */
function checkTables(db: DatabaseSync): void {
  try {
    db.prepare('select name, value, crc from meta');
    db.prepare('select seq, body, format, crc from event');
    db.prepare('select seq, body, format, crc from thinned');
    db.prepare('select seq, body, crc from saved_state');
  } catch (error) {
    throw new DamagedError(`its tables are not as they were made: ${(error as Error).message}`);
  }
}

/** Files of before could not give pages back. A large one, or one on a full disk, stays as it is. */
function makeShrinkable(db: DatabaseSync, file: string): void {
  const { bavail, bsize } = statfsSync(dirname(file));
  const { size } = statSync(file);
  if (size <= mostBytesChecked && bavail * bsize > 3 * size)
    db.exec('pragma auto_vacuum = incremental; vacuum');
}

function connect(file: string): DatabaseSync {
  // It would write into a file that is there already.
  const isNew = !existsSync(file) || statSync(file).size === 0;
  try {
    return prepared(new DatabaseSync(file), isNew ? 'pragma auto_vacuum = incremental;' : '');
  } catch (error) {
    if (isDamage(error)) throw error;
    // A full disk has no room for SQLite's shared index either: alone, it keeps that in memory.
    return prepared(new DatabaseSync(file), 'pragma locking_mode = exclusive;');
  }
}

function prepared(db: DatabaseSync, first: string): DatabaseSync {
  try {
    db.exec(`
      ${first}
      pragma journal_mode = wal;
      pragma synchronous = normal;
      pragma wal_autocheckpoint = ${checkpointPages};
      select count(*) from sqlite_schema;
    `);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A journal whose name is damaged goes on under that of its newest event, which Postgres knows it by. */
function nameJournal(db: DatabaseSync, newId: string): void {
  const newest = db
    .prepare(`select seq, body ->> 'eventId' as id from event order by seq desc limit 1`)
    .get() as { seq: number; id: string } | undefined;
  const end = `-${newest?.seq}`;
  setMeta(db, 'journal_id', newest?.id.endsWith(end) ? newest.id.slice(0, -end.length) : newId);
}

function refuseLaterFormat(file: string): void {
  if (!existsSync(file)) return;
  let db: DatabaseSync | null = null;
  try {
    // For reading only: closing it leaves file and log as they are.
    db = new DatabaseSync(file, { readOnly: true });
    const format = formatOf(db) ?? journalFormat;
    if (format > journalFormat)
      throw new JournalError(
        `${file}: this journal is of format ${format}, written by a later version of the service; this one reads up to ` +
          `${journalFormat}. Start the later version again, or, giving up what is in it, move the file away.`,
      );
  } catch (error) {
    // What else is wrong with it, opening it for writing finds and mends.
    if (error instanceof JournalError) throw error;
  } finally {
    db?.close();
  }
}

type Tail = { setAside: string; events: Map<number, StoredRow> };

/** Keeps a log of which SQLite will cut off the end, and the whole events in what it cuts off. */
function cutTail(file: string): Tail | null {
  const log = `${file}-wal`;
  if (!existsSync(log) || !existsSync(file)) return null;
  const wal = readFileSync(log);
  const sight = inspectWal(wal);
  if (!sight.broken) return null;
  const name = damagedName(file, new Date());
  copyLogAside(file, name);
  const events: Tail['events'] = new Map();
  salvagePassedOver(wal, sight, {
    event: ({ seq }, row) => void events.set(seq, row),
    state: () => undefined,
    meta: () => undefined,
  });
  return { setAside: `${name}-wal`, events };
}

function addTail(db: DatabaseSync, tail: Tail): Damage {
  const last = lastSeqOf(db);
  const insert = db.prepare('insert or ignore into event values (?, ?, ?, ?)');
  let newest = last;
  db.exec('begin immediate');
  // Without a hole: the state is made of them, and what is behind the first hole is of the last moment anyway.
  for (let row = tail.events.get(last + 1); row; row = tail.events.get(newest + 1)) {
    newest += 1;
    insert.run(newest, row.body, row.format, row.crc);
  }
  db.exec('commit');
  return {
    what: `the end of ${tail.setAside.replace(/^.*\//, '')} is not whole: cut behind event ${newest}`,
    setAside: tail.setAside,
    keptEvents: newest - last,
    lostEvents: [...tail.events.keys()].filter((seq) => seq > newest).length,
  };
}

/** The highest number that is in use, as far as the file tells. */
export function lastSeqOf(db: DatabaseSync): number {
  return Number(
    db
      .prepare(
        'select max(seq) as seq from (select max(seq) as seq from event union all select max(seq) from saved_state)',
      )
      .get()?.seq ?? 0,
  );
}

const salvagedName = (file: string): string => `${file}.salvaged`;

/** Writes what is whole in the damaged file into a new one, which gets its name when it is complete. */
function writeSalvaged(file: string): { keptEvents: number; lostEvents: number } {
  const unfinished = `${file}.salvaging`;
  for (const end of ['', '-wal', '-shm']) rmSync(`${unfinished}${end}`, { force: true });
  const db = connect(unfinished);
  let found: { keptEvents: number; lostEvents: number };
  try {
    db.exec(tables);
    const insert = db.prepare(
      // A number may be there twice when the end was cut off once before: the later event counts.
      `insert into event values (?, ?, ?, ?) on conflict (seq) do update
         set body = excluded.body, format = excluded.format, crc = excluded.crc
         where excluded.body ->> 'at' > body ->> 'at'`,
    );
    const sink: Sink = {
      event: ({ seq }, { body, format, crc }) => void insert.run(seq, body, format, crc),
      state: (seq, body) => saveState(db, seq, body),
      meta: (name, value) => setMeta(db, name, value),
    };
    db.exec('begin immediate');
    salvage(file, sink);
    setMeta(db, 'format', String(journalFormat));
    db.exec('commit');
    const { kept, first, last } = db
      .prepare('select count(*) as kept, min(seq) as first, max(seq) as last from event')
      .get() as { kept: number; first: number | null; last: number | null };
    found = { keptEvents: kept, lostEvents: first === null || last === null ? 0 : last - first + 1 - kept };
  } finally {
    db.close();
  }
  renameSync(unfinished, salvagedName(file));
  return found;
}

/** Puts the new file in the place of the damaged one; also when we were killed half-way. */
function finishSalvage(file: string): void {
  if (!existsSync(salvagedName(file))) return;
  if (existsSync(file)) setAside(file, damagedName(file, new Date()));
  renameSync(salvagedName(file), file);
}
