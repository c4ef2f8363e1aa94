import { expect, test } from 'vitest';
import { asId } from '../../services/events/ids.ts';
import { inTheHandsOf } from '../support/controlled-call.ts';
import { simulateHotline } from '../support/simulated-hotline.ts';

/** 1001, ready, dials 95598 on the phone, which has one line. */
function dialsHotline() {
  const hotline = simulateHotline();
  const phone = hotline.signIn('1001', { answerAfterMs: 500 });
  const leg = hotline.telephony.callerDials({
    number: '95598',
    from: '1001',
    source: 'agent',
    account: '1001',
  });
  phone.behaves({ inUse: true });
  hotline.until(() => hotline.of(leg, 'PromptStarted').length > 0, 'the greeting');
  return { hotline, phone, leg, ...inTheHandsOf(hotline, leg) };
}

test('an agent who calls a hotline of ours is not rung meanwhile, least of all for that call', () => {
  const { hotline, phone, leg, broken } = dialsHotline();
  expect(hotline.agent('1001')).toBe('on-call');
  hotline.telephony.callerPresses(leg, '0');
  const other = hotline.callForAPerson();
  hotline.pass(60_000);
  expect(hotline.of(null, 'AgentRingRequested')).toEqual([]);
  expect(broken()).toEqual([]);
  hotline.telephony.callerHangsUp(leg);
  phone.behaves({ answerAfterMs: 500 });
  hotline.untilEnded(leg);
  expect(hotline.record(leg)).toMatchObject({ outcome: 'abandoned_in_queue', releaseParty: 'caller' });
  hotline.until(() => hotline.agent('1001') === 'on-call', 'the waiting caller to be answered');
  expect(hotline.of(other, 'CallConnected')).toMatchObject([{ agent: '1001' }]);
  expect(hotline.bugs).toEqual([]);
});

test('a colleague answers: both are on call, only the one who answered wraps up', () => {
  const { hotline, leg } = dialsHotline();
  const colleague = hotline.signIn('1002', { answerAfterMs: 500 });
  hotline.telephony.callerPresses(leg, '0');
  hotline.until(() => hotline.of(leg, 'CallConnected').length > 0, 'the colleague to answer');
  expect([hotline.agent('1001'), hotline.agent('1002')]).toEqual(['on-call', 'on-call']);
  colleague.hangsUp();
  hotline.untilEnded(leg);
  expect([hotline.agent('1001'), hotline.agent('1002')]).toEqual(['available', 'wrapping-up']);
  expect(hotline.bugs).toEqual([]);
});

test('hung up from the desk, it is the caller who has left; what is done with a caller is not offered', async () => {
  const { hotline, leg, ask } = dialsHotline();
  hotline.telephony.callerPresses(leg, '0');
  hotline.pass(10_000);
  expect(await ask({ kind: 'resume' })).toMatchObject({ ok: false, code: 'not-now' });
  expect(await ask({ kind: 'hang-up' })).toEqual({ ok: true });
  hotline.untilEnded(leg);
  expect(hotline.record(leg)).toMatchObject({ outcome: 'abandoned_in_queue', releaseParty: 'caller' });
  expect(hotline.agent('1001')).toBe('available');
});

test('taken to the fallback while the controller was away: the agent is free again', () => {
  const { hotline, leg } = dialsHotline();
  hotline.engine.fact({ kind: 'taken-to-fallback', legId: asId(leg) });
  hotline.pass(1_000);
  expect(hotline.agent('1001')).toBe('available');
  expect(hotline.bugs).toEqual([]);
});

test('whoever is signed out stays so', () => {
  const hotline = simulateHotline();
  hotline.telephony.phone('1001').registers();
  const leg = hotline.telephony.callerDials({
    number: '95598',
    from: '1001',
    source: 'agent',
    account: '1001',
  });
  hotline.pass(2_000);
  expect(hotline.agent('1001')).toBe('signed-out');
  hotline.telephony.callerHangsUp(leg);
  hotline.untilEnded(leg);
  expect(hotline.agent('1001')).toBe('signed-out');
});
