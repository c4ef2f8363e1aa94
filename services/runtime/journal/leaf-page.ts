export type LeafRow = { rowid: number; values: (null | number | string)[] };

/** Where the rest of a long row is found: the image of a page, or null when there is none. */
export type PageSource = (page: number) => Buffer | null;

const tableLeaf = 0x0d;
/** A row is at most this long here: a saved state of a large centre. Longer is nonsense from a damaged page. */
const longestRowBytes = 256 * 1024 * 1024;

/**
 * The rows of a leaf page of a table, as SQLite lays it out (sqlite.org/fileformat2.html#b_tree_pages); none of another
 * kind of page. Takes nothing for granted: rows that make no sense are passed over. For reading what is left of a damaged file.
 */
export function rowsOfLeaf(page: Buffer, headerAt: number, source: PageSource): LeafRow[] {
  if (page[headerAt] !== tableLeaf) return [];
  const rows: LeafRow[] = [];
  const cells = page.readUInt16BE(headerAt + 3);
  for (let cell = 0; cell < cells; cell++) {
    const pointer = headerAt + 8 + cell * 2;
    if (pointer + 2 > page.length) break;
    const row = rowAt(page, page.readUInt16BE(pointer), source);
    if (row) rows.push(row);
  }
  return rows;
}

function rowAt(page: Buffer, at: number, source: PageSource): LeafRow | null {
  try {
    const length = varint(page, at);
    const rowid = varint(page, length.next);
    if (length.value > longestRowBytes) return null;
    const payload = payloadOf(page, rowid.next, length.value, source);
    return payload && { rowid: rowid.value, values: valuesOf(payload) };
  } catch (error) {
    // It points out of the page: not a row.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** A row that does not fit is continued on pages that form a chain. */
function payloadOf(page: Buffer, at: number, length: number, source: PageSource): Buffer | null {
  const mostHere = page.length - 35;
  if (length <= mostHere) return sure(page, at, length);
  const least = Math.floor(((page.length - 12) * 32) / 255) - 23;
  const fitting = least + ((length - least) % (page.length - 4));
  const here = fitting <= mostHere ? fitting : least;
  const parts = [sure(page, at, here)];
  let next = page.readUInt32BE(at + here);
  for (let left = length - here; left > 0; ) {
    const more = next === 0 ? null : source(next);
    if (!more) return null;
    const size = Math.min(left, more.length - 4);
    parts.push(more.subarray(4, 4 + size));
    left -= size;
    next = more.readUInt32BE(0);
  }
  return Buffer.concat(parts);
}

/** The record format (sqlite.org/fileformat2.html#record_format). */
function valuesOf(record: Buffer): LeafRow['values'] {
  const head = varint(record, 0);
  const values: LeafRow['values'] = [];
  let body = head.value;
  for (let at = head.next; at < head.value; ) {
    const type = varint(record, at);
    at = type.next;
    const size = type.value >= 12 ? Math.floor((type.value - 12) / 2) : (integerBytes[type.value] ?? 0);
    const bytes = sure(record, body, size);
    body += size;
    if (type.value >= 13 && type.value % 2 === 1) values.push(bytes.toString('utf8'));
    else if (type.value === 8 || type.value === 9) values.push(type.value - 8);
    else if (type.value >= 1 && type.value <= 6) values.push(Number(integer(bytes)));
    else values.push(null);
  }
  return values;
}

/** By serial type; 7 is a float, which we never store. */
const integerBytes: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8 };

const integer = (bytes: Buffer): bigint =>
  BigInt.asIntN(
    bytes.length * 8,
    bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n),
  );

function sure(bytes: Buffer, at: number, length: number): Buffer {
  if (at < 0 || at + length > bytes.length) throw new RangeError('out of the page');
  return bytes.subarray(at, at + length);
}

function varint(bytes: Buffer, at: number): { value: number; next: number } {
  let value = 0;
  for (let index = 0; index < 8; index++) {
    const byte = bytes.readUInt8(at + index);
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, next: at + index + 1 };
  }
  throw new RangeError('a number too large for us');
}
