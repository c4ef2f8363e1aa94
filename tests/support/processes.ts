import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Program } from '../../infra/tools/types.ts';
import { inTime } from './until.ts';

export type { Program } from '../../infra/tools/types.ts';

export type RunOptions = {
  /** Named in errors. */
  name: string;
  program: Program;
  args: string[];
  cwd?: string;
  /** Everything the program prints is appended here. */
  logFile?: string;
  /** Keep only the tail in memory; a program that paints screens may print a lot. */
  discardStdout?: boolean;
  /** What it is sent when the test run ends early; default SIGKILL. A program with children of its own must be able to end them. */
  atEarlyEnd?: NodeJS.Signals;
};

export type Exit = { code: number | null; signal: NodeJS.Signals | null };

/** A child process that never outlives its test run. */
export type Running = {
  readonly pid: number;
  readonly name: string;
  /** Settles when the process has gone, however it went. */
  readonly exited: Promise<Exit>;
  /** Undefined while it runs. */
  exit(): Exit | undefined;
  /** The last 64 kB it printed. */
  output(): string;
  /** SIGTERM, then SIGKILL after `boundMs`. Safe to call twice. */
  stop(boundMs?: number): Promise<Exit>;
  /** SIGKILL: as a power cut would. */
  kill(): Promise<Exit>;
};

const TAIL_BYTES = 65_536;
const alive = new Map<ChildProcess, NodeJS.Signals>();
// A test run that ends early (a crash, a Ctrl-C) must not leave phones ringing.
process.on('exit', () => {
  for (const [child, signal] of alive) child.kill(signal);
});

/**
 * Starts a program and captures what it prints.
 * @throws when the program can't be started at all, naming it and its path
 */
export async function run(options: RunOptions): Promise<Running> {
  const { name, program, args } = options;
  const child = spawn(program.command, [...program.args, ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...program.env },
    stdio: ['ignore', options.discardStdout ? 'ignore' : 'pipe', 'pipe'],
  });
  let exit: Exit | undefined;
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      alive.delete(child);
      exit = { code, signal };
      resolve(exit);
    });
  });
  await started(child, `${name}: can't run ${program.command}`);
  alive.set(child, options.atEarlyEnd ?? 'SIGKILL');
  const output = capture(child, options.logFile);

  const signalled = async (signal: NodeJS.Signals, boundMs: number): Promise<Exit> => {
    if (exit) return exit;
    child.kill(signal);
    return inTime(`${name} (pid ${child.pid}) to end after ${signal}`, exited, boundMs);
  };
  const kill = (): Promise<Exit> => signalled('SIGKILL', 5_000);
  return {
    pid: child.pid ?? 0,
    name,
    exited,
    exit: () => exit,
    output,
    kill,
    stop: (boundMs = 3_000) => signalled('SIGTERM', boundMs).catch(kill),
  };
}

/** Stops several processes, all at once. */
export async function stopAll(processes: Iterable<{ stop(): Promise<unknown> }>): Promise<void> {
  await Promise.all([...processes].map((one) => one.stop()));
}

function started(child: ChildProcess, what: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(new Error(`${what}: ${cause.message}`, { cause })));
  });
}

function capture(child: ChildProcess, logFile: string | undefined): () => string {
  if (logFile) mkdirSync(dirname(logFile), { recursive: true });
  const log = logFile ? createWriteStream(logFile, { flags: 'a' }) : undefined;
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      log?.write(chunk);
      tail = (tail + chunk.toString('utf8')).slice(-TAIL_BYTES);
    });
  }
  child.once('close', () => log?.end());
  return () => tail;
}
