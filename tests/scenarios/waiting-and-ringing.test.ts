import { describe, expect, test } from 'vitest';
import { demoCentre, simulateHotline } from '../support/simulated-hotline.ts';

describe('waiting', () => {
  test('caller hangs up while waiting: abandoned in the queue', () => {
    const hotline = simulateHotline();
    const leg = hotline.callForAPerson();
    hotline.pass(30_000);
    expect(hotline.telephony.hears(leg).music).toBe(true);
    hotline.telephony.callerHangsUp(leg);
    hotline.untilEnded(leg);
    expect(hotline.record(leg)).toMatchObject({
      outcome: 'abandoned_in_queue',
      releaseParty: 'caller',
      agent: null,
    });
    const [visit] = hotline.visits(leg);
    expect(visit).toMatchObject({ outcome: 'abandoned', agent: null });
    expect(visit?.waitMs).toBeGreaterThan(29_900);
  });

  test('nobody comes for the whole waiting time: apology, flow-out, failed', () => {
    const hotline = simulateHotline();
    const leg = hotline.callForAPerson();
    hotline.untilEnded(leg);
    expect(hotline.record(leg)).toMatchObject({ outcome: 'failed', releaseParty: 'system' });
    expect(hotline.visits(leg)).toMatchObject([{ outcome: 'flow_out', flowOutReason: 'max-wait' }]);
  });

  test('callers are served in the order they came', () => {
    const hotline = simulateHotline();
    const legs = ['13800000001', '13800000002', '13800000003'].map((from) => hotline.callForAPerson(from));
    hotline.signIn('1001', { answerAfterMs: 100, hangUpAfterMs: 1_000 });
    for (const leg of legs) hotline.untilEnded(leg);
    expect(hotline.of(null, 'CallConnected').map((e) => e.callId)).toEqual(legs);
  });

  test('two agents become free at once: the caller is rung once, by the agent with the lower number', () => {
    const hotline = simulateHotline();
    for (const agent of ['1003', '1002']) {
      hotline.telephony.phone(agent).behaves({ answerAfterMs: 500 });
      hotline.telephony.phone(agent).registers();
    }
    const leg = hotline.callForAPerson();
    hotline.setAgent('1003', { kind: 'ready' });
    hotline.setAgent('1002', { kind: 'ready' });
    hotline.until(() => hotline.of(leg, 'CallConnected').length > 0, 'connected');
    expect(hotline.of(leg, 'AgentRingRequested')).toHaveLength(1);
    expect([hotline.agent('1002'), hotline.agent('1003')].sort()).toEqual(['available', 'on-call']);
  });
});

describe('ringing', () => {
  test('a ring of which nothing was ever heard was not missed by anybody: the phone is looked at again, and rung', () => {
    const hotline = simulateHotline();
    hotline.signIn('1001', { answerAfterMs: 500 });
    hotline.setAgent('1001', { kind: 'not-ready', reason: 'break' });
    const leg = hotline.callForAPerson();
    hotline.muzzle(true);
    hotline.setAgent('1001', { kind: 'ready' });
    hotline.until(() => hotline.of(leg, 'AgentRingEnded').length > 0, 'the ring is given up');
    expect(hotline.of(leg, 'AgentRingEnded')).toMatchObject([{ result: 'failed' }]);
    expect(hotline.agent('1001')).toBe('unreachable');
    hotline.muzzle(false);
    hotline.until(() => hotline.agent('1001') === 'on-call', 'rung again, and answered');
    expect(hotline.bugs).toEqual([]);
  });

  test("caller hangs up while the agent's phone rings: agent returns to available, call counts as abandoned", () => {
    const hotline = simulateHotline();
    hotline.signIn('1001', { silent: true });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.of(leg, 'AgentRingStarted').length > 0, 'the phone rings');
    hotline.pass(3_000);
    hotline.telephony.callerHangsUp(leg);
    hotline.until(() => hotline.agent('1001') === 'available', 'the agent is free again');
    expect(hotline.record(leg)).toMatchObject({
      outcome: 'abandoned_in_queue',
      agent: null,
      releaseParty: 'caller',
    });
    expect(hotline.of(leg, 'AgentRingEnded')).toMatchObject([{ result: 'caller-left', agent: '1001' }]);
    expect(hotline.engine.state.world.agents.get('1001' as never)?.missedRings).toBe(0);
    expect(hotline.telephony.live().legs).toEqual([]);
  });

  test('agent answers at the very moment the caller leaves: whoever is heard first wins, and nothing is left over', () => {
    const winners = new Set<string>();
    for (let seed = 1; seed <= 40; seed++) {
      const hotline = simulateHotline({ seed });
      const phone = hotline.signIn('1001', { silent: true });
      const leg = hotline.callForAPerson();
      hotline.until(() => hotline.of(leg, 'AgentRingStarted').length > 0, 'the phone rings');
      phone.answers();
      hotline.telephony.callerHangsUp(leg);
      hotline.untilEnded(leg);
      const outcome = hotline.record(leg).outcome;
      winners.add(String(outcome));
      hotline.until(() => hotline.agent('1001') === 'available', 'the agent is free again');
      expect(['answered', 'abandoned_in_queue'], `seed ${seed}`).toContain(outcome);
      expect(hotline.visits(leg)).toHaveLength(1);
      expect(hotline.visits(leg)[0]?.outcome).toBe(outcome === 'answered' ? 'answered' : 'abandoned');
      hotline.pass(60_000);
      expect(hotline.telephony.live(), `seed ${seed}`).toEqual({ legs: [], bridges: [], playbacks: [] });
      expect(hotline.bugs).toEqual([]);
    }
    expect([...winners].sort()).toEqual(['abandoned_in_queue', 'answered']);
  });

  test('agent does not answer: not ready for ring-no-answer, and the next agent is rung while the caller keeps the place', () => {
    const hotline = simulateHotline();
    hotline.signIn('1001', { silent: true });
    hotline.pass(1_000);
    hotline.signIn('1002', { answerAfterMs: 1_000 });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.of(leg, 'CallConnected').length > 0, 'connected');
    expect(hotline.of(leg, 'AgentRingEnded').map((e) => [e.agent, e.result])).toEqual([
      ['1001', 'no-answer'],
      ['1002', 'answered'],
    ]);
    expect(hotline.agent('1001')).toBe('not-ready');
    expect(hotline.engine.state.world.agents.get('1001' as never)?.intent).toEqual({
      kind: 'not-ready',
      reason: 'ring-no-answer',
    });
    expect(hotline.visits(leg)).toHaveLength(1);
  });

  test('agent declines: not ready, the caller goes on waiting', () => {
    const hotline = simulateHotline();
    hotline.signIn('1001', { declineAfterMs: 500 });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.agent('1001') === 'not-ready', 'declined');
    expect(hotline.of(leg, 'AgentRingEnded')).toMatchObject([{ result: 'declined' }]);
    expect(hotline.stage(leg)).toBe('waiting');
  });

  test("agent's phone is in use without the service knowing of it: nobody has declined, it is tried again", () => {
    const hotline = simulateHotline();
    const phone = hotline.signIn('1001', { inUse: true });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.of(leg, 'AgentRingEnded').length === 1, 'busy');
    expect(hotline.of(leg, 'AgentRingEnded')).toMatchObject([{ result: 'unreachable' }]);
    expect(hotline.agent('1001')).toBe('unreachable');
    phone.behaves({ answerAfterMs: 100 });
    hotline.until(() => hotline.agent('1001') === 'on-call', 'rung again and answered');
  });

  test("agent's phone cannot be reached: unreachable, and available again when the phone comes back", () => {
    const hotline = simulateHotline();
    const phone = hotline.signIn('1001', { unreachable: true });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.agent('1001') === 'unreachable', 'unreachable');
    expect(hotline.of(leg, 'AgentRingEnded')).toMatchObject([{ result: 'unreachable' }]);
    phone.unregisters();
    hotline.pass(1_000);
    phone.behaves({ answerAfterMs: 100 });
    phone.registers();
    hotline.until(() => hotline.agent('1001') === 'on-call', 'rung again and answered');
    expect(hotline.record(leg).agent).toBe('1001');
  });

  test("agent's phone vanishes in mid-call: the caller is told and served next, ahead of those who wait", () => {
    const hotline = simulateHotline();
    const phone = hotline.signIn('1001', { answerAfterMs: 500 });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.agent('1001') === 'on-call', 'talking');
    const other = hotline.callForAPerson('13900000000');
    phone.vanishes();
    hotline.until(() => hotline.of(leg, 'ConversationEnded').length > 0, 'the loss is noticed');
    expect(hotline.of(leg, 'ConversationEnded')[0]).toMatchObject({ releasedBy: 'system' });
    hotline.until(() => hotline.of(leg, 'CallQueued').length === 2, 'the caller is back in the queue');
    expect(hotline.of(leg, 'CallQueued')[1]).toMatchObject({ priority: 10, position: 1 });
    expect(hotline.of(leg, 'PromptStarted').at(-1)?.prompts).toEqual(['agent-lost']);
    hotline.signIn('1002', { answerAfterMs: 500 });
    hotline.until(() => hotline.of(leg, 'CallConnected').length === 2, 'served by another agent');
    expect(hotline.of(other, 'CallConnected')).toHaveLength(0);
    expect(hotline.record(leg).agent).toBe('1002');
    hotline.until(() => hotline.agent('1001') === 'unreachable', 'wrap-up ends, the phone is still gone');
  });
});

describe('the way into the queue', () => {
  test('the wait begins with the key, not after the words that follow it', () => {
    const hotline = simulateHotline();
    const leg = hotline.callForAPerson();
    const pressed = hotline.of(leg, 'DigitPressed')[0]?.at ?? 0;
    expect(hotline.of(leg, 'CallQueued')[0]?.at).toBe(pressed);
    hotline.pass(100);
    expect(hotline.telephony.hears(leg)).toMatchObject({ music: false });
    expect(hotline.telephony.hears(leg).playing).toHaveLength(1);
    hotline.pass(5_000);
    expect(hotline.telephony.hears(leg)).toMatchObject({ music: true, playing: [] });
  });

  test('a free agent is rung while the words are still being said, and cuts them short by answering', () => {
    const hotline = simulateHotline();
    hotline.signIn('1001', { answerAfterMs: 200 });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.of(leg, 'CallConnected').length > 0, 'connected');
    expect(hotline.visits(leg)[0]?.waitMs).toBeLessThan(1_000);
    expect(hotline.of(leg, 'PromptFinished').at(-1)?.result).toBe('interrupted');
    hotline.pass(100);
    expect(hotline.telephony.hears(leg)).toMatchObject({ music: false, playing: [] });
    expect(hotline.telephony.hears(leg).with).toHaveLength(1);
  });

  test('a full queue turns callers away at once, with the apology and nothing else', () => {
    const [id, definition] = [...demoCentre.queues][0] ?? [];
    if (!id || !definition) throw new Error('the demo centre has no queue');
    const queues = new Map(demoCentre.queues).set(id, { ...definition, maxWaiting: 1 });
    const hotline = simulateHotline({ centre: { ...demoCentre, queues } });
    hotline.callForAPerson('13800000001');
    const leg = hotline.callForAPerson('13800000002');
    hotline.untilEnded(leg);
    expect(hotline.visits(leg)).toMatchObject([
      { outcome: 'flow_out', flowOutReason: 'queue-full', waitMs: 0 },
    ]);
    expect(
      hotline
        .of(leg, 'PromptStarted')
        .map((e) => e.prompts)
        .slice(-2),
    ).toEqual([['queue-full-or-timeout'], ['goodbye']]);
    expect(hotline.record(leg).outcome).toBe('failed');
  });
});
