import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { World } from '../../services/calls/world.ts';
import { instant } from '../../services/events/instant.ts';
import { Journal } from '../../services/runtime/journal.ts';
import { recoverState } from '../../services/runtime/recovery.ts';
import type { Instance } from '../support/instance.ts';
import { isReady } from '../support/is-ready.ts';
import { pidOf } from '../support/kill-part.ts';
import { pause, until } from '../support/until.ts';

/**
 * kill -9 of the controller. It is stopped first, so that what it was doing can be read from its journal as its successor will: for
 * proving that it was killed in the states it was to be killed in.
 */
export async function killAndRead(instance: Pick<Instance, 'home'>): Promise<{ world: World; pid: number }> {
  const pid = pidOf(instance, 'controller');
  process.kill(pid, 'SIGSTOP');
  // It takes effect when the kernel next looks; then nothing is written any more.
  await pause(20);
  const copy = mkdtempSync(join(tmpdir(), 'hotline-journal-'));
  try {
    for (const file of ['journal.db', 'journal.db-wal'])
      cpSync(join(instance.home, 'journal', file), join(copy, file));
    return { world: worldOf(join(copy, 'journal.db')), pid };
  } finally {
    process.kill(pid, 'SIGKILL');
    rmSync(copy, { recursive: true, force: true });
  }
}

function worldOf(file: string): World {
  const journal = new Journal({ file, newId: 'copy', onProblem: () => undefined });
  try {
    const rules = { localDay: () => 'any', thresholdsOf: () => undefined };
    return recoverState(journal, rules, instant(Date.now())).state.world;
  } finally {
    journal.close();
  }
}

/** Waits until another controller than this one serves calls. */
export async function anotherServes(instance: Instance, than: number): Promise<void> {
  await until(
    'another controller to serve calls',
    async () => pidOf(instance, 'controller') !== than && (await isReady(instance.url)),
    { withinMs: 60_000, everyMs: 20, seen: () => instance.logs() },
  );
}
