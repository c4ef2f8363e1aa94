import { describe, expect, test } from 'vitest';
import { type SimulatedHotline, simulateHotline } from '../support/simulated-hotline.ts';

const hour = 3_600_000;
/** While it catches up with the wall clock, our time passes 5 % faster or slower. */
const about = (ms: number) => ({ least: ms * 0.94, most: ms * 1.06 });
const expectAbout = (ms: number, expected: number) => {
  expect(ms).toBeGreaterThanOrEqual(about(expected).least);
  expect(ms).toBeLessThanOrEqual(about(expected).most);
};
/** How long something takes in real time. */
const timed = (hotline: SimulatedHotline, act: () => void): number => {
  const before = hotline.time.now();
  act();
  return hotline.time.now() - before;
};

describe.each([hour, -hour])('the wall clock is set by %i ms', (jumpMs) => {
  test('in a conversation: talk and wrap-up are as long as they were', () => {
    const hotline = simulateHotline();
    const phone = hotline.signIn('1001', { answerAfterMs: 500 });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.agent('1001') === 'on-call', 'talking');
    hotline.pass(20_000);
    hotline.clockJumps(jumpMs);
    hotline.pass(40_000);
    phone.hangsUp();
    hotline.until(() => hotline.agent('1001') === 'wrapping-up', 'wrapping up');
    const wrapUpMs = timed(hotline, () => hotline.until(() => hotline.agent('1001') === 'available', 'free'));
    expectAbout(wrapUpMs, 10_000);
    expectAbout(hotline.record(leg).talkMs, 60_000);
    const { startedAt, endedAt } = hotline.record(leg);
    expect(endedAt).toBeGreaterThan(startedAt);
  });

  test('while a caller waits: the wait ends when it would have', () => {
    const hotline = simulateHotline();
    const leg = hotline.callForAPerson();
    const { at, waitUntil } = hotline.of(leg, 'CallQueued')[0] ?? expect.fail('not queued');
    hotline.pass(5_000);
    hotline.clockJumps(jumpMs);
    hotline.pass(1_000);
    expect(hotline.stage(leg)).toBe('waiting');
    const waited =
      6_000 +
      timed(hotline, () => hotline.until(() => hotline.of(leg, 'VisitEnded').length > 0, 'sent away', hour));
    expectAbout(waited, waitUntil - at);
    expectAbout(hotline.visits(leg)[0]?.waitMs ?? 0, waitUntil - at);
  });

  test('while a phone rings and a menu listens: neither ends at once, both end in time', () => {
    const hotline = simulateHotline();
    hotline.signIn('1001', { silent: true });
    const ringing = hotline.callForAPerson();
    hotline.until(() => hotline.of(ringing, 'AgentRingStarted').length > 0, 'rings');
    const inMenu = hotline.call('95598', '13800000002');
    hotline.until(() => hotline.stage(inMenu) === 'ivr', 'menu');
    hotline.clockJumps(jumpMs);
    hotline.pass(2_000);
    expect(hotline.agent('1001')).toBe('ringing');
    expect(hotline.of(inMenu, 'MenuAttemptFailed')).toEqual([]);
    hotline.until(() => hotline.of(ringing, 'AgentRingEnded').length > 0, 'rang out', 60_000);
    hotline.until(() => hotline.of(inMenu, 'MenuAttemptFailed').length > 0, 'listened in vain', 60_000);
  });

  test('and the controller is restarted: what was under way goes on in its time', () => {
    const hotline = simulateHotline();
    const phone = hotline.signIn('1001', { answerAfterMs: 500 });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.agent('1001') === 'on-call', 'talking');
    hotline.pass(30_000);
    hotline.killController();
    hotline.clockJumps(jumpMs);
    hotline.startController();
    hotline.pass(30_000);
    expect(hotline.agent('1001')).toBe('on-call');
    phone.hangsUp();
    hotline.untilEnded(leg);
    expectAbout(hotline.record(leg).talkMs, 60_000);
  });
});

test('stamps come right again', () => {
  const hotline = simulateHotline();
  hotline.clockJumps(60_000);
  for (let minute = 0; minute < 21; minute += 1) {
    hotline.pass(60_000);
    hotline.setAgent('1001', minute % 2 === 0 ? { kind: 'ready' } : { kind: 'signed-out' });
  }
  expect(hotline.stampsAheadMs()).toBe(0);
});
