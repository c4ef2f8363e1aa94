import { describe, expect, test } from 'vitest';
import { simulateHotline } from '../support/simulated-hotline.ts';

/** A caller who talks with 1001. */
function inConversation() {
  const hotline = simulateHotline();
  hotline.signIn('1001', { answerAfterMs: 1_000 });
  const leg = hotline.callForAPerson();
  hotline.until(() => hotline.agent('1001') === 'on-call', 'the agent answers');
  hotline.pass(5_000);
  return { hotline, leg };
}

describe('a conversation that breaks off', () => {
  test('the caller falls silent for good: a task to call back, about the agent who knows why', () => {
    const { hotline, leg } = inConversation();
    hotline.telephony.callerVanishes(leg);
    hotline.untilEnded(leg);
    const [task, ...more] = hotline.of(leg, 'TaskOpened');
    expect(more).toEqual([]);
    expect(task).toMatchObject({
      kind: 'dropped-call',
      agent: '1001',
      queue: 'power-service',
      hotline: '95598',
      number: hotline.record(leg).callerNumber,
      because: "the caller's line went dead",
    });
    const [ended] = hotline.of(leg, 'CallEnded');
    expect(task?.at).toBe(ended?.at);
  });

  test('the caller hangs up, or the agent does: nothing to call back for', () => {
    const first = inConversation();
    first.hotline.telephony.callerHangsUp(first.leg);
    first.hotline.untilEnded(first.leg);
    expect(first.hotline.of(first.leg, 'TaskOpened')).toEqual([]);
    const second = inConversation();
    second.hotline.telephony.phone('1001').hangsUp();
    second.hotline.untilEnded(second.leg);
    expect(second.hotline.of(second.leg, 'TaskOpened')).toEqual([]);
  });

  test('the caller falls silent while waiting: that is no conversation', () => {
    const hotline = simulateHotline();
    const leg = hotline.callForAPerson();
    hotline.telephony.callerVanishes(leg);
    hotline.untilEnded(leg);
    expect(hotline.of(leg, 'TaskOpened')).toEqual([]);
  });
});
