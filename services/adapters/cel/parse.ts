import type { CelRecord } from '../../cdr/cel-record.ts';
import { instant } from '../../events/instant.ts';

/** What a piece of the file holds. `consumed` bytes are done with; the rest is a record that is still being written. */
export type CelPiece = { records: CelRecord[]; damaged: number; consumed: number };

/** The order of fields in dialplans/asterisk/cel_custom.conf, behind the mark. */
const fieldCount = 13;
/** Longer than any record can honestly be: what has no end by then is damaged. */
const longestRecordBytes = 64 * 1024;

/**
 * How a record begins. Within a field a quote is always doubled, so no field's content can look like this; it is where
 * reading goes on after a torn or garbled record, also when the next one is glued to it.
 */
const beginning = /"CEL1","[A-Z_]{1,30}","\d{1,12}\.\d{6}",/g;

/**
 * Reads the records in `bytes`, which begin at a record's beginning (or within a damaged one). Fields may hold line
 * breaks. `final`: nothing will be added any more, so an unfinished record at the end is a damaged one.
 */
export function parseCel(bytes: Buffer, final = false): CelPiece {
  // One character a byte, so that positions are those of the file.
  const text = bytes.toString('latin1');
  const records: CelRecord[] = [];
  let damaged = 0;
  let at = 0;
  while (at < text.length) {
    beginning.lastIndex = at;
    const begin = beginning.exec(text)?.index ?? -1;
    if (begin !== at) {
      const unfinished = begin === -1 && !final && text.length - at < longestRecordBytes;
      // It may be the beginning of a record of which the rest is still to come.
      if (unfinished) break;
      damaged += 1;
      at = begin === -1 ? text.length : begin;
      continue;
    }
    const read = readFields(text, at);
    if (read === 'unfinished' && !final && text.length - at < longestRecordBytes) break;
    const record = typeof read === 'string' ? null : toRecord(read.fields);
    if (record !== null && typeof read !== 'string') {
      records.push(record);
      at = read.end;
      continue;
    }
    damaged += 1;
    beginning.lastIndex = at + 1;
    at = beginning.exec(text)?.index ?? text.length;
  }
  return { records, damaged, consumed: at };
}

function readFields(
  text: string,
  begin: number,
): { fields: string[]; end: number } | 'unfinished' | 'damaged' {
  const fields: string[] = [];
  let at = begin;
  for (;;) {
    if (at >= text.length) return 'unfinished';
    if (text[at] !== '"') return 'damaged';
    let close = text.indexOf('"', at + 1);
    while (close !== -1 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
    if (close === -1 || close + 1 >= text.length) return 'unfinished';
    fields.push(text.slice(at + 1, close).replaceAll('""', '"'));
    const behind = text[close + 1];
    if (behind === '\n') return { fields, end: close + 2 };
    if (behind !== ',' || fields.length > fieldCount) return 'damaged';
    at = close + 2;
  }
}

function toRecord(fields: readonly string[]): CelRecord | null {
  if (fields.length !== fieldCount + 1) return null;
  const [, type = '', time = '', ...rest] = fields.map(fromUtf8);
  const [userType = '', uniqueId = '', linkedId = '', channel = '', callerNumber = '', extension = ''] = rest;
  const [context = '', app = '', appData = '', peer = '', extra = ''] = rest.slice(6);
  if (uniqueId === '' || linkedId === '') return null;
  return {
    type,
    at: instant(Math.floor(Number(time) * 1000)),
    userType,
    uniqueId,
    linkedId,
    channel,
    callerNumber,
    extension,
    context,
    app,
    appData,
    peer,
    extra,
  };
}

/** Fields came in one character a byte. Bytes that are no UTF-8 become U+FFFD. */
const fromUtf8 = (field: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the question is precisely whether there are others than ASCII
  /^[\x00-\x7f]*$/.test(field) ? field : Buffer.from(field, 'latin1').toString('utf8');
