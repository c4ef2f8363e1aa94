import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ourNode } from '../../infra/setup/our-node.ts';
import { awaitActingLock } from '../../services/runtime/acting-lock.ts';
import { until } from '../support/until.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'hotline-acting-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A process of its own that takes the lock, says so, and lives until it is ended. */
async function holder() {
  const script = `
    import { awaitActingLock } from ${JSON.stringify(join(process.cwd(), 'services/runtime/acting-lock.ts'))};
    await awaitActingLock(${JSON.stringify(home)}, { onWaiting: () => {}, signal: new AbortController().signal });
    console.log('acts'); setInterval(() => {}, 1e6);`;
  const { command, args, env } = ourNode('--input-type=module', '-e');
  const child = spawn(command, [...args, script], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

test('while one process acts, another waits; when the first is killed the other acts, and not before', async () => {
  const first = await holder();
  let waits = false;
  let acts = false;
  const turn = awaitActingLock(home, {
    onWaiting: () => {
      waits = true;
    },
    signal: new AbortController().signal,
  });
  void turn.then(() => {
    acts = true;
  });
  await until('the second to wait', () => waits);
  first.kill('SIGSTOP');
  // A process that only hangs still holds it: asked again some times, the answer is the same.
  const third = new AbortController();
  const given = awaitActingLock(home, { onWaiting: () => third.abort(), signal: third.signal });
  expect(await given).toBeNull();
  expect(acts).toBe(false);
  first.kill('SIGKILL');
  const lock = await turn;
  expect(lock?.waited).toBe(true);
  lock?.release();
});

test('a released lock is free for the next at once, and nobody is said to have acted', async () => {
  const options = { onWaiting: () => expect.fail('nobody acts'), signal: new AbortController().signal };
  for (const time of [1, 2]) {
    const lock = await awaitActingLock(home, options);
    expect({ time, waited: lock?.waited }).toEqual({ time, waited: false });
    lock?.release();
  }
});
