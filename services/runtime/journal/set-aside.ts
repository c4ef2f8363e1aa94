import { copyFileSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Damaged files kept for people to look at; the oldest goes when there are more. */
const mostKept = 3;
const mark = '.damaged-';

/** Where a damaged file goes: beside it, named by the time. */
export function damagedName(file: string, now: Date): string {
  const stamp = now.toISOString().replaceAll(/[-:.]/g, '');
  const taken = (name: string): boolean => existsSync(name) || existsSync(`${name}-wal`);
  for (let number = 1; ; number++) {
    const name = `${file}${mark}${stamp}${number === 1 ? '' : `.${number}`}`;
    if (!taken(name)) return name;
  }
}

/** Moves the database and its log; they stay a pair that SQLite's tools can open. */
export function setAside(file: string, name: string): void {
  if (existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${name}-wal`);
  if (existsSync(file)) renameSync(file, name);
  rmSync(`${file}-shm`, { force: true });
  forgetOldest(file);
}

/** Copies the log alone: what SQLite is about to cut off. */
export function copyLogAside(file: string, name: string): void {
  copyFileSync(`${file}-wal`, `${name}-wal`);
  forgetOldest(file);
}

function forgetOldest(file: string): void {
  const folder = dirname(file);
  const names = new Set(
    readdirSync(folder)
      .filter((name) => name.startsWith(`${basename(file)}${mark}`))
      .map((name) => name.replace(/-wal$/, '')),
  );
  for (const name of [...names].sort().slice(0, -mostKept))
    for (const end of ['', '-wal']) rmSync(join(folder, `${name}${end}`), { force: true });
}
