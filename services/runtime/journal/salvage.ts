import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { HotlineEvent } from '../../events/events.ts';
import { isWholeMeta, isWholeState, readEventRow } from './format.ts';
import { type LeafRow, type PageSource, rowsOfLeaf } from './leaf-page.ts';
import { inspectWal, type WalSight } from './wal.ts';

/** Told of every row that is whole. A row may be told twice: an older image of its page may still be in the file. */
export type Sink = {
  event(event: HotlineEvent, row: StoredRow): void;
  state(seq: number, body: string): void;
  meta(name: string, value: string): void;
};
export type StoredRow = { body: string; format: number; crc: number | null };

/**
 * Finds every whole row in a damaged journal and its log, page by page, without the tree that leads to them: each row carries
 * its own checksum, so that a damaged page costs what was on it and no more. Changes nothing.
 */
export function salvage(file: string, sink: Sink): void {
  const wal = existsSync(`${file}-wal`) ? readFileSync(`${file}-wal`) : Buffer.alloc(0);
  const sight = inspectWal(wal);
  const descriptor = openSync(file, 'r');
  try {
    const pages = Math.ceil(fstatSync(descriptor).size / sight.pageSize);
    const image: PageSource = (page) => {
      const inWal = sight.pages.get(page);
      if (inWal !== undefined) return wal.subarray(inWal, inWal + sight.pageSize);
      const bytes = Buffer.alloc(sight.pageSize);
      return readSync(descriptor, bytes, 0, bytes.length, (page - 1) * sight.pageSize) > 0 ? bytes : null;
    };
    const look = (page: number): void => {
      const bytes = image(page);
      if (bytes) tellWhole(sink, rowsOfLeaf(bytes, page === 1 ? 100 : 0, image));
    };
    for (let page = 1; page <= pages; page++) look(page);
    for (const page of sight.pages.keys()) if (page > pages) look(page);
    salvagePassedOver(wal, sight, sink, image);
  } finally {
    closeSync(descriptor);
  }
}

/** The same for what SQLite will pass over in the log. */
export function salvagePassedOver(
  wal: Buffer,
  sight: WalSight,
  sink: Sink,
  source: PageSource = () => null,
): void {
  for (const at of sight.passedOver)
    tellWhole(sink, rowsOfLeaf(wal.subarray(at, at + sight.pageSize), 0, source));
}

function tellWhole(sink: Sink, rows: readonly LeafRow[]): void {
  for (const { rowid, values } of rows) {
    const [first, second, third, fourth] = values;
    if (typeof second !== 'string') continue;
    if (typeof first === 'string') {
      if (isWholeMeta(first, second, third)) sink.meta(first, second);
    } else if (isWholeState(rowid, second, third)) {
      sink.state(rowid, second);
    } else {
      const row = {
        body: second,
        format: typeof third === 'number' ? third : 1,
        crc: typeof fourth === 'number' ? fourth : null,
      };
      const event = readEventRow({ seq: rowid, ...row });
      if (event) sink.event(event, row);
    }
  }
}
