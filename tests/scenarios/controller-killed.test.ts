import { describe, expect, test } from 'vitest';
import type { LegFate } from '../../services/calls/telephony.ts';
import { asId, type LegId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import { type SimulatedHotline, simulateHotline } from '../support/simulated-hotline.ts';

const awayMs = 5_000;
const killAndStart = (
  hotline: SimulatedHotline,
  meanwhile: () => void = () => undefined,
  forMs: number = awayMs,
) => {
  hotline.killController();
  meanwhile();
  hotline.pass(forMs);
  hotline.startController();
  hotline.pass(50);
};
const nothingLeft = (hotline: SimulatedHotline) => {
  expect(hotline.telephony.live()).toEqual({ legs: [], bridges: [], playbacks: [] });
  expect(hotline.engine.state.world.calls.size).toBe(0);
  expect(hotline.bugs).toEqual([]);
};

describe('the controller is killed and comes back', () => {
  test('caller in the menu: hears the menu again and goes on', () => {
    const hotline = simulateHotline();
    hotline.signIn('1001', { answerAfterMs: 500, hangUpAfterMs: 5_000 });
    const leg = hotline.call();
    hotline.until(() => hotline.engine.state.world.calls.get(leg as never)?.node === 'main-menu', 'menu');
    killAndStart(hotline);
    hotline.telephony.callerPresses(leg, '0');
    hotline.untilEnded(leg);
    expect(hotline.record(leg)).toMatchObject({ outcome: 'answered', agent: '1001' });
    nothingLeft(hotline);
  });

  test('caller in the greeting: hears it to its end, once, and then the menu', () => {
    const hotline = simulateHotline();
    const leg = hotline.call();
    hotline.until(() => hotline.telephony.hears(leg).playing.length > 0, 'the greeting');
    const [greeting] = hotline.telephony.hears(leg).playing;
    killAndStart(hotline, undefined, 300);
    expect(hotline.telephony.hears(leg).playing).toEqual([greeting]);
    hotline.until(() => hotline.engine.state.world.calls.get(leg as never)?.node === 'main-menu', 'menu');
    expect(hotline.of(leg, 'FlowNodeEntered').map(({ node }) => node)).toEqual(['welcome', 'main-menu']);
    expect(hotline.of(leg, 'PromptFinished').map(({ result }) => result)).toEqual(['played']);
    hotline.telephony.callerHangsUp(leg);
    hotline.untilEnded(leg);
    nothingLeft(hotline);
  });

  test('callers waiting keep their places and the time they have waited', () => {
    const hotline = simulateHotline();
    const [first, second] = [hotline.callForAPerson('13800000001'), hotline.callForAPerson('13800000002')];
    hotline.pass(20_000);
    killAndStart(hotline);
    expect(hotline.telephony.hears(first).music).toBe(true);
    hotline.signIn('1001', { answerAfterMs: 500, hangUpAfterMs: 1_000 });
    for (const leg of [first, second]) hotline.untilEnded(leg);
    expect(hotline.of(null, 'CallConnected').map((e) => e.callId)).toEqual([first, second]);
    expect(hotline.visits(first)[0]?.waitMs).toBeGreaterThan(25_000);
    nothingLeft(hotline);
  });

  test("agent's phone rings on: the agent answers after the restart", () => {
    const hotline = simulateHotline();
    const phone = hotline.signIn('1001', { silent: true });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.of(leg, 'AgentRingStarted').length > 0, 'rings');
    killAndStart(hotline);
    expect(hotline.agent('1001')).toBe('ringing');
    phone.answers();
    hotline.until(() => hotline.agent('1001') === 'on-call', 'answered');
    phone.hangsUp();
    hotline.untilEnded(leg);
    expect(hotline.record(leg)).toMatchObject({ outcome: 'answered', agent: '1001' });
  });

  test('caller leaves while nobody listens: the ringing is cancelled, and the visit has one end', () => {
    const hotline = simulateHotline();
    hotline.signIn('1001', { silent: true });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.of(leg, 'AgentRingStarted').length > 0, 'rings');
    killAndStart(hotline, () => hotline.telephony.callerHangsUp(leg));
    hotline.until(() => hotline.agent('1001') === 'available', 'free');
    expect(hotline.visits(leg)).toHaveLength(1);
    nothingLeft(hotline);
  });

  test('a conversation goes on untouched, and its wrap-up ends in time', () => {
    const hotline = simulateHotline();
    const phone = hotline.signIn('1001', { answerAfterMs: 500 });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.agent('1001') === 'on-call', 'talking');
    hotline.pass(70_000);
    killAndStart(hotline);
    expect(hotline.agent('1001')).toBe('on-call');
    expect(hotline.telephony.hears(leg).with).toHaveLength(1);
    phone.hangsUp();
    hotline.untilEnded(leg);
    killAndStart(hotline);
    expect(hotline.agent('1001')).toBe('wrapping-up');
    hotline.until(() => hotline.agent('1001') === 'available', 'wrap-up ends');
    expect(hotline.record(leg)).toMatchObject({ outcome: 'answered', releaseParty: 'agent' });
    expect(hotline.record(leg).wrapUpMs).toBe(10_000);
    nothingLeft(hotline);
  });

  test('killed as an agent answers a caller who still hears the announcement: after the restart it is cut short, and they talk', () => {
    const hotline = simulateHotline({ fake: { promptMs: () => 20_000 } });
    hotline.signIn('1001', { answerAfterMs: 500 });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.of(leg, 'AgentRingStarted').length > 0, 'rings');
    hotline.muzzle(true);
    hotline.until(() => hotline.of(leg, 'CallConnected').length > 0, 'decided to connect');
    expect(hotline.telephony.hears(leg).playing).toHaveLength(1);
    killAndStart(hotline);
    expect(hotline.telephony.hears(leg)).toMatchObject({ playing: [], with: [expect.anything()] });
  });

  test('an agent answers while nobody is there, and the caller still hears the announcement: it is cut short, and they talk', () => {
    const hotline = simulateHotline({ fake: { promptMs: () => 20_000 } });
    const phone = hotline.signIn('1001', { silent: true });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.of(leg, 'AgentRingStarted').length > 0, 'rings');
    killAndStart(hotline, () => phone.answers());
    expect(hotline.of(leg, 'CallConnected')).toHaveLength(1);
    expect(hotline.telephony.hears(leg)).toMatchObject({ playing: [], with: [expect.anything()] });
  });

  test('a caller who leaves while nobody is there, the announcement cut short before: nothing is ordered for a leg that is gone', () => {
    const hotline = simulateHotline();
    const leg = hotline.callForAPerson();
    killAndStart(hotline, () => hotline.telephony.callerHangsUp(leg));
    hotline.pass(1_000);
    expect(hotline.of(null, 'OrderFailed')).toEqual([]);
    nothingLeft(hotline);
  });

  test('killed between a key and what follows: the former prompt is cut short after the restart, and what follows is heard', () => {
    const hotline = simulateHotline({ fake: { promptMs: () => 20_000 } });
    const leg = hotline.call();
    hotline.until(() => hotline.telephony.hears(leg).playing.length > 0, 'the greeting');
    const [greeting] = hotline.telephony.hears(leg).playing;
    hotline.muzzle(true);
    hotline.telephony.callerPresses(leg, '0');
    hotline.until(() => hotline.of(leg, 'CallQueued').length > 0, 'the call is queued');
    killAndStart(hotline);
    expect(hotline.telephony.hears(leg).playing).not.toContain(greeting);
  });

  test('killed between deciding and sending: what was decided is done after the restart', () => {
    const hotline = simulateHotline();
    hotline.signIn('1001', { answerAfterMs: 500 });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.of(leg, 'AgentRingStarted').length > 0, 'rings');
    hotline.muzzle(true);
    hotline.until(() => hotline.of(leg, 'CallConnected').length > 0, 'decided to connect');
    expect(hotline.telephony.hears(leg).with).toHaveLength(0);
    killAndStart(hotline);
    expect(hotline.telephony.hears(leg).with).toHaveLength(1);
  });
});

describe('while a controller that comes back does not know yet what lives', () => {
  /** Starts a controller whose connection to Asterisk comes up some time later. */
  const startBlind = (hotline: SimulatedHotline, blindMs: number) => {
    hotline.restartController();
    // Which phones there are is known before what has become of the calls.
    hotline.engine.fact({ kind: 'phones', agent: asId('1001'), devices: ['sip'] });
    hotline.pass(blindMs);
    expect(hotline.of(null, 'OrderFailed')).toEqual([]);
    hotline.telephony.connects();
    hotline.pass(50);
  };

  test('a ring that is overdue is not held against the agent who has answered it', () => {
    const hotline = simulateHotline();
    const phone = hotline.signIn('1001', { silent: true });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.of(leg, 'AgentRingStarted').length > 0, 'rings');
    hotline.killController();
    phone.answers();
    hotline.pass(60_000);
    startBlind(hotline, 2_000);
    expect(hotline.agent('1001')).toBe('on-call');
    expect(hotline.of(leg, 'AgentRingEnded').map((e) => e.result)).toEqual(['answered']);
    phone.hangsUp();
    hotline.untilEnded(leg);
    nothingLeft(hotline);
  });

  test('nobody is rung in vain: a waiting caller and an agent who becomes ready are brought together when it is up', () => {
    const hotline = simulateHotline();
    hotline.signIn('1001', { answerAfterMs: 500, hangUpAfterMs: 1_000 });
    hotline.setAgent('1001', { kind: 'not-ready', reason: 'break' });
    const leg = hotline.callForAPerson();
    hotline.killController();
    hotline.pass(awayMs);
    hotline.restartController();
    hotline.setAgent('1001', { kind: 'ready' });
    hotline.pass(1_000);
    hotline.telephony.connects();
    hotline.untilEnded(leg);
    expect(hotline.of(leg, 'AgentRingEnded').filter((e) => e.result === 'failed')).toEqual([]);
    expect(hotline.record(leg)).toMatchObject({ outcome: 'answered', agent: '1001' });
  });

  test('a caller whose listening time passed meanwhile hears the menu again, and is not led on unheard', () => {
    const hotline = simulateHotline();
    const leg = hotline.call();
    hotline.until(() => hotline.engine.state.world.timers.has(`listen/${leg}` as never), 'the menu listens');
    hotline.killController();
    hotline.pass(60_000);
    startBlind(hotline, 20_000);
    expect(hotline.of(leg, 'MenuAttemptFailed')).toEqual([]);
    expect(hotline.engine.state.world.calls.get(leg as never)?.node).toBe('main-menu');
    hotline.telephony.callerHangsUp(leg);
    hotline.untilEnded(leg);
  });
});

describe('what became of the legs while the controller was away', () => {
  const away = (hotline: SimulatedHotline, fates: readonly LegFate[]) => {
    hotline.restartController();
    hotline.engine.fact({ kind: 'node-up', nodeId: asId('n1'), liveLegs: [], fates });
  };

  test('the agent hung up, then the caller was taken to the fallback: talked until the agent hung up, and is not hung up on', () => {
    const hotline = simulateHotline();
    hotline.signIn('1001', { answerAfterMs: 500 });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.agent('1001') === 'on-call', 'talking');
    const connected = hotline.of(leg, 'CallConnected')[0];
    hotline.killController();
    hotline.pass(20_000);
    const at = (ms: number) => instant((connected?.at ?? 0) + ms);
    away(hotline, [
      { legId: leg, at: at(12_000), kind: 'taken-to-fallback' },
      { legId: connected?.agentLegId as LegId, at: at(3_000), kind: 'ended', reason: 'normal' },
    ]);
    expect(hotline.of(leg, 'ConversationEnded')).toMatchObject([{ talkMs: 3_000, releasedBy: 'agent' }]);
    expect(hotline.of(leg, 'LegHangUpRequested')).toEqual([]);
    expect(hotline.of(leg, 'CallTakenToFallback')).toMatchObject([{ at: at(12_000) }]);
    expect(hotline.engine.state.world.calls.size).toBe(0);
    hotline.until(() => hotline.agent('1001') === 'available', 'wrap-up ends');
  });
});
