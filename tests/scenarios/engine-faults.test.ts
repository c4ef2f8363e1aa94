import { expect, test } from 'vitest';
import { asId } from '../../services/events/ids.ts';
import { simulateHotline } from '../support/simulated-hotline.ts';

test('a listener that fails is reported, and calls go on', () => {
  const hotline = simulateHotline();
  hotline.engine.onEvents(() => {
    throw new Error('broken board');
  });
  hotline.signIn('1001', { answerAfterMs: 500, hangUpAfterMs: 1_000 });
  const leg = hotline.callForAPerson();
  hotline.untilEnded(leg);
  expect(hotline.record(leg).outcome).toBe('answered');
  expect(String(hotline.bugs[0])).toContain('broken board');
});

test('an input that cannot be handled is reported, answered with a refusal, and the next one is handled', async () => {
  const hotline = simulateHotline();
  const broken = {
    kind: 'set-agent-state',
    agent: asId<never>('1001'),
    intent: null as never,
    by: '1001',
  } as const;
  hotline.signIn('1001', { silent: true });
  const answer = await hotline.engine.command(broken);
  expect(answer).toMatchObject({ ok: false });
  expect(hotline.bugs).toHaveLength(1);
  hotline.setAgent('1001', { kind: 'not-ready', reason: 'meal' });
  expect(hotline.agent('1001')).toBe('not-ready');
});

test('a controller that stood still first hears what happened meanwhile, then looks at its timers', () => {
  const hotline = simulateHotline();
  const phone = hotline.signIn('1001', { silent: true });
  const leg = hotline.callForAPerson();
  hotline.until(() => hotline.of(leg, 'AgentRingStarted').length > 0, 'rings');
  hotline.standStill(40_000, () => phone.answers());
  hotline.until(() => hotline.agent('1001') === 'on-call', 'the answer is heard');
  expect(hotline.of(leg, 'AgentRingEnded')).toMatchObject([{ result: 'answered' }]);
});
