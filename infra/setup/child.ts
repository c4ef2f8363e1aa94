import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';

const FORWARDED = ['SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a Node program with our terminal, on the Node we run on ourselves (also for all it starts), and answers its exit code.
 * SIGTERM and SIGHUP are passed on; a terminal's Ctrl-C reaches the child by itself, we stay until it has ended.
 */
export function runNode(
  repoDir: string,
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: repoDir,
      stdio: 'inherit',
      env: { ...process.env, ...nodePath(repoDir), ...env },
    });
    const forward = (signal: NodeJS.Signals) => child.kill(signal);
    const stay = () => {
      if (!process.stdin.isTTY) child.kill('SIGINT');
    };
    for (const signal of FORWARDED) process.on(signal, forward);
    process.on('SIGINT', stay);
    child.on('error', reject);
    child.on('close', (code) => {
      for (const signal of FORWARDED) process.off(signal, forward);
      process.off('SIGINT', stay);
      resolve(code ?? 1);
    });
  });
}

/** Puts the packages' programs, the pinned `node` among them, before the machine's. */
export function nodePath(repoDir: string): { PATH: string } {
  return { PATH: [join(repoDir, 'node_modules/.bin'), process.env.PATH ?? ''].join(delimiter) };
}
