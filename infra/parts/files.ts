import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Folders under `HOTLINE_HOME`. */
export function homeFolders(homeDir: string) {
  const asterisk = join(homeDir, 'asterisk');
  return {
    home: homeDir,
    logs: join(homeDir, 'logs'),
    /** Process ids of running parts. */
    run: join(homeDir, 'run'),
    sounds: join(homeDir, 'sounds'),
    music: join(homeDir, 'sounds', 'moh'),
    certificates: join(homeDir, 'certificates'),
    postgres: join(homeDir, 'postgres'),
    prometheus: join(homeDir, 'prometheus'),
    asterisk,
    asteriskEtc: join(asterisk, 'etc'),
    asteriskVar: join(asterisk, 'var'),
    asteriskData: join(asterisk, 'data'),
    asteriskSpool: join(asterisk, 'spool'),
    /** What callers said to a recorder: one WAV file each, named after the recording. */
    recordings: join(asterisk, 'spool', 'recording'),
    asteriskRun: join(asterisk, 'run'),
    /** Asterisk's own account of every channel. */
    asteriskCel: join(asterisk, 'cel'),
  };
}
export type HomeFolders = ReturnType<typeof homeFolders>;

/**
 * Makes a folder and the parents it lacks, for the owner alone.
 * Not by mkdir's own `recursive`: in file systems that refuse new folders by ENOENT, such as /proc, Node never comes back.
 */
export function ensureFolder(folder: string): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) ensureFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Somebody else was a moment faster.
    if (!existsSync(folder)) throw error;
  }
}

/** Writes a file whole or not at all; untouched when it already holds this. Returns whether it was written. */
export function writeFileAtomic(file: string, content: string | Uint8Array, mode = 0o600): boolean {
  const bytes = Buffer.from(content);
  if (readIfThere(file)?.equals(bytes)) return false;
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(temporary, bytes, { mode, flush: true });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  return true;
}

/** The file's bytes, or null when there is no such file. */
export function readIfThere(file: string): Buffer | null {
  try {
    return readFileSync(file);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Whether an error of node:fs says "no such file or process". */
export function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ESRCH';
}
