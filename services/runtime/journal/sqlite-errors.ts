/** The file is damaged, found by our own checks; SQLite's own findings look the same to `isDamage`. */
export class DamagedError extends Error {
  override readonly name = 'DamagedError';
  readonly errcode = 11;
}

/** A page behind the end of the file was asked for. */
const shortRead = 522;

/** The file itself is damaged: SQLITE_CORRUPT, SQLITE_NOTADB or SQLITE_IOERR_SHORT_READ (sqlite.org/rescode.html). */
export function isDamage(error: unknown): error is Error {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return false;
  // Extended result codes hold the primary one in their lowest byte.
  const code = error.errcode & 0xff;
  return code === 11 || code === 26 || error.errcode === shortRead;
}
