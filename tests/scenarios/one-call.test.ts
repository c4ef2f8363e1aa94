import { describe, expect, test } from 'vitest';
import { simulateHotline } from '../support/simulated-hotline.ts';

describe('one call', () => {
  test('caller presses 0, longest-idle agent answers, agent hangs up: answered, released by the agent, then wrap-up, then available', () => {
    const hotline = simulateHotline();
    hotline.signIn('1002', { answerAfterMs: 3_000, hangUpAfterMs: 60_000 });
    hotline.pass(1_000);
    hotline.signIn('1001', { answerAfterMs: 3_000 });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.agent('1002') === 'ringing', 'the longest-idle agent is rung');
    expect(hotline.of(leg, 'AgentRingRequested')[0]).toMatchObject({
      agent: '1002',
      because: 'longest idle of 2',
    });
    hotline.until(() => hotline.agent('1002') === 'on-call', 'the agent answers');
    hotline.pass(100);
    expect(hotline.telephony.hears(leg)).toMatchObject({ music: false, playing: [] });
    expect(hotline.telephony.hears(leg).with).toHaveLength(1);
    hotline.untilEnded(leg);
    expect(hotline.agent('1002')).toBe('wrapping-up');
    hotline.until(() => hotline.agent('1002') === 'available', 'wrap-up ends');
    expect(hotline.record(leg)).toMatchObject({
      outcome: 'answered',
      releaseParty: 'agent',
      agent: '1002',
      queue: 'power-service',
      hotline: '95598',
      holdMs: 0,
      wrapUpMs: 10_000,
    });
    expect(hotline.record(leg).talkMs).toBeGreaterThan(59_900);
    expect(hotline.visits(leg)).toMatchObject([
      { outcome: 'answered', agent: '1002', queue: 'power-service' },
    ]);
    expect(hotline.telephony.live()).toEqual({ legs: [], bridges: [], playbacks: [] });
    expect(hotline.engine.state.world.calls.size).toBe(0);
    expect(hotline.engine.state.world.legs.size).toBe(0);
    expect(hotline.bugs).toEqual([]);
  });

  test('caller hangs up while talking: answered, released by the caller', () => {
    const hotline = simulateHotline();
    hotline.signIn('1001', { answerAfterMs: 1_000 });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.agent('1001') === 'on-call', 'the agent answers');
    hotline.pass(20_000);
    hotline.telephony.callerHangsUp(leg);
    hotline.untilEnded(leg);
    expect(hotline.record(leg)).toMatchObject({ outcome: 'answered', releaseParty: 'caller' });
    hotline.until(() => hotline.agent('1001') === 'available', 'wrap-up ends');
    expect(hotline.telephony.live().legs).toEqual([]);
  });

  test('agent holds and takes back: talk and hold are counted apart', () => {
    const hotline = simulateHotline();
    const phone = hotline.signIn('1001', { answerAfterMs: 1_000 });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.agent('1001') === 'on-call', 'the agent answers');
    hotline.pass(10_000);
    phone.holds();
    hotline.until(() => hotline.agent('1001') === 'on-hold', 'hold');
    hotline.pass(5_000);
    phone.resumes();
    hotline.until(() => hotline.agent('1001') === 'on-call', 'resume');
    hotline.pass(10_000);
    phone.hangsUp();
    hotline.untilEnded(leg);
    const { talkMs, holdMs } = hotline.record(leg);
    expect(holdMs).toBeGreaterThan(4_900);
    expect(holdMs).toBeLessThan(5_100);
    expect(talkMs).toBeGreaterThan(19_900);
    expect(talkMs).toBeLessThan(20_200);
  });

  test('number that is none of ours: announced and recorded as failed', () => {
    const hotline = simulateHotline();
    const leg = hotline.call('12345678');
    hotline.untilEnded(leg);
    expect(hotline.of(leg, 'PromptStarted')[0]?.prompts).toEqual(['number-not-in-service']);
    expect(hotline.record(leg)).toMatchObject({ outcome: 'failed', releaseParty: 'system', hotline: null });
  });
});

describe('the menu', () => {
  test('silence three times leads to a person', () => {
    const hotline = simulateHotline();
    const leg = hotline.call();
    hotline.until(() => hotline.of(leg, 'CallQueued').length > 0, 'queued');
    expect(hotline.of(leg, 'MenuAttemptFailed').map((e) => [e.because, e.attempt])).toEqual([
      ['no-input', 1],
      ['no-input', 2],
      ['no-input', 3],
    ]);
  });

  test('a wrong key is told, the menu goes on listening, a right one is taken during the prompt', () => {
    const hotline = simulateHotline();
    const leg = hotline.call();
    hotline.until(() => hotline.engine.state.world.calls.get(leg as never)?.node === 'main-menu', 'menu');
    hotline.telephony.callerPresses(leg, '7');
    hotline.until(() => hotline.of(leg, 'MenuAttemptFailed').length === 1, 'wrong key');
    expect(hotline.of(leg, 'PromptFinished').at(-1)?.result).toBe('interrupted');
    expect(hotline.of(leg, 'PromptStarted').at(-1)?.prompts).toEqual(['invalid-key', 'agent-unknown']);
    hotline.telephony.callerPresses(leg, '0');
    hotline.until(() => hotline.of(leg, 'CallQueued').length > 0, 'queued');
    expect(hotline.of(leg, 'DigitPressed').map((e) => e.result)).toEqual(['invalid', 'accepted']);
  });

  test('a key pressed during the greeting counts at the menu behind it; one that means nothing there is let pass', () => {
    const hotline = simulateHotline();
    const leg = hotline.call();
    hotline.until(() => hotline.engine.state.world.calls.get(leg as never)?.node === 'welcome', 'welcome');
    hotline.telephony.callerPresses(leg, '7');
    hotline.telephony.callerPresses(leg, '0');
    hotline.until(() => hotline.of(leg, 'CallQueued').length > 0, 'queued');
    expect(hotline.of(leg, 'DigitPressed').map((e) => e.result)).toEqual(['ignored', 'accepted']);
    expect(hotline.of(leg, 'FlowNodeEntered').map((e) => e.node)).toEqual(['welcome', 'person']);
  });

  test('caller hears the information and hangs up: self-served', () => {
    const hotline = simulateHotline();
    const leg = hotline.call();
    hotline.until(() => hotline.engine.state.world.calls.get(leg as never)?.node === 'main-menu', 'menu');
    hotline.telephony.callerPresses(leg, '1');
    hotline.until(() => hotline.of(leg, 'CallerSelfServed').length > 0, 'served');
    hotline.telephony.callerHangsUp(leg);
    hotline.untilEnded(leg);
    expect(hotline.record(leg)).toMatchObject({ outcome: 'self_served', releaseParty: 'caller' });
  });

  test('caller hangs up in the menu: abandoned in the IVR, no queue saw the call', () => {
    const hotline = simulateHotline();
    const leg = hotline.call();
    hotline.pass(1_000);
    hotline.telephony.callerHangsUp(leg);
    hotline.untilEnded(leg);
    expect(hotline.record(leg)).toMatchObject({
      outcome: 'abandoned_in_ivr',
      releaseParty: 'caller',
      queue: null,
    });
    expect(hotline.visits(leg)).toEqual([]);
  });

  test('caller hangs up before we pick up: one record all the same', () => {
    const hotline = simulateHotline();
    const leg = hotline.call();
    hotline.telephony.callerHangsUp(leg);
    hotline.untilEnded(leg);
    expect(hotline.record(leg).outcome).toBe('abandoned_in_ivr');
  });
});

test('a key that overtakes the news of our own answer is not lost', () => {
  const hotline = simulateHotline();
  const leg = hotline.call();
  hotline.until(() => hotline.stage(leg) === 'arriving', 'arrived');
  hotline.engine.fact({ kind: 'digit', legId: leg, digit: '0' });
  hotline.until(() => hotline.of(leg, 'CallQueued').length > 0, 'queued');
  expect(hotline.of(leg, 'CallPickedUp')).toHaveLength(1);
  hotline.pass(30_000);
  expect(hotline.of(leg, 'CallPickedUp')).toHaveLength(1);
});

test('our answer fails because the caller is just leaving: the caller left, nobody failed', () => {
  const hotline = simulateHotline({ fake: { faults: { refuseChance: 1 } } });
  const leg = hotline.call();
  hotline.until(() => hotline.of(leg, 'OrderFailed').length > 0, 'the answer is refused');
  hotline.telephony.callerHangsUp(leg);
  hotline.untilEnded(leg);
  expect(hotline.record(leg)).toMatchObject({ outcome: 'abandoned_in_ivr', releaseParty: 'caller' });
});
