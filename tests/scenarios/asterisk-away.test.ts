import { describe, expect, test } from 'vitest';
import { limitsMs } from '../../services/calls/timers.ts';
import type { LegId } from '../../services/events/ids.ts';
import { type SimulatedHotline, simulateHotline } from '../support/simulated-hotline.ts';

const talking = (hotline: SimulatedHotline): LegId => {
  const leg = hotline.callForAPerson();
  hotline.until(() => hotline.agent('1001') === 'on-call', 'talking');
  return leg;
};
const nothingLeft = (hotline: SimulatedHotline) => {
  expect(hotline.telephony.live()).toEqual({ legs: [], bridges: [], playbacks: [] });
  expect(hotline.engine.state.world.calls.size).toBe(0);
  expect(hotline.engine.state.world.legs.size).toBe(0);
  expect(hotline.bugs).toEqual([]);
};

describe('Asterisk cannot be reached', () => {
  test('a conversation is kept, and goes on when it is back', () => {
    const hotline = simulateHotline();
    const phone = hotline.signIn('1001', { answerAfterMs: 500 });
    const leg = talking(hotline);
    hotline.pass(10_000);
    hotline.telephony.disconnects('unreachable');
    hotline.pass(limitsMs.nodeInDoubt - 1_000);
    expect(hotline.agent('1001')).toBe('on-call');
    hotline.telephony.connects();
    hotline.pass(100);
    expect(hotline.agent('1001')).toBe('on-call');
    expect(hotline.telephony.hears(leg).with).toHaveLength(1);
    phone.hangsUp();
    hotline.untilEnded(leg);
    expect(hotline.record(leg)).toMatchObject({ outcome: 'answered', releaseParty: 'agent' });
    expect(hotline.record(leg).talkMs).toBeGreaterThan(limitsMs.nodeInDoubt);
    hotline.pass(20_000);
    nothingLeft(hotline);
  });

  test('nobody is rung, agents are shown unreachable, and both is over when it is back', () => {
    const hotline = simulateHotline();
    hotline.signIn('1001', { answerAfterMs: 500, hangUpAfterMs: 1_000 });
    hotline.signIn('1002', { silent: true });
    hotline.setAgent('1002', { kind: 'not-ready', reason: 'break' });
    hotline.telephony.disconnects('unreachable');
    hotline.pass(100);
    expect(hotline.agent('1001')).toBe('unreachable');
    expect(hotline.agent('1002')).toBe('not-ready');
    hotline.telephony.connects();
    hotline.until(() => hotline.agent('1001') === 'available', 'available again');
    hotline.untilEnded(hotline.callForAPerson());
  });

  test('a phone that rang is not judged: answered meanwhile, it is connected when Asterisk is back', () => {
    const hotline = simulateHotline();
    const phone = hotline.signIn('1001', { silent: true });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.of(leg, 'AgentRingStarted').length > 0, 'rings');
    hotline.telephony.disconnects('unreachable');
    phone.answers();
    hotline.pass(60_000);
    expect(hotline.of(leg, 'AgentRingEnded')).toEqual([]);
    hotline.telephony.connects();
    hotline.until(() => hotline.agent('1001') === 'on-call', 'connected');
    hotline.pass(50);
    expect(hotline.telephony.hears(leg).with).toHaveLength(1);
    expect(hotline.of(leg, 'AgentRingRequested')).toHaveLength(1);
  });

  test('a phone that rang out while Asterisk hung does not make its agent not ready', () => {
    const hotline = simulateHotline();
    hotline.signIn('1001', { silent: true });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.of(leg, 'AgentRingStarted').length > 0, 'rings');
    hotline.telephony.disconnects('unreachable');
    hotline.pass(5_000);
    hotline.telephony.connects();
    hotline.until(() => hotline.of(leg, 'AgentRingEnded').length > 0, 'the ring ends');
    expect(hotline.of(leg, 'AgentRingEnded')).toMatchObject([{ result: 'failed' }]);
    hotline.until(() => hotline.agent('1001') === 'ringing', 'rings again');
    hotline.until(() => hotline.of(leg, 'AgentRingEnded').length > 1, 'misses it');
    expect(hotline.agent('1001')).toBe('not-ready');
  });

  test('a phone that rang when Asterisk hung, and of which a refusal is told afterwards, does not make its agent not ready', () => {
    const hotline = simulateHotline();
    const phone = hotline.signIn('1001', { silent: true });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.of(leg, 'AgentRingStarted').length > 0, 'rings');
    hotline.telephony.disconnects('unreachable');
    hotline.pass(1_000);
    hotline.telephony.connects();
    phone.declines();
    hotline.until(() => hotline.of(leg, 'AgentRingEnded').length > 0, 'the ring ends');
    expect(hotline.of(leg, 'AgentRingEnded')).toMatchObject([{ result: 'failed' }]);
    hotline.until(() => hotline.agent('1001') === 'ringing', 'rings again');
    phone.declines();
    hotline.until(() => hotline.of(leg, 'AgentRingEnded').length > 1, 'refuses');
    expect(hotline.agent('1001')).toBe('not-ready');
  });

  test('a caller who waits keeps place and waiting time; a wait that became too long ends when it is back', () => {
    const hotline = simulateHotline();
    const leg = hotline.callForAPerson();
    const { waitUntil } = hotline.of(leg, 'CallQueued')[0] ?? expect.fail('not queued');
    hotline.pass(waitUntil - hotline.time.now() - 60_000);
    hotline.telephony.disconnects('unreachable');
    hotline.pass(120_000);
    expect(hotline.stage(leg)).toBe('waiting');
    hotline.telephony.connects();
    hotline.untilEnded(leg);
    expect(hotline.visits(leg)).toMatchObject([{ outcome: 'flow_out', flowOutReason: 'max-wait' }]);
    nothingLeft(hotline);
  });

  test('it has died: its calls end as of the last contact, and the agent is free', () => {
    const hotline = simulateHotline();
    hotline.signIn('1001', { answerAfterMs: 500 });
    const leg = talking(hotline);
    hotline.pass(10_000);
    hotline.telephony.disconnects('unreachable');
    hotline.pass(45_000);
    hotline.telephony.restarts();
    hotline.telephony.connects();
    hotline.until(() => hotline.agent('1001') === 'available', 'free');
    const { outcome, releaseParty, talkMs } = hotline.record(leg);
    expect({ outcome, releaseParty }).toEqual({ outcome: 'answered', releaseParty: 'system' });
    expect(talkMs).toBeGreaterThanOrEqual(10_000);
    expect(talkMs).toBeLessThan(11_000);
    nothingLeft(hotline);
  });

  test('it stays away: its calls are closed as of the last contact, once, and agents are not busy any more', () => {
    const hotline = simulateHotline();
    hotline.signIn('1001', { answerAfterMs: 500 });
    const conversation = talking(hotline);
    hotline.signIn('1002', { silent: true });
    const ringing = hotline.callForAPerson('13800000002');
    hotline.until(() => hotline.of(ringing, 'AgentRingStarted').length > 0, 'rings');
    const waiting = hotline.callForAPerson('13800000003');
    const inMenu = hotline.call('95598', '13800000004');
    hotline.until(() => hotline.stage(inMenu) === 'ivr', 'menu');
    hotline.telephony.disconnects('unreachable');
    const lostAt = Math.floor(hotline.time.now());
    hotline.pass(limitsMs.nodeInDoubt + 60_000);
    for (const leg of [conversation, ringing, waiting, inMenu])
      expect(hotline.of(leg, 'CallEnded').map(({ at }) => at)).toEqual([lostAt]);
    for (const agent of ['1001', '1002']) expect(hotline.agent(agent)).toBe('unreachable');
    expect(hotline.record(conversation)).toMatchObject({ outcome: 'answered', releaseParty: 'system' });
    expect(hotline.visits(waiting)).toMatchObject([{ flowOutReason: 'service-lost' }]);
    hotline.telephony.connects();
    hotline.pass(30_000);
    expect(hotline.of(null, 'CallArrived')).toHaveLength(4);
    expect(hotline.of(null, 'CallEnded')).toHaveLength(4);
    nothingLeft(hotline);
  });

  test('the controller dies while it is away: the bound goes on', () => {
    const hotline = simulateHotline();
    hotline.signIn('1001', { answerAfterMs: 500 });
    const leg = talking(hotline);
    hotline.telephony.disconnects('unreachable');
    const lostAt = Math.floor(hotline.time.now());
    hotline.pass(60_000);
    hotline.killController();
    hotline.restartController();
    hotline.pass(limitsMs.nodeInDoubt);
    expect(hotline.of(leg, 'CallEnded').map(({ at }) => at)).toEqual([lostAt]);
    expect(hotline.agent('1001')).toBe('unreachable');
  });
});
