import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
} from 'node:fs';

/** One part's log may grow to this; with its three predecessors it is never more than four times as much. */
export const maxLogBytes = 20 * 1024 * 1024;
const keptLogs = 3;

/**
 * Keeps a log within bounds: copies it to `.1` (and `.1` to `.2`, …) and empties it. The program goes on writing to the same
 * open file, so it never needs to know; lines written within the copy's milliseconds are lost.
 */
export function rotateWhenLarge(file: string, limitBytes: number = maxLogBytes): boolean {
  if (!existsSync(file) || statSync(file).size <= limitBytes) return false;
  for (let number = keptLogs - 1; number >= 1; number--) {
    if (existsSync(`${file}.${number}`)) renameSync(`${file}.${number}`, `${file}.${number + 1}`);
  }
  try {
    copyFileSync(file, `${file}.1`);
  } finally {
    // Also when there is no room for the copy: then this makes some.
    truncateSync(file, 0);
  }
  return true;
}

/** The last lines of what was written to a log since `fromByte`. */
export function tail(file: string, lines: number, fromByte = 0): string[] {
  const handle = openSync(file, 'r');
  try {
    const { size } = fstatSync(handle);
    const start = Math.max(fromByte > size ? 0 : fromByte, size - 64 * 1024);
    const bytes = Buffer.alloc(size - start);
    readSync(handle, bytes, 0, bytes.length, start);
    return bytes.toString('utf8').trimEnd().split('\n').slice(-lines);
  } finally {
    closeSync(handle);
  }
}
