import { expect, test } from 'vitest';
import { createHangGuard } from '../../services/runtime/hang-guard.ts';
import type { Standing } from '../../services/runtime/lease.ts';

/** A guard on a clock of its own; the lease answers when the test says. */
function guarded() {
  let now = 0;
  const due: { at: number; callback: () => void }[] = [];
  const answers: ((standing: Standing) => void)[] = [];
  const hung: number[] = [];
  const guard = createHangGuard({
    nowMs: () => now,
    confirm: () => new Promise<Standing>((resolve) => answers.push(resolve)),
    schedule: (ms, callback) => {
      const one = { at: now + ms, callback };
      due.push(one);
      return () => void due.splice(due.indexOf(one), 1);
    },
    onHung: (forMs) => hung.push(forMs),
  });
  const settled = () => new Promise<void>((done) => setImmediate(done));
  return {
    guard,
    hung,
    answers,
    settled,
    /** Time passes, and timers fire as they fall due. */
    async pass(ms: number) {
      const end = now + ms;
      for (;;) {
        due.sort((a, b) => a.at - b.at);
        if (due[0] === undefined || due[0].at > end) break;
        const next = due.shift();
        now = Math.max(now, next?.at ?? now);
        next?.callback();
        await settled();
      }
      now = end;
    },
    /** The process is stopped: time passes and nothing happens. */
    stopFor(ms: number) {
      now += ms;
    },
  };
}

test('as long as nothing hangs, work runs at once and nobody is asked', async () => {
  const { guard, answers, pass, settled } = guarded();
  await pass(60_000);
  expect(guard.mayAct()).toBe(true);
  let ran = false;
  guard.defer(() => {
    ran = true;
  });
  await settled();
  expect({ ran, asked: answers.length }).toEqual({ ran: true, asked: 0 });
});

test.each([
  ['held', true],
  ['unknown', true],
  ['lost', false],
] as const)('after it hung, work waits for the answer; %s: it runs: %s', async (standing, runs) => {
  const { guard, hung, answers, pass, stopFor, settled } = guarded();
  stopFor(5_000);
  const ran: number[] = [];
  guard.defer(() => void ran.push(1));
  const may = guard.mayAct();
  await pass(1_000);
  guard.defer(() => void ran.push(2));
  expect({ hung, ran, asked: answers.length }).toEqual({ hung: [5_000], ran: [], asked: 1 });
  answers[0]?.(standing);
  await pass(300);
  await settled();
  expect(await may).toBe(runs);
  expect(ran).toEqual(runs ? [1, 2] : []);
  expect((await guard.mayAct()) === true).toBe(runs);
});

test('an answer that is there at once is still not believed before Asterisk has been listened to', async () => {
  const { guard, answers, pass, stopFor, settled } = guarded();
  stopFor(5_000);
  let ran = false;
  guard.defer(() => {
    ran = true;
  });
  answers[0]?.('unknown');
  await pass(100);
  expect(ran).toBe(false);
  await pass(150);
  await settled();
  expect(ran).toBe(true);
});
