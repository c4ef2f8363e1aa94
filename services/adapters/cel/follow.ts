import { closeSync, fstatSync, openSync, readSync, renameSync } from 'node:fs';
import type { CelRecord } from '../../cdr/cel-record.ts';
import { parseCel } from './parse.ts';

/** How far the account has been read: which file, and up to which byte of it. */
export type CelPosition = { inode: number; offset: number };

/** What is new in the account, where reading goes on, and what could not be read. */
export type CelNews = {
  records: CelRecord[];
  position: CelPosition | null;
  /** Records that were torn or garbled. */
  damaged: number;
  /** The file was cut or replaced before it had been read to its end: records may be missing. */
  gap: boolean;
  /** There is more to be read at once. */
  more: boolean;
};

const mostBytesAtOnce = 4 * 1024 * 1024;
/** A file this large that has been read is put aside as `….1`; the one before it goes. Twice this is what the account takes on disk. */
const rotateAtBytes = 16 * 1024 * 1024;

/**
 * Reads what Asterisk wrote since `position` (null: from the beginning). Asterisk opens the file for each record, so it may be
 * renamed at any time; one that was put aside is read to its end before the new one is begun.
 */
export function readCelNews(
  file: string,
  position: CelPosition | null,
  limits: { mostBytes?: number; rotateAtBytes?: number } = {},
): CelNews {
  const mostBytes = limits.mostBytes ?? mostBytesAtOnce;
  const current = open(file);
  try {
    const inode = current?.inode ?? null;
    if (position === null || position.inode === inode) {
      if (current === null) return { records: [], position, damaged: 0, gap: false, more: false };
      const news = readFrom(current, position, { mostBytes, final: false });
      putAsideWhenRead(file, current, news, limits.rotateAtBytes ?? rotateAtBytes);
      return news;
    }
    const aside = open(`${file}.1`);
    try {
      if (aside?.inode === position.inode) {
        const news = readFrom(aside, position, { mostBytes, final: current !== null });
        if (news.more || current === null) return news;
        return { ...news, position: { inode: current.inode, offset: 0 }, more: true };
      }
    } finally {
      close(aside);
    }
    // Somebody removed it. A file that is made now may get the same inode, and must not be read from the old place on.
    if (current === null) return { records: [], position: null, damaged: 0, gap: true, more: false };
    return { ...readFrom(current, null, { mostBytes, final: false }), gap: true };
  } finally {
    close(current);
  }
}

type Open = { descriptor: number; inode: number; size: number };

function readFrom(
  { descriptor, inode, size }: Open,
  position: CelPosition | null,
  { mostBytes, final }: { mostBytes: number; final: boolean },
): CelNews {
  const known = position?.offset ?? 0;
  const cut = known > size;
  const from = cut ? 0 : known;
  const bytes = Buffer.alloc(Math.min(mostBytes, size - from));
  const length = readSync(descriptor, bytes, 0, bytes.length, from);
  const atEnd = from + length >= size;
  const { records, damaged, consumed } = parseCel(bytes.subarray(0, length), final && atEnd);
  const offset = from + consumed;
  return { records, position: { inode, offset }, damaged, gap: cut, more: !atEnd && consumed > 0 };
}

function putAsideWhenRead(file: string, { size }: Open, news: CelNews, limitBytes: number): void {
  const offset = news.position?.offset ?? 0;
  if (offset >= limitBytes && offset === size) renameSync(file, `${file}.1`);
}

function open(file: string): Open | null {
  try {
    const descriptor = openSync(file, 'r');
    const { ino, size } = fstatSync(descriptor);
    return { descriptor, inode: ino, size };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function close(one: Open | null): void {
  if (one !== null) closeSync(one.descriptor);
}
