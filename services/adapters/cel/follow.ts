import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CelRecord } from '../../cdr/cel-record.ts';
import { parseCel } from './parse.ts';

/**
 * How far the account has been read: which file, and up to which byte of it. A new file may get the inode of one that was removed:
 * `bornMs`, when it was made, tells them apart; 0 where the file system does not say.
 */
export type CelPosition = { inode: number; bornMs: number; offset: number };

/** What is new in the account, where reading goes on, and what could not be read. */
export type CelNews = {
  records: CelRecord[];
  position: CelPosition | null;
  /** Records that were torn or garbled. */
  damaged: number;
  /** A file was cut, replaced or removed before it had been read to its end: records may be missing. */
  gap: boolean;
  /** There is more to be read at once. */
  more: boolean;
  /** Files that are not needed any more once `position` is kept: they were read to their ends. */
  done: string[];
};

const mostBytesAtOnce = 4 * 1024 * 1024;
/** A file was put aside at least so long ago that nobody writes its last record to it any more. */
const settledAfterMs = 2_000;

/**
 * Reads what Asterisk wrote since `position` (null: from the oldest there is). Asterisk opens the file for each record, so that it may
 * be put aside at any time (infra/supervisor/cel-rotation.ts) as `….1`, `….2`, …; each is read to its end before the next one is begun.
 */
export function readCelNews(
  file: string,
  position: CelPosition | null,
  limits: { mostBytes?: number; settledAfterMs?: number } = {},
): CelNews {
  const mostBytes = limits.mostBytes ?? mostBytesAtOnce;
  const names = [...putAside(file), file];
  const files = names.flatMap((name) => open(name) ?? []);
  try {
    const known = files.findIndex((each) => position !== null && isFileOf(position, each));
    const at = Math.max(0, known);
    const one = files[at];
    // Somebody removed it. A file that is made now may get the same inode, and must not be read from the old place on.
    if (one === undefined)
      return { records: [], position: null, damaged: 0, gap: position !== null, more: false, done: [] };
    const next = files[at + 1];
    const settled = Date.now() - one.changedAtMs >= (limits.settledAfterMs ?? settledAfterMs);
    const final = next !== undefined && settled;
    const news = readFrom(one, known === -1 ? null : position, { mostBytes, final });
    const done = files.slice(0, at).map(({ name }) => name);
    const gap = news.gap || (known === -1 && position !== null);
    if (news.more || !final || next === undefined) return { ...news, gap, done };
    return {
      ...news,
      gap,
      done: [...done, one.name],
      position: { inode: next.inode, bornMs: next.bornMs, offset: 0 },
      more: true,
    };
  } finally {
    for (const { descriptor } of files) closeSync(descriptor);
  }
}

/** The files that were put aside, the oldest first. */
function putAside(file: string): string[] {
  const name = basename(file);
  const numbers = readdirSync(dirname(file)).flatMap((other) => {
    const number = other.startsWith(`${name}.`) ? other.slice(name.length + 1) : '';
    return /^\d{1,9}$/.test(number) ? [Number(number)] : [];
  });
  return numbers.sort((a, b) => a - b).map((number) => join(dirname(file), `${name}.${number}`));
}

type Open = {
  name: string;
  descriptor: number;
  inode: number;
  bornMs: number;
  size: number;
  changedAtMs: number;
};

const isFileOf = (position: CelPosition, { inode, bornMs }: Open): boolean =>
  inode === position.inode && (bornMs === position.bornMs || bornMs === 0 || position.bornMs === 0);

function readFrom(
  { descriptor, inode, bornMs, size }: Open,
  position: CelPosition | null,
  { mostBytes, final }: { mostBytes: number; final: boolean },
): Omit<CelNews, 'done'> {
  const known = position?.offset ?? 0;
  const cut = known > size;
  const from = cut ? 0 : known;
  const bytes = Buffer.alloc(Math.min(mostBytes, size - from));
  const length = readSync(descriptor, bytes, 0, bytes.length, from);
  const atEnd = from + length >= size;
  const { records, damaged, consumed } = parseCel(bytes.subarray(0, length), final && atEnd);
  const offset = from + consumed;
  return { records, position: { inode, bornMs, offset }, damaged, gap: cut, more: !atEnd && consumed > 0 };
}

/** null when it is not there: it may be put aside, read and removed at any moment. */
function open(name: string): Open | null {
  try {
    const descriptor = openSync(name, 'r');
    const { ino, size, mtimeMs, birthtimeMs } = fstatSync(descriptor);
    return {
      name,
      descriptor,
      inode: ino,
      bornMs: Math.floor(birthtimeMs),
      size,
      changedAtMs: Math.floor(mtimeMs),
    };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
