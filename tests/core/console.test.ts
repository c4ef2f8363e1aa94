import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const repoDir = join(import.meta.dirname, '../..');

test('nobody reads what a command prints any more: it goes on to its own end', async () => {
  const command = spawn(process.execPath, [join(repoDir, 'infra/cli.ts'), 'start', '--no-such-option'], {
    cwd: repoDir,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // As after `npm start | head`, or when the terminal was closed: each write fails with EPIPE from here on.
  command.stdout.destroy();
  command.stderr.destroy();
  // 2: wrong use, which is what it wanted to say. A process that ends because it cannot print ends with 1.
  expect(await once(command, 'exit')).toEqual([2, null]);
});
