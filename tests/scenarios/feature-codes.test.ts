import { expect, test } from 'vitest';
import { type SimulatedHotline, simulateHotline } from '../support/simulated-hotline.ts';

const dial = (hotline: SimulatedHotline, agent: string, number: string) =>
  hotline.telephony.callerDials({ number, from: agent, source: 'agent', account: agent });
const registered = (agents: string[]) => {
  const hotline = simulateHotline();
  for (const agent of agents) hotline.telephony.phone(agent).registers();
  hotline.pass(20);
  return hotline;
};

test('*11 makes ready when its call is over, so that the phone is free for the caller it will be rung for', () => {
  const hotline = registered(['1001']);
  const leg = dial(hotline, '1001', '*11');
  hotline.until(() => hotline.of(leg, 'PromptStarted').length > 0, 'confirmation');
  expect(hotline.of(leg, 'PromptStarted')[0]?.prompts).toEqual(['agent-ready']);
  expect(hotline.agent('1001')).toBe('signed-out');
  hotline.untilEnded(leg);
  expect(hotline.agent('1001')).toBe('available');
  expect(hotline.record(leg)).toMatchObject({ outcome: 'self_served', hotline: null, dialledNumber: '*11' });
});

test('hanging up before the confirmation ends is enough', () => {
  const hotline = registered(['1001']);
  const leg = dial(hotline, '1001', '*11');
  hotline.until(() => hotline.of(leg, 'PromptStarted').length > 0, 'confirmation');
  hotline.telephony.callerHangsUp(leg);
  hotline.untilEnded(leg);
  expect(hotline.agent('1001')).toBe('available');
});

test('*12 and *10 act at once', () => {
  const hotline = registered(['1001']);
  hotline.untilEnded(dial(hotline, '1001', '*11'));
  const away = dial(hotline, '1001', '*12');
  hotline.until(() => hotline.of(away, 'PromptStarted').length > 0, 'confirmation');
  expect(hotline.agent('1001')).toBe('not-ready');
  hotline.untilEnded(away);
  hotline.untilEnded(dial(hotline, '1001', '*10'));
  expect(hotline.agent('1001')).toBe('signed-out');
});

test('*11 during wrap-up ends it early, and the handle time says so', () => {
  const hotline = registered([]);
  const phone = hotline.signIn('1001', { answerAfterMs: 100 });
  const call = hotline.callForAPerson();
  hotline.until(() => hotline.agent('1001') === 'on-call', 'talking');
  phone.hangsUp();
  hotline.untilEnded(call);
  hotline.pass(1_000);
  hotline.untilEnded(dial(hotline, '1001', '*11'));
  expect(hotline.agent('1001')).toBe('available');
  expect(hotline.of(call, 'WrapUpEnded')[0]).toMatchObject({ because: 'agent-finished' });
  expect(hotline.record(call).wrapUpMs).toBeLessThan(10_000);
});

test('the codes are for agents: a caller who dials one is told that the number is not in service', () => {
  const hotline = registered([]);
  const leg = hotline.call('*11');
  hotline.untilEnded(leg);
  expect(hotline.of(leg, 'PromptStarted')[0]?.prompts).toEqual(['number-not-in-service']);
  expect(hotline.record(leg).outcome).toBe('failed');
});

test('a phone whose number is no agent of this centre is told so', () => {
  const hotline = registered([]);
  const leg = dial(hotline, '4711', '*11');
  hotline.untilEnded(leg);
  expect(hotline.of(leg, 'PromptStarted')[0]?.prompts).toEqual(['agent-unknown']);
  expect(hotline.record(leg).outcome).toBe('failed');
});

test("an agent's browser account signs the agent in", () => {
  const hotline = registered([]);
  hotline.telephony.phone('1002', 'web').registers();
  hotline.pass(20);
  hotline.untilEnded(
    hotline.telephony.callerDials({ number: '*11', from: '1002', source: 'agent', account: '1002-web' }),
  );
  expect(hotline.agent('1002')).toBe('available');
});
