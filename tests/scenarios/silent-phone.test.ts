import { expect, test } from 'vitest';
import { asId } from '../../services/events/ids.ts';
import { type SimulatedHotline, simulateHotline } from '../support/simulated-hotline.ts';

type Phone = ReturnType<SimulatedHotline['signIn']>;

/** The sound of 1001, who is ready, breaks off after so much of a conversation; then a second caller waits for anybody. */
function brokenOff(talkMs: number, how: (hotline: SimulatedHotline, phone: Phone) => void) {
  const hotline = simulateHotline();
  const phone = hotline.signIn('1001', { answerAfterMs: 500 });
  const leg = hotline.callForAPerson();
  hotline.until(() => hotline.agent('1001') === 'on-call', 'the agent answers');
  hotline.pass(talkMs);
  how(hotline, phone);
  const next = hotline.callForAPerson('13800138002');
  hotline.until(() => hotline.agent('1001') !== 'on-call', 'the silence is noticed');
  // The phone registers again, or is looked at again.
  phone.registers();
  hotline.pass(60_000);
  return { hotline, leg, next };
}
/** Registered all the while. */
const fallsSilent = (hotline: SimulatedHotline, phone: Phone): void =>
  hotline.telephony.callerVanishes(phone.leg() ?? asId(''));

test('a phone that is answered but never heard takes no second caller into silence: its agent is not ready, and told why', () => {
  const { hotline, leg, next } = brokenOff(0, fallsSilent);
  expect(hotline.agent('1001')).toBe('not-ready');
  expect(hotline.of(null, 'AgentStateChanged').at(-1)).toMatchObject({ reason: 'phone-silent' });
  expect([...hotline.of(leg, 'CallConnected'), ...hotline.of(next, 'CallConnected')]).toHaveLength(1);
  // Both wait on.
  const waiting = [leg, next].map((one) => hotline.engine.state.world.calls.get(asId(one))?.stage.kind);
  expect(waiting).toEqual(['waiting', 'waiting']);
  expect(hotline.bugs).toEqual([]);
});

test('a phone that falls silent later, or is gone altogether, serves on when it is back', () => {
  for (const { hotline, leg } of [
    brokenOff(30_000, fallsSilent),
    brokenOff(0, (_, phone) => phone.vanishes()),
  ]) {
    expect(hotline.agent('1001')).toBe('on-call');
    expect(hotline.of(leg, 'CallConnected')).toHaveLength(2);
  }
});

test('a phone that vanished just after it was answered, and was still believed there when the silence was noticed, is gone and not silent: it serves on when it is back', () => {
  const hotline = simulateHotline();
  const phone = hotline.signIn('1001', { answerAfterMs: 500 });
  const leg = hotline.callForAPerson();
  hotline.until(() => hotline.agent('1001') === 'on-call', 'the agent answers');
  fallsSilent(hotline, phone);
  hotline.until(() => hotline.agent('1001') !== 'on-call', 'the silence is noticed');
  expect(hotline.of(null, 'AgentStateChanged').at(-1)?.intent).toEqual({
    kind: 'not-ready',
    reason: 'phone-silent',
  });
  // The question that follows is not answered.
  phone.unregisters();
  hotline.until(() => hotline.agent('1001') === 'unreachable', 'the phone is known to be gone');
  phone.registers();
  hotline.until(() => hotline.agent('1001') === 'on-call', 'the phone serves on');
  expect(hotline.of(leg, 'CallConnected')).toHaveLength(2);
  expect(hotline.bugs).toEqual([]);
});
