import { existsSync, readdirSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';

export type CelLimits = {
  /** A file this large is put aside. */
  fileBytes: number;
  /** All files that wait to be read; beyond it the oldest goes. */
  allBytes: number;
  /** So much of the disk is left to others: with less the oldest goes, too. */
  freeBytes: number;
};

/** Some 10 000 calls a file, and 2 million in all: a week of a busy centre. */
export const celLimits: CelLimits = {
  fileBytes: 16 * 1024 * 1024,
  allBytes: 4 * 1024 * 1024 * 1024,
  freeBytes: 512 * 1024 * 1024,
};

/** What was put aside, and what had to go unread. */
export type CelRotation = { putAside: string | null; removed: string[] };

/**
 * Keeps Asterisk's account of its channels within bounds, whether or not somebody reads it: a large file is put aside under the next
 * number, where the controller finds it (services/adapters/cel/follow.ts), reads it to its end and removes it. Asterisk opens the file for each
 * record, so renaming loses none. Only while nobody reads for days does the oldest go, so that calls go on.
 */
export function rotateCel(file: string, limits: CelLimits = celLimits): CelRotation {
  const waiting = numbersOf(file);
  let putAside: string | null = null;
  if (existsSync(file) && statSync(file).size >= limits.fileBytes) {
    const number = (waiting.at(-1) ?? 0) + 1;
    putAside = `${file}.${number}`;
    renameSync(file, putAside);
    waiting.push(number);
  }
  const names = waiting.map((number) => `${file}.${number}`);
  const removed: string[] = [];
  while (names.length > 1 && tooMuch(names, dirname(file), limits)) {
    const oldest = names.shift();
    if (oldest === undefined) break;
    rmSync(oldest, { force: true });
    removed.push(oldest);
  }
  return { putAside, removed };
}

function tooMuch(names: readonly string[], folder: string, limits: CelLimits): boolean {
  const bytes = names.reduce((sum, name) => sum + (statSync(name, { throwIfNoEntry: false })?.size ?? 0), 0);
  if (bytes > limits.allBytes) return true;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < limits.freeBytes;
}

/** In order. */
function numbersOf(file: string): number[] {
  const folder = dirname(file);
  if (!existsSync(folder)) return [];
  const prefix = `${basename(file)}.`;
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && /^\d{1,9}$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((a, b) => a - b);
}
