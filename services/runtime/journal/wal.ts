/** What SQLite's write-ahead log holds (sqlite.org/fileformat2.html#the_write_ahead_log), seen without opening the database. */
export type WalSight = {
  pageSize: number;
  /** Frames up to the last whole transaction: what SQLite will take. Page number → where its newest image begins. */
  pages: ReadonlyMap<number, number>;
  /** Where the images of frames begin that were written after that, in the same round, and that SQLite will pass over. */
  passedOver: readonly number[];
  /** Something in it is damaged or was written in part; a transaction that merely was not finished is not. */
  broken: boolean;
};

const headerBytes = 32;
const frameHeaderBytes = 24;
const usualPageSize = 4096;

export function inspectWal(wal: Buffer): WalSight {
  const nothing = { pageSize: usualPageSize, pages: new Map(), passedOver: [], broken: false };
  if (wal.length === 0) return nothing;
  const magic = wal.length >= headerBytes ? wal.readUInt32BE(0) : 0;
  const sums = new Checksum((magic & 1) === 0);
  const headerIsWhole = (magic & 0xfffffffe) === 0x377f0682 && sums.add(wal, 0, 24).is(wal, 24);
  const pageSize = headerIsWhole ? wal.readUInt32BE(8) : usualPageSize;
  const frameBytes = frameHeaderBytes + pageSize;
  const frames = Math.max(0, Math.floor((wal.length - headerBytes) / frameBytes));
  const frameAt = (index: number): number => headerBytes + index * frameBytes;
  if (!headerIsWhole) {
    const all = Array.from({ length: frames }, (_, index) => frameAt(index) + frameHeaderBytes);
    return { ...nothing, passedOver: all, broken: frames > 0 };
  }

  const pages = new Map<number, number>();
  const ofThisRound = (at: number): boolean =>
    wal.readUInt32BE(at + 8) === wal.readUInt32BE(16) && wal.readUInt32BE(at + 12) === wal.readUInt32BE(20);
  let unfinished: [page: number, image: number][] = [];
  let index = 0;
  for (; index < frames; index++) {
    const at = frameAt(index);
    if (!ofThisRound(at)) break;
    sums.add(wal, at, 8).add(wal, at + frameHeaderBytes, pageSize);
    if (!sums.is(wal, at + 16)) break;
    unfinished.push([wal.readUInt32BE(at), at + frameHeaderBytes]);
    if (wal.readUInt32BE(at + 4) === 0) continue;
    for (const [page, image] of unfinished) pages.set(page, image);
    unfinished = [];
  }
  const rest: number[] = [];
  for (; index < frames; index++)
    if (ofThisRound(frameAt(index))) rest.push(frameAt(index) + frameHeaderBytes);
  return {
    pageSize,
    pages,
    passedOver: [...unfinished.map(([, image]) => image), ...rest],
    broken: rest.length > 0,
  };
}

/** SQLite's running checksum of two 32-bit words. */
class Checksum {
  #a = 0;
  #b = 0;
  readonly #littleEndian: boolean;

  constructor(littleEndian: boolean) {
    this.#littleEndian = littleEndian;
  }

  add(bytes: Buffer, from: number, length: number): this {
    let [a, b] = [this.#a, this.#b];
    const view = new DataView(bytes.buffer, bytes.byteOffset + from, length);
    for (let at = 0; at + 8 <= length; at += 8) {
      a = (a + view.getUint32(at, this.#littleEndian) + b) >>> 0;
      b = (b + view.getUint32(at + 4, this.#littleEndian) + a) >>> 0;
    }
    [this.#a, this.#b] = [a, b];
    return this;
  }

  is(bytes: Buffer, at: number): boolean {
    return bytes.readUInt32BE(at) === this.#a && bytes.readUInt32BE(at + 4) === this.#b;
  }
}
