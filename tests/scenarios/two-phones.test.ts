import { expect, test } from 'vitest';
import { simulateHotline } from '../support/simulated-hotline.ts';

/** Agent 1001 with a SIP phone and a browser, available. */
function agentWithTwoPhones() {
  const hotline = simulateHotline();
  const sip = hotline.signIn('1001', { silent: true });
  const web = hotline.telephony.phone('1001', 'web');
  web.registers();
  hotline.pass(100);
  expect(hotline.engine.state.world.agents.get('1001' as never)?.devices).toEqual(['sip', 'web']);
  return { hotline, sip, web };
}
const rung = (hotline: ReturnType<typeof simulateHotline>) =>
  hotline.of(null, 'AgentRingRequested').map(({ device }) => device);

test('the SIP phone rings, the browser does not', () => {
  const { hotline, sip, web } = agentWithTwoPhones();
  const leg = hotline.callForAPerson();
  hotline.until(() => hotline.of(leg, 'AgentRingStarted').length > 0, 'a phone rings');
  expect(sip.leg()).not.toBeNull();
  expect(web.leg()).toBeNull();
  expect(rung(hotline)).toEqual(['sip']);
});

test('the SIP phone cannot be reached: the browser rings at once, and the agent stays available', () => {
  const { hotline, sip, web } = agentWithTwoPhones();
  sip.behaves({ unreachable: true });
  web.behaves({ answerAfterMs: 500, hangUpAfterMs: 1_000 });
  const leg = hotline.callForAPerson();
  hotline.until(() => hotline.of(leg, 'CallConnected').length > 0, 'connected');
  expect(rung(hotline)).toEqual(['sip', 'web']);
  const [first, second] = hotline.of(leg, 'AgentRingRequested');
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeLessThan(100);
  expect(hotline.of(null, 'AgentStateChanged').map(({ state }) => state)).not.toContain('unreachable');
  hotline.untilEnded(leg);
  expect(hotline.record(leg)).toMatchObject({ outcome: 'answered', agent: '1001' });
});

test('neither phone can be reached: both are tried, and after three rings in vain the agent is not ready', () => {
  const { hotline, sip, web } = agentWithTwoPhones();
  sip.behaves({ unreachable: true });
  web.behaves({ unreachable: true });
  hotline.callForAPerson();
  hotline.until(() => hotline.agent('1001') === 'not-ready', 'not ready');
  expect(rung(hotline)).toEqual(['sip', 'web', 'sip']);
});
