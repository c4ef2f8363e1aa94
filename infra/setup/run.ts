import { spawn } from 'node:child_process';

/** How a command ended, with what it wrote. */
export type RunResult = {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
};

export type RunOptions = {
  cwd?: string;
  /** Added to our own environment. */
  env?: Readonly<Record<string, string>>;
  /** After this the command is killed; the result then has signal SIGKILL. */
  timeoutMs?: number;
  /** Written to the command's standard input. */
  input?: string | Buffer;
};

/** A command that could not be run to a good end; `message` is one line with the last thing it said. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly result: RunResult;
  constructor(command: string, result: RunResult) {
    const said = lastLine(result.stderr) || lastLine(result.stdout) || 'it said nothing';
    super(`${command} failed (${result.signal ?? `exit code ${result.code}`}): ${said}`);
    this.result = result;
  }
}

/** Runs a command to its end and hands back what it wrote, whatever its exit code. Rejects when it cannot be started. */
export function tryRun(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on('error', () => child.stdin.destroy()); // it may end without reading: its exit code tells
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({
        code,
        signal,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      });
    });
    child.stdin.end(options.input);
  });
}

/** As {@link tryRun}, but throws {@link CommandFailed} unless the exit code is 0. */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const result = await tryRun(command, args, options);
  if (result.code !== 0) throw new CommandFailed(command, result);
  return result;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
