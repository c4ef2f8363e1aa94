import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { instant } from '../../services/events/instant.ts';
import { keepClock } from '../../services/runtime/kept-clock.ts';
import { createSteadyClock } from '../../services/runtime/steady-clock.ts';

const hour = 3_600_000;
const start = Date.parse('2026-03-02T09:00:00+08:00');

/** A machine whose clocks the test sets. */
function machine() {
  const at = { wallMs: start, monotonicMs: 5_000 };
  const clock = () => createSteadyClock({ wallMs: () => at.wallMs, monotonicMs: () => at.monotonicMs });
  const pass = (ms: number) => {
    at.wallMs += ms;
    at.monotonicMs += ms;
  };
  return { at, clock, pass };
}

describe('the steady clock', () => {
  test('is the wall clock while nobody sets that', () => {
    const { clock, pass } = machine();
    const ours = clock();
    pass(12_345);
    expect(ours.now()).toBe(start + 12_345);
    expect(ours.fromWall(instant(start + 12_000))).toBe(start + 12_000);
  });

  test.each([hour, -hour, 30_000, -30_000])(
    'the wall clock jumps by %i ms: time passes as before, within 5 %',
    (jumpMs) => {
      const { at, clock, pass } = machine();
      const ours = clock();
      at.wallMs += jumpMs;
      const before = ours.now();
      pass(10_000);
      const passed = ours.now() - before;
      expect(passed).toBeGreaterThanOrEqual(9_500);
      expect(passed).toBeLessThanOrEqual(10_500);
      expect(Math.sign(ours.aheadMs())).toBe(-Math.sign(jumpMs));
    },
  );

  test.each([2_000, -2_000])('a step of %i ms is caught up within 41 s', (jumpMs) => {
    const { at, clock, pass } = machine();
    const ours = clock();
    at.wallMs += jumpMs;
    for (let s = 0; s < 41; s += 1) {
      pass(1_000);
      ours.now();
    }
    expect(ours.aheadMs()).toBe(0);
  });

  test('when nothing is under way, a wall clock set forward is followed at once', () => {
    const { at, clock } = machine();
    const ours = clock();
    at.wallMs += hour;
    ours.nothingUnderWay();
    expect(ours.now()).toBe(start + hour);
  });

  test('a wrong date is put right at once', () => {
    const { at, clock, pass } = machine();
    at.wallMs = 0;
    const ours = clock();
    at.wallMs = start;
    pass(1);
    expect(ours.now()).toBe(start + 1);
  });

  test("another program's stamp is read as ours would be", () => {
    const { at, clock, pass } = machine();
    const ours = clock();
    at.wallMs -= hour;
    pass(1_000);
    expect(Math.abs(ours.fromWall(instant(at.wallMs)) - ours.now())).toBeLessThan(2);
  });

  test('never goes back, whatever the wall clock does (below a day)', () => {
    const steps = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: -hour, max: hour })),
      {
        maxLength: 20,
      },
    );
    fc.assert(
      fc.property(steps, (all) => {
        const { at, clock, pass } = machine();
        const ours = clock();
        let last = ours.now();
        for (const [ms, jump] of all) {
          at.wallMs += jump;
          pass(ms);
          const now = ours.now();
          expect(now).toBeGreaterThanOrEqual(last);
          expect(now - last).toBeLessThanOrEqual(ms * 1.05 + 2);
          last = now;
        }
      }),
    );
  });
});

describe('the time across a restart of the controller', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hotline-clock-'));
  const file = join(folder, 'clock.json');
  const keep = (clock: ReturnType<typeof createSteadyClock>, bootId: string) =>
    keepClock(clock, { file, bootId, onProblem: (error) => expect.fail(String(error)), idle: () => false });
  afterEach(() => {
    vi.useRealTimers();
    rmSync(file, { force: true });
  });

  test('goes on, though the wall clock was set meanwhile; after a start of the machine the wall clock counts', () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { at, clock, pass } = machine();
    const first = clock();
    const kept = keep(first, 'boot-1');
    at.wallMs += hour;
    pass(1_000);
    vi.advanceTimersByTime(1_000);
    kept.stop();
    pass(3_000);
    const second = clock();
    keep(second, 'boot-1').stop();
    expect(Math.abs(second.now() - first.now())).toBeLessThan(200);
    const third = clock();
    keep(third, 'boot-2').stop();
    expect(third.now()).toBe(at.wallMs);
  });

  test('a damaged note is no note', () => {
    const { clock } = machine();
    for (const text of ['', '{', '{"bootId":"b","offsetMs":"x"}', '[]', 'null']) {
      writeFileSync(file, text);
      const ours = clock();
      keep(ours, 'b').stop();
      expect(ours.now()).toBe(start);
    }
  });
});
