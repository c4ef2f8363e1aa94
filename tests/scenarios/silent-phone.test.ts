import { expect, test } from 'vitest';
import { simulateHotline } from '../support/simulated-hotline.ts';

/** The phone of 1001, who is ready, is lost after so much of a conversation; a second caller waits for anybody. */
function lostAfter(talkMs: number) {
  const hotline = simulateHotline();
  const phone = hotline.signIn('1001', { answerAfterMs: 500 });
  const leg = hotline.callForAPerson();
  hotline.until(() => hotline.agent('1001') === 'on-call', 'the agent answers');
  hotline.pass(talkMs);
  phone.vanishes();
  const next = hotline.callForAPerson('13800138002');
  hotline.until(() => hotline.agent('1001') !== 'on-call', 'the lost phone is noticed');
  phone.registers();
  hotline.pass(60_000);
  return { hotline, leg, next };
}

test('a phone that is answered but never heard takes no second caller into silence: its agent is not ready, and told why', () => {
  const { hotline, leg, next } = lostAfter(0);
  expect(hotline.agent('1001')).toBe('not-ready');
  expect(hotline.of(null, 'AgentStateChanged').at(-1)).toMatchObject({ reason: 'phone-silent' });
  expect([...hotline.of(leg, 'CallConnected'), ...hotline.of(next, 'CallConnected')]).toHaveLength(1);
  // Both wait on, the one who was answered in vain first.
  const waiting = [leg, next].map((one) => hotline.engine.state.world.calls.get(one as never)?.stage.kind);
  expect(waiting).toEqual(['waiting', 'waiting']);
  expect(hotline.bugs).toEqual([]);
});

test('a phone that is lost in mid-conversation serves on when it is back', () => {
  const { hotline, leg } = lostAfter(30_000);
  expect(hotline.agent('1001')).toBe('on-call');
  expect(hotline.of(leg, 'CallConnected')).toHaveLength(2);
});
