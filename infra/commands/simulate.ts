import { join, resolve } from 'node:path';
import type { Command } from '../cli.ts';
import { runNode } from '../setup/child.ts';

/** `npm run simulate -- …`: a centre on simulated time; it needs no programs and no service. */
export const simulate: Command = (args, repoDir) =>
  runNode(repoDir, join(repoDir, 'services/workforce/cli.ts'), withWholePaths(args));

/** A file is meant from where the command is called. */
function withWholePaths(args: readonly string[]): string[] {
  return args.map((arg, n) =>
    args[n - 1] === '--file' ? resolve(process.env.INIT_CWD ?? process.cwd(), arg) : arg,
  );
}
