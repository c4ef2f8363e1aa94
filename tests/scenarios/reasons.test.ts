import type { TFunction } from 'i18next';
import { expect, test } from 'vitest';
import { reasonText } from '../../dashboards/calls/reason-text.ts';
import { colleague, controlledCall, reason } from '../support/controlled-call.ts';
import { type SimulatedHotline, simulateHotline } from '../support/simulated-hotline.ts';

const said = ((key: string) => key) as unknown as TFunction;

const reasonsOf = (hotline: SimulatedHotline): string[] =>
  hotline.events.flatMap((e) =>
    e.type === 'AgentRingRequested' || e.type === 'CallClosing' || e.type === 'LegHangUpRequested'
      ? [e.because]
      : [],
  );

test('every reason the engine gives for choosing, closing and hanging up can be said in the language of the screens', () => {
  const hotline = simulateHotline();
  const phone = hotline.signIn('1001', { silent: true });
  const left = hotline.callForAPerson();
  hotline.until(() => hotline.of(left, 'AgentRingStarted').length > 0, 'rings');
  hotline.telephony.callerHangsUp(left);
  hotline.until(() => hotline.agent('1001') === 'available', 'free');
  phone.behaves({ answerAfterMs: 100, hangUpAfterMs: 1_000 });
  hotline.untilEnded(hotline.callForAPerson());
  hotline.untilEnded(hotline.call('4711'));
  hotline.untilEnded(
    hotline.telephony.callerDials({ number: '*10', from: '1001', source: 'agent', account: '1001' }),
  );
  hotline.untilEnded(hotline.callForAPerson());

  const reasons = reasonsOf(hotline);
  expect(reasons).toContain('the caller left');
  expect(new Set(reasons).size).toBeGreaterThan(5);
  expect(reasons.filter((reason) => !reasonText(reason, said).startsWith('because.'))).toEqual([]);
});

test('so can every reason that comes of passing callers on and of asking for advice', async () => {
  const stories = [
    { kind: 'transfer', after: null },
    { kind: 'consult', after: 'complete-transfer' },
    { kind: 'consult', after: 'end-consult' },
    { kind: 'consult', after: 'hang-up' },
  ] as const;
  const reasons: string[] = [];
  for (const { kind, after } of stories)
    for (const answers of [true, false]) {
      const { hotline, caller, colleaguePhone, ask } = controlledCall();
      if (answers) colleaguePhone.behaves({ answerAfterMs: 500, hangUpAfterMs: 20_000 });
      await ask({ kind, to: colleague(), reason });
      hotline.pass(3_000);
      if (after !== null) await ask({ kind: after });
      hotline.pass(60_000);
      hotline.telephony.callerHangsUp(caller);
      hotline.untilEnded(caller);
      reasons.push(...reasonsOf(hotline));
    }
  expect(new Set(reasons).size).toBeGreaterThan(6);
  expect(reasons.filter((one) => !reasonText(one, said).startsWith('because.'))).toEqual([]);
});

test('a reason nobody has translated yet is shown as it was recorded', () => {
  expect(reasonText('the moon is full', said)).toBe('the moon is full');
});
