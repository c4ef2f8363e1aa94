import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readPidFile, stopLeftovers } from '../../infra/supervisor/pid-files.ts';
import { identify, isRunning } from '../../infra/supervisor/process.ts';
import { supervise } from '../../infra/supervisor/supervise.ts';
import { type TinyHome, tinyHome, tinyPart } from '../support/tiny-part.ts';
import { until } from '../support/until.ts';

/** Within this a process hears a signal and says so, also on a machine that has other work. */
const timeToHearMs = 2_000;

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

function newHome(): TinyHome {
  const home = tinyHome();
  undo.push(() => rmSync(home.dir, { recursive: true }));
  return home;
}

/** Supervises parts until the test ends. */
function start(home: TinyHome, ...parts: Parameters<typeof supervise>[0]) {
  const supervision = supervise(parts, home.options);
  undo.push(() => supervision.stop());
  const pidOf = (name: string) => supervision.parts.find((one) => one.part.name === name)?.pid ?? null;
  return { ...supervision, pidOf };
}

function pidsNoted(home: TinyHome): number[] {
  return readdirSync(home.options.runDir).map(
    (file) => JSON.parse(readFileSync(join(home.options.runDir, file), 'utf8')).pid,
  );
}

describe('starting and stopping', () => {
  test('a part starts when those it comes after are healthy; all stop in the opposite order and nothing is left', async () => {
    const home = newHome();
    const service = start(
      home,
      tinyPart(home, 'database', 'obedient'),
      tinyPart(home, 'telephony', 'obedient', { after: ['database'] }),
      tinyPart(home, 'controller', 'obedient', { after: ['database', 'telephony'] }),
    );
    await service.ready;
    const pids = pidsNoted(home);
    expect(pids).toHaveLength(3);
    await service.stop();
    expect(home.history()).toEqual([
      'database:started',
      'telephony:started',
      'controller:started',
      'controller:stopped',
      'telephony:stopped',
      'database:stopped',
    ]);
    expect(pids.map(identify)).toEqual([null, null, null]);
    expect(pidsNoted(home)).toEqual([]);
  });

  test('a part is settled before those after it start', async () => {
    const home = newHome();
    const order: string[] = [];
    const settle = async () => void order.push('database settled');
    const prepare = async () => void order.push('controller prepared');
    const service = start(
      home,
      tinyPart(home, 'database', 'obedient', { settle }),
      tinyPart(home, 'controller', 'obedient', { after: ['database'], prepare }),
    );
    await service.ready;
    expect(order).toEqual(['database settled', 'controller prepared']);
  });

  test('a part that does not listen is killed after its limit', async () => {
    const home = newHome();
    const service = start(home, tinyPart(home, 'deaf', 'stubborn', { stopLimitMs: timeToHearMs }));
    await service.ready;
    const [pid = 0] = pidsNoted(home);
    await service.stop();
    expect(home.history()).toEqual(['deaf:started', 'deaf:asked']);
    expect(identify(pid)).toBeNull();
  });

  test('a second request to stop does not wait for limits', async () => {
    const home = newHome();
    const service = start(home, tinyPart(home, 'deaf', 'stubborn', { stopLimitMs: 3_600_000 }));
    await service.ready;
    const stopped = service.stop();
    await until('the part was asked to stop', () => home.history().includes('deaf:asked'));
    void service.stop();
    await stopped;
    expect(service.pidOf('deaf')).toBeNull();
  });

  test('stopping while parts start leaves nothing running', async () => {
    const home = newHome();
    const service = start(
      home,
      tinyPart(home, 'database', 'obedient'),
      tinyPart(home, 'slow', 'obedient', { after: ['database'], health: async () => 'still waking' }),
    );
    const outcome = service.ready.then(
      () => 'ready',
      (error: Error) => error.message,
    );
    const slow = await until('the slow part runs', () => service.pidOf('slow'));
    await service.stop();
    expect(await outcome).toContain('stopped while starting');
    expect(identify(slow)).toBeNull();
    expect(pidsNoted(home)).toEqual([]);
  });
});

describe('a start that fails', () => {
  test('a part that keeps dying: its log is shown, the others are stopped', async () => {
    const home = newHome();
    const service = start(
      home,
      tinyPart(home, 'database', 'obedient'),
      tinyPart(home, 'valve', 'broken', { after: ['database'] }),
    );
    await expect(service.ready).rejects.toThrow(
      /valve ended while starting \(exit code 7\).*valve\.log:\n {2}\| cannot open the flux valve/s,
    );
    expect(home.history()).toEqual(['database:started', 'database:stopped']);
    expect(pidsNoted(home)).toEqual([]);
  });

  test('a part that never becomes healthy says why', async () => {
    const home = newHome();
    const health = async () => 'still booting';
    const service = start(home, tinyPart(home, 'slow', 'obedient', { health, startLimitMs: 300 }));
    await expect(service.ready).rejects.toThrow('slow did not become healthy within 0.3 s (still booting)');
  });

  test('a program that does not exist is named', async () => {
    const home = newHome();
    const part = tinyPart(home, 'ghost', 'obedient', {
      launch: () => ({
        program: { command: '/no/such/program', args: [], env: {} },
        args: [],
        cwd: home.dir,
        env: {},
      }),
    });
    await expect(start(home, part).ready).rejects.toThrow('could not be run: spawn /no/such/program ENOENT');
  });
});

describe('while running', () => {
  test('a part that dies is started again; the others are not touched', async () => {
    const home = newHome();
    const service = start(
      home,
      tinyPart(home, 'telephony', 'obedient'),
      tinyPart(home, 'controller', 'obedient'),
    );
    await service.ready;
    const telephony = service.pidOf('telephony');
    const killed = service.pidOf('controller') ?? 0;
    process.kill(killed, 'SIGKILL');
    await until('the controller is back', () =>
      home.reported.some((line) => line.startsWith('✓ controller is back')),
    );
    expect(home.reported).toContain('! controller ended (SIGKILL); restarting it');
    expect(service.pidOf('controller')).not.toBe(killed);
    expect(service.pidOf('telephony')).toBe(telephony);
  });

  test('a part is restarted on request: asked to end, started at once, back when that is over; the others go on', async () => {
    const home = newHome();
    let starts = 1;
    const started = () => home.history().filter((line) => line === 'controller:started').length;
    const health = async () => (started() === starts ? null : 'not up yet');
    const service = start(
      home,
      tinyPart(home, 'telephony', 'obedient'),
      tinyPart(home, 'controller', 'obedient', { health }),
    );
    await service.ready;
    const telephony = service.pidOf('telephony');
    const controller = service.parts.find((one) => one.part.name === 'controller');
    for (const time of [1, 2]) {
      const before = controller?.pid;
      starts += 1;
      await controller?.restart();
      expect(controller?.pid).not.toBe(before);
      expect(home.reported.filter((line) => line.startsWith('✓ controller is back'))).toHaveLength(time);
    }
    expect(home.history().filter((line) => line === 'controller:stopped')).toHaveLength(2);
    expect(home.reported.filter((line) => line.startsWith('!'))).toEqual([]);
    expect(service.pidOf('telephony')).toBe(telephony);
  });

  test('a part that does not come back from its restart is reported', async () => {
    const home = newHome();
    let well = true;
    const health = async () => (well ? null : 'cannot read the centre');
    const service = start(home, tinyPart(home, 'controller', 'obedient', { health, startLimitMs: 300 }));
    await service.ready;
    well = false;
    await expect(service.parts[0]?.restart()).rejects.toThrow(
      /^controller did not come back within 0\.3 s; see .*controller\.log$/,
    );
  });

  test('the files of a part are looked after while it runs; when that fails it is tried again, and the part runs on', async () => {
    const home = newHome();
    let times = 0;
    const tidy = () => {
      times += 1;
      if (times < 3) throw new Error('the disk is full');
      return 'a file went unread';
    };
    const service = start(home, tinyPart(home, 'telephony', 'obedient', { tidy }));
    await service.ready;
    const pid = service.pidOf('telephony');
    await until('it to be tried again and again', () => times >= 5);
    expect(service.pidOf('telephony')).toBe(pid);
  });

  test('a part that runs but does not answer for too long is started again, where that costs no conversation', async () => {
    const home = newHome();
    let well = true;
    const alive = async () => (well ? null : 'no answer');
    const service = start(
      home,
      tinyPart(home, 'controller', 'obedient', { alive, restartWhenUnhealthyForMs: 50 }),
    );
    await service.ready;
    const before = service.pidOf('controller');
    well = false;
    await until('it was ended', () => home.history().includes('controller:stopped'));
    well = true;
    await until('it is back', () => home.reported.some((line) => line.includes('is back')));
    expect(service.pidOf('controller')).not.toBe(before);
  });
});

describe('a part with a spare', () => {
  /** As the controller with its standby: what counts as ready is that it runs. */
  function startWithSpare(home: TinyHome, settings: Partial<Parameters<typeof tinyPart>[3]> = {}) {
    const spare = {
      name: 'standby',
      isReady: (pid: number) => home.history().length > 1 && identify(pid) !== null,
      readyLimitMs: 20_000,
      takeOverLimitMs: 20_000,
    };
    return start(home, tinyPart(home, 'controller', 'obedient', { spare, ...settings }));
  }
  const noted = (home: TinyHome, name: string) => readPidFile(home.options.runDir, name)?.pid ?? null;
  const spareOf = (home: TinyHome, other: number | null = null) =>
    until('a spare runs', () => {
      const pid = noted(home, 'standby');
      return pid === other ? null : pid;
    });

  test('the first is killed: the spare becomes the first under its name, and another spare is started', async () => {
    const home = newHome();
    const service = startWithSpare(home);
    await service.ready;
    const spare = await spareOf(home);
    process.kill(service.pidOf('controller') ?? 0, 'SIGKILL');
    const next = await spareOf(home, spare);
    expect(service.pidOf('controller')).toBe(spare);
    expect(noted(home, 'controller')).toBe(spare);
    expect(next).not.toBe(spare);
  });

  test('the spare is killed: the first goes on, and another spare is started', async () => {
    const home = newHome();
    const service = startWithSpare(home);
    await service.ready;
    const first = service.pidOf('controller');
    const spare = await spareOf(home);
    process.kill(spare, 'SIGKILL');
    await spareOf(home, spare);
    expect(service.pidOf('controller')).toBe(first);
  });

  test('a first that does not answer is killed at once, without being asked', async () => {
    const home = newHome();
    let well = true;
    const service = startWithSpare(home, {
      alive: async () => (well ? null : 'no answer'),
      restartWhenUnhealthyForMs: 50,
      checks: { everyMs: 10, answerWithinMs: 100 },
    });
    await service.ready;
    const spare = await spareOf(home);
    well = false;
    await until('the spare is the first', () => service.pidOf('controller') === spare);
    well = true;
    expect(home.history()).not.toContain('controller:stopped');
  });

  test('asked to restart, it hands over to a spare that was started after the request; stopping leaves neither', async () => {
    const home = newHome();
    const service = startWithSpare(home);
    await service.ready;
    const first = service.pidOf('controller');
    const spare = await spareOf(home);
    await service.parts[0]?.restart();
    expect([first, spare]).not.toContain(service.pidOf('controller'));
    const pids = [service.pidOf('controller') ?? 0, await spareOf(home)];
    await service.stop();
    expect(pids.map(identify)).toEqual([null, null]);
    expect(pidsNoted(home)).toEqual([]);
  });
});

describe('after the supervisor itself was killed', () => {
  test('its parts go on; the next start finds them by their notes and stops them, by force if need be', async () => {
    const home = newHome();
    const supervisor = spawn(
      process.execPath,
      [join(import.meta.dirname, '..', 'support', 'supervise-and-hang.ts'), home.dir],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(supervisor.stdout, 'data');
    supervisor.kill('SIGKILL');
    await once(supervisor, 'exit');
    const pids = pidsNoted(home);
    expect(pids.map((pid) => identify(pid) !== null)).toEqual([true, true]);

    const stopped = await stopLeftovers(home.options.runDir, ['beta', 'alpha'], timeToHearMs);
    expect(stopped.map((line) => line.split(' ')[0])).toEqual(['beta', 'alpha']);
    expect(pids.map(identify)).toEqual([null, null]);
    expect(home.history()).toEqual(['alpha:started', 'beta:started', 'beta:asked', 'alpha:stopped']);
    expect(pidsNoted(home)).toEqual([]);
  });

  test('a process that only has the same number as one noted is left alone', async () => {
    const home = newHome();
    const own = identify(process.pid);
    if (!own) throw new Error('this process does not find itself');
    const later = { ...own, startTicks: own.startTicks + 1 };
    writeFileSync(
      join(home.options.runDir, 'asterisk.json'),
      JSON.stringify({ ...later, stopSignal: 'SIGTERM' }),
    );
    expect(isRunning(later)).toBe(false);
    expect(await stopLeftovers(home.options.runDir, [], 100)).toEqual([]);
    expect(pidsNoted(home)).toEqual([]);
  });
});
