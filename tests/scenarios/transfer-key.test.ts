import { describe, expect, test } from 'vitest';
import { colleague, controlledCall, outsideNumber, reason } from '../support/controlled-call.ts';
import { unmatchedEvents } from '../support/invariants.ts';

type Controlled = ReturnType<typeof controlledCall>;

function nothingLeft({ hotline, broken }: Controlled): void {
  hotline.pass(60_000);
  expect(hotline.telephony.live()).toEqual({ legs: [], bridges: [], playbacks: [] });
  expect(hotline.engine.state.world.calls.size).toBe(0);
  expect(unmatchedEvents(hotline.events)).toEqual([]);
  expect(broken()).toEqual([]);
  expect(hotline.bugs).toEqual([]);
}

/** 1001, who speaks with the caller, presses the transfer key of the phone. @returns what the phone hears of it */
function presses({ hotline }: Controlled, number: string | null, agent = '1001') {
  const phone = hotline.telephony.phone(agent);
  phone.asksTransfer(number);
  hotline.pass(100);
  return phone.transfer();
}

describe("an agent presses the phone's transfer key", () => {
  test('for a colleague: the phone hears that it is done, and all goes as if asked for at the desk', () => {
    const c = controlledCall();
    expect(presses(c, '1002')).toBe('accepted');
    expect(c.hearsMusic(c.caller)).toBe(true);
    expect([c.hotline.agent('1001'), c.hotline.agent('1002')]).toEqual(['wrapping-up', 'ringing']);
    expect(c.call()?.stage).toMatchObject({ kind: 'passing', by: '1001', to: colleague() });
    c.colleaguePhone.answers();
    c.hotline.pass(5_000);
    expect(c.together(c.caller, c.legOf('1002'))).toBe(true);
    c.colleaguePhone.hangsUp();
    c.hotline.untilEnded(c.caller);
    expect(c.hotline.record(c.caller)).toMatchObject({ transfers: 1, agent: '1002' });
    expect(c.conversations().map(({ agent }) => agent)).toEqual(['1001', '1002']);
    nothingLeft(c);
  });

  test('with the caller on hold by the phone, as most phones do it first', () => {
    const c = controlledCall();
    c.hotline.telephony.phone('1001').holds();
    c.hotline.pass(3_100);
    expect(presses(c, '1002')).toBe('accepted');
    c.colleaguePhone.answers();
    c.hotline.pass(1_000);
    expect(c.together(c.caller, c.legOf('1002'))).toBe(true);
    expect(c.conversations()[0]?.holdMs).toBeGreaterThanOrEqual(3_000);
    c.hotline.telephony.callerHangsUp(c.caller);
    nothingLeft(c);
  });

  test('for a colleague who does not answer: the first agent has the caller back', () => {
    const c = controlledCall();
    presses(c, '1002');
    c.hotline.until(() => c.hotline.agent('1001') === 'on-call', 'the first agent answers');
    c.hotline.pass(100);
    expect(c.results()).toEqual(['no-answer']);
    expect(c.together(c.caller, c.legOf('1001'))).toBe(true);
    c.hotline.telephony.callerHangsUp(c.caller);
    c.hotline.untilEnded(c.caller);
    expect(c.hotline.record(c.caller)).toMatchObject({ transfers: 0, agent: '1001' });
    nothingLeft(c);
  });

  test('for a queue by its name, and for an outside number that may be called', () => {
    const c = controlledCall();
    expect(presses(c, 'power-service')).toBe('accepted');
    expect(c.results()).toEqual(['queued']);
    c.colleaguePhone.answers();
    c.hotline.until(() => c.hotline.agent('1002') === 'on-call', '1002 answers');
    c.hotline.telephony.outside(outsideNumber, { answerAfterMs: 500 });
    expect(presses(c, outsideNumber, '1002')).toBe('accepted');
    c.hotline.pass(2_000);
    expect(c.together(c.caller, c.outsideLeg())).toBe(true);
    c.hotline.telephony.callerHangsUp(c.caller);
    nothingLeft(c);
  });

  test.each([
    ['nobody has the number', '9999', 'no pattern of outbound.numbers'],
    ['it may not be called', '00861234567', 'no pattern of outbound.numbers'],
    ['it is their own', '1001', 'the one who asks'],
    ['the colleague is signed out', '1003', 'signed-out'],
    ['it is no number at all', '', 'no pattern of outbound.numbers'],
    ['another call of the phone is meant', null, 'cannot be joined with this one'],
  ])('%s: refused, and the call goes on', (_, number, because) => {
    const c = controlledCall();
    expect(presses(c, number)).toBe('refused');
    expect(c.hotline.of(c.caller, 'TransferKeyAnswered')).toMatchObject([
      { accepted: false, because: expect.stringContaining(because) },
    ]);
    expect(c.together(c.caller, c.legOf('1001'))).toBe(true);
    expect(c.hotline.agent('1001')).toBe('on-call');
    c.hotline.telephony.callerHangsUp(c.caller);
    nothingLeft(c);
  });

  test('for whom advice is taken from, and who has answered: the caller stays with them', async () => {
    const c = controlledCall();
    await c.does({ kind: 'consult', to: colleague(), reason });
    expect(presses(c, '1002')).toBe('refused');
    c.colleaguePhone.answers();
    c.hotline.pass(2_000);
    expect(presses(c, '1003')).toBe('refused');
    expect(presses(c, '1001', '1002')).toBe('refused');
    expect(c.together(c.legOf('1001'), c.legOf('1002'))).toBe(true);
    expect(presses(c, '1002')).toBe('accepted');
    expect(c.together(c.caller, c.legOf('1002'))).toBe(true);
    expect(c.results()).toEqual(['completed']);
    c.hotline.telephony.callerHangsUp(c.caller);
    c.hotline.untilEnded(c.caller);
    expect(c.hotline.record(c.caller)).toMatchObject({ transfers: 1, agent: '1002' });
    nothingLeft(c);
  });

  test('while the phone only rings, or is being let go: nothing comes of it', async () => {
    const c = controlledCall();
    await c.ask({ kind: 'hang-up' });
    c.hotline.telephony.phone('1001').asksTransfer('1002');
    c.hotline.pass(100);
    expect(c.hotline.of(c.caller, 'CallPassedOn')).toEqual([]);
    expect(c.hotline.agent('1002')).toBe('available');
    c.hotline.telephony.callerHangsUp(c.caller);
    nothingLeft(c);
  });

  test.each([5, 50, 400])('the controller is killed %i ms after it: nobody is cut off or left over', (ms) => {
    const c = controlledCall();
    c.hotline.telephony.phone('1001').asksTransfer('1002');
    c.hotline.pass(ms);
    c.hotline.killController();
    c.hotline.pass(3_000);
    c.hotline.startController();
    c.hotline.pass(3_000);
    expect(c.hotline.telephony.live().legs).toContain(c.caller);
    c.hotline.telephony.callerHangsUp(c.caller);
    nothingLeft(c);
  });
});
