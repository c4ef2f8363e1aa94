import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from '../../infra/setup/lock.mjs';

let dir: string;
let lock: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'hotline-lock-'));
  lock = join(dir, 'set-up.lock');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A process of its own that adds one to a number in a file, carelessly: only the lock keeps additions from being lost. */
function adder(times: number): Promise<number | null> {
  const script = `
    import { withLock } from ${JSON.stringify(join(process.cwd(), 'infra/setup/lock.mjs'))};
    import { readFileSync, writeFileSync } from 'node:fs';
    import { setImmediate as turn } from 'node:timers/promises';
    for (let i = 0; i < ${times}; i++) await withLock(${JSON.stringify(lock)}, async () => {
      const seen = Number(readFileSync(${JSON.stringify(join(dir, 'sum'))}, 'utf8'));
      await turn();
      writeFileSync(${JSON.stringify(join(dir, 'sum'))}, String(seen + 1));
    });`;
  return new Promise((resolve) => {
    spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' }).on('close', resolve);
  });
}

test('several processes hold the lock one after another, and none is left behind', async () => {
  writeFileSync(join(dir, 'sum'), '0');
  expect(await Promise.all([adder(3), adder(3), adder(3)])).toEqual([0, 0, 0]);
  expect(readFileSync(join(dir, 'sum'), 'utf8')).toBe('9');
  expect(existsSync(lock)).toBe(false);
});

test('a dead process holds nothing: neither one whose pid is gone nor one whose pid another has now', async () => {
  for (const holder of [
    { pid: 2 ** 22 + 1, startedAt: '1' },
    { pid: process.pid, startedAt: '1' },
  ]) {
    writeFileSync(lock, JSON.stringify(holder));
    expect(await withLock(lock, async () => 'done')).toBe('done');
  }
  writeFileSync(lock, 'not a lock');
  expect(await withLock(lock, async () => 'done')).toBe('done');
});

test('the lock is given back when the work fails', async () => {
  await expect(withLock(lock, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(existsSync(lock)).toBe(false);
});

test('who waits is told for whom, once', async () => {
  const told: number[] = [];
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  const first = withLock(lock, () => held);
  const second = withLock(
    lock,
    async () => 'second',
    (pid) => {
      told.push(pid);
      release();
    },
  );
  await first;
  expect(await second).toBe('second');
  expect(told).toEqual([process.pid]);
});
