import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { isMissing } from '../parts/files.ts';

/** A process that cannot be mistaken for a later one with the same number. */
export type ProcessIdentity = {
  readonly pid: number;
  /** When it started, in clock ticks since boot (`/proc/PID/stat`, field 22). */
  readonly startTicks: number;
  readonly bootId: string;
};

/** The identity of a running process, or null when there is none (a zombie has ended). */
export function identify(pid: number): ProcessIdentity | null {
  const stat = readProc(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name in parentheses may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  return {
    pid,
    startTicks: Number(fields[19]),
    bootId: (readProc('/proc/sys/kernel/random/boot_id') ?? '').trim(),
  };
}

/** Whether exactly this process still runs. */
export function isRunning(known: ProcessIdentity): boolean {
  const now = identify(known.pid);
  return now !== null && now.startTicks === known.startTicks && now.bootId === known.bootId;
}

/** `name (pid 123)` as far as this user may know it. Arguments are left out: they may hold secrets. */
export function describeProcess(pid: number): string {
  const comm = (readProc(`/proc/${pid}/comm`) ?? '').trim();
  // A program of a private root runs through that root's loader: its own path is among the arguments.
  const args = comm.startsWith('ld-linux') ? (readProc(`/proc/${pid}/cmdline`) ?? '').split('\0') : [];
  const name = basename(args.find((arg) => /\/s?bin\//.test(arg)) ?? comm);
  return name ? `${name} (pid ${pid})` : `pid ${pid}`;
}

/** Processes that hold one of these sockets (inode numbers of /proc/net/*), as far as this user may see them. */
export function holdersOf(inodes: ReadonlySet<string>): number[] {
  if (inodes.size === 0) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) =>
      openFilesOf(pid).some((target) => inodes.has(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? '')),
    )
    .map(Number);
}

function openFilesOf(pid: string): string[] {
  const folder = `/proc/${pid}/fd`;
  // Files come and go while we look: each is asked for by itself.
  return (tryProc(() => readdirSync(folder)) ?? []).flatMap(
    (fd) => tryProc(() => readlinkSync(`${folder}/${fd}`)) ?? [],
  );
}

const readProc = (file: string): string | null => tryProc(() => readFileSync(file, 'utf8'));

/** Null when the process is gone or is not ours to look into. */
function tryProc<T>(look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (isMissing(error) || isForbidden(error)) return null;
    throw error;
  }
}

function isForbidden(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM');
}

/** Sends a signal; false when the process (or, for a negative number, the whole group) is gone. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
