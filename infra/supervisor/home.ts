import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  readdirSync,
  realpathSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { unsafeInPath } from '../../services/config.ts';
import { ensureFolder, homeFolders } from '../parts/files.ts';
import { PartError } from '../parts/part.ts';
import { readPidFile, removePidFile, writePidFile } from './pid-files.ts';
import { describeProcess, isRunning } from './process.ts';

const minimumFreeBytes = 200 * 1024 * 1024;
/** `asterisk/run/asterisk.ctl` in it must fit into the 107 bytes of a socket's path; Asterisk would cut it off, and make it elsewhere. */
export const longestHomeBytes = 81;
/** What set-up, or a start with `HOTLINE_SECRETS` elsewhere, may have put there. */
const ours = new Set([
  'asterisk',
  'certificates',
  'credentials.json',
  'flows',
  'journal',
  'logs',
  'postgres',
  'prometheus',
  'run',
  'sounds',
  'tools',
  'ui',
]);

/** Makes `HOTLINE_HOME`, for its owner alone, with the folders of the supervisor. @throws {PartError} when it cannot serve. */
export function ensureHome(homeDir: string, secretsFile = join(homeDir, 'secrets.json')): void {
  const folders = homeFolders(homeDir);
  // Of `HOTLINE_HOME` the settings were checked; this one may come from where the clone lies.
  if (unsafeInPath.test(homeDir)) {
    throw new PartError(
      `HOTLINE_HOME: ${homeDir} has a character that Asterisk's files cannot hold; give a folder with letters, digits and . _ - + @ ~ alone`,
    );
  }
  const bytes = Buffer.byteLength(homeDir);
  if (bytes > longestHomeBytes) {
    throw new PartError(
      `HOTLINE_HOME: ${homeDir} is ${bytes} bytes long, and Asterisk takes ${longestHomeBytes} at most; give a folder with a shorter path`,
    );
  }
  try {
    ensureFolder(homeDir);
    accessSync(homeDir, constants.R_OK | constants.W_OK | constants.X_OK);
    refuseForeignFolder(homeDir, secretsFile);
    if ((statSync(homeDir).mode & 0o066) !== 0) chmodSync(homeDir, 0o700);
    ensureFolder(folders.logs);
    ensureFolder(folders.run);
  } catch (error) {
    if (error instanceof PartError) throw error;
    throw new PartError(
      `HOTLINE_HOME: ${homeDir} cannot be used: ${String(error)}; give a folder this user may write to`,
    );
  }
  const { bavail, bsize } = statfsSync(homeDir);
  if (bavail * bsize < minimumFreeBytes) {
    const freeMegabytes = Math.floor((bavail * bsize) / 1024 / 1024);
    throw new PartError(
      `HOTLINE_HOME: only ${freeMegabytes} MB are free where ${homeDir} is, at least 200 MB are needed; ` +
        'free some, or set HOTLINE_HOME to another disk',
    );
  }
}

/** Closing somebody's home or /tmp to everyone else would be worse than not starting. */
function refuseForeignFolder(homeDir: string, secretsFile: string): void {
  const entries = readdirSync(homeDir);
  if (entries.includes('secrets.json')) return;
  if (entries.includes('credentials.json') && dirname(secretsFile) === homeDir) {
    throw new PartError(
      `HOTLINE_HOME: ${homeDir} has lost its secrets.json, without which its database does not open; ` +
        'put it back from a copy, or give another folder to begin anew',
    );
  }
  const foreign = entries.find((entry) => !ours.has(entry));
  if (foreign !== undefined) {
    throw new PartError(
      `HOTLINE_HOME: ${homeDir} holds other things (${foreign}); give a folder of its own, for example ${homeDir}/hotline`,
    );
  }
}

/**
 * Takes the home for this process until it ends, however it ends: the lock is a socket in the kernel's abstract name space.
 * @throws {PartError} when another supervisor has it.
 */
export async function lockHome(homeDir: string): Promise<{ release(): Promise<void> }> {
  const { run } = homeFolders(homeDir);
  const name = `\0hotline-${createHash('sha256').update(realpathSync(homeDir)).digest('hex').slice(0, 32)}`;
  const server = createServer((socket) => socket.destroy());
  try {
    server.listen(name);
    await once(server, 'listening');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    const owner = existsSync(run) ? readPidFile(run, 'supervisor') : null;
    const who = owner && isRunning(owner) ? describeProcess(owner.pid) : 'another process';
    throw new PartError(
      `HOTLINE_HOME: ${homeDir} is in use by ${who}; stop that one first, or set HOTLINE_HOME and other ports to run beside it`,
    );
  }
  server.unref();
  writePidFile(run, 'supervisor', process.pid, 'SIGTERM');
  return {
    async release() {
      removePidFile(run, 'supervisor');
      await closed(server);
    },
  };
}

async function closed(server: Server): Promise<void> {
  const done = once(server, 'close');
  server.close();
  await done;
}
