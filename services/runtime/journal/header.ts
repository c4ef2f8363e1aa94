import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { DamagedError } from './sqlite-errors.ts';

const headerBytes = 100;
const pageBytes = 4096;

/**
 * Looks at the first bytes (sqlite.org/fileformat2.html#the_database_header) before SQLite does: of a file that was cut to nothing it
 * would delete the log, and with some damaged bytes it would take the file for one that may only be read, or for another encoding.
 * @throws {DamagedError}
 */
export function refuseDamagedHeader(file: string): void {
  if (!existsSync(file)) return;
  const hasLog = existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0;
  const header = Buffer.alloc(headerBytes);
  const descriptor = openSync(file, 'r');
  let length: number;
  try {
    length = readSync(descriptor, header, 0, headerBytes, 0);
  } finally {
    closeSync(descriptor);
  }
  if (length === 0 && !hasLog) return;
  // Pages are written as a whole.
  if (statSync(file).size % pageBytes !== 0) throw new DamagedError('its last page is cut off');
  const version = (at: number): boolean => header[at] === 1 || header[at] === 2;
  const whole =
    length === headerBytes &&
    header.toString('latin1', 0, 16) === 'SQLite format 3\0' &&
    header.readUInt16BE(16) === pageBytes &&
    version(18) &&
    version(19) &&
    header[20] === 0 &&
    header.readUInt32BE(56) <= 1;
  if (!whole) throw new DamagedError('its first bytes are damaged');
}
