import { describe, expect, test } from 'vitest';
import { asId } from '../../services/events/ids.ts';
import { inTheHandsOf, outsideNumber } from '../support/controlled-call.ts';
import { unmatchedEvents } from '../support/invariants.ts';
import { demoCentre, type SimulatedHotline, simulateHotline } from '../support/simulated-hotline.ts';

type Behaviour = Parameters<SimulatedHotline['telephony']['outside']>[1];

function nothingLeft(hotline: SimulatedHotline): void {
  hotline.pass(60_000);
  expect(hotline.telephony.live()).toEqual({ legs: [], bridges: [], playbacks: [] });
  expect(hotline.engine.state.world.calls.size).toBe(0);
  expect(unmatchedEvents(hotline.events)).toEqual([]);
  expect(inTheHandsOf(hotline, asId('')).broken()).toEqual([]);
  expect(hotline.bugs).toEqual([]);
  // No queue has had a part in it.
  expect(Object.values(hotline.engine.state.today.queues)).toEqual([]);
}

/** 1001 has asked for the number at the desk. */
async function dialled(
  behaviour: Behaviour,
  number = outsideNumber,
  options: Parameters<typeof simulateHotline>[0] = {},
) {
  const hotline = simulateHotline(options);
  const phone = hotline.signIn('1001', { answerAfterMs: 1_000 });
  hotline.telephony.outside(outsideNumber, behaviour);
  const asked = await inTheHandsOf(hotline, asId('')).ask({ kind: 'dial', number });
  hotline.pass(100);
  const leg = hotline.of(null, 'OutgoingStarted').at(-1)?.legId ?? asId('');
  return { hotline, phone, asked, leg, ...inTheHandsOf(hotline, leg) };
}
const results = (hotline: SimulatedHotline) => hotline.of(null, 'OutgoingEnded').map(({ result }) => result);

describe('an agent calls a number from the desk', () => {
  test('the phone rings first, then the number, which sees the hotline; both talk, and the agent wraps up', async () => {
    const { hotline, leg, together, legOf, outsideLeg } = await dialled({ answerAfterMs: 2_000 });
    expect(hotline.agent('1001')).toBe('ringing');
    hotline.pass(1_500);
    expect(hotline.agent('1001')).toBe('on-call');
    expect(hotline.of(leg, 'OutgoingDialled')).toMatchObject([{ callerId: '95598' }]);
    hotline.pass(3_000);
    expect(together(legOf('1001'), outsideLeg())).toBe(true);
    hotline.pass(20_000);
    hotline.telephony.callerHangsUp(outsideLeg());
    hotline.untilEnded(leg);
    expect(hotline.agent('1001')).toBe('wrapping-up');
    hotline.pass(30_000);
    const record = hotline.record(leg);
    expect(record).toMatchObject({ source: 'agent', agent: '1001', queue: null, outcome: 'answered' });
    expect(record).toMatchObject({
      callerNumber: '1001',
      dialledNumber: outsideNumber,
      releaseParty: 'caller',
    });
    expect(record.talkMs).toBeGreaterThanOrEqual(20_000);
    expect(record.wrapUpMs).toBeGreaterThan(0);
    nothingLeft(hotline);
  });

  test.each([
    ['is busy', { declineAfterMs: 500, as: 'busy' }, 'busy'],
    ['cannot be reached', { unreachable: true }, 'unreachable'],
    ['does not answer', { silent: true }, 'no-answer'],
  ] as const)('the number %s: the agent is free again', async (_, behaviour, result) => {
    const { hotline, leg } = await dialled(behaviour);
    hotline.untilEnded(leg);
    hotline.pass(100);
    expect(results(hotline)).toEqual([result]);
    expect(hotline.agent('1001')).toBe('available');
    expect(hotline.record(leg)).toMatchObject({ outcome: 'failed', talkMs: 0 });
    nothingLeft(hotline);
  });

  test('the agent does not answer the own phone: nobody is called', async () => {
    const { hotline, phone, leg } = await dialled({ silent: true });
    phone.declines();
    hotline.untilEnded(leg);
    expect(results(hotline)).toEqual(['agent-missed']);
    expect(hotline.of(leg, 'OutgoingDialled')).toEqual([]);
    nothingLeft(hotline);
  });

  test('the agent hangs up while it rings, or by command while they talk', async () => {
    const first = await dialled({ silent: true });
    first.hotline.pass(3_000);
    first.phone.hangsUp();
    first.hotline.untilEnded(first.leg);
    expect(results(first.hotline)).toEqual(['agent-left']);
    nothingLeft(first.hotline);
    const second = await dialled({ answerAfterMs: 500 });
    second.hotline.pass(5_000);
    await second.does({ kind: 'hang-up' });
    second.hotline.untilEnded(second.leg);
    expect(second.hotline.record(second.leg)).toMatchObject({ outcome: 'answered', releaseParty: 'agent' });
    nothingLeft(second.hotline);
  });

  test.each([
    ['00861234567', 'number-not-allowed'],
    ['1002', 'target-unavailable'],
  ])('%s is refused: %s', async (number, code) => {
    const { asked, hotline } = await dialled({ silent: true }, number);
    expect(asked).toMatchObject({ ok: false, code });
    expect(hotline.of(null, 'CallArrived')).toEqual([]);
  });

  test.each([1_050, 2_500, 8_000])(
    'the controller is killed %i ms after: nobody is left on the line',
    async (ms) => {
      const { hotline, leg } = await dialled({ answerAfterMs: 2_000, hangUpAfterMs: 20_000 });
      hotline.pass(ms);
      hotline.killController();
      hotline.pass(3_000);
      hotline.startController();
      hotline.untilEnded(leg);
      nothingLeft(hotline);
      expect(hotline.agent('1001')).toBe('available');
    },
  );
});

test('the wrap-up after it is as long as the centre says', async () => {
  const centre = { ...demoCentre, outbound: { ...demoCentre.outbound, wrapUpMs: 45_000 } };
  const { hotline, leg, outsideLeg } = await dialled({ answerAfterMs: 1_000 }, outsideNumber, { centre });
  hotline.pass(5_000);
  hotline.telephony.callerHangsUp(outsideLeg());
  hotline.untilEnded(leg);
  hotline.pass(44_000);
  expect(hotline.agent('1001')).toBe('wrapping-up');
  hotline.pass(1_500);
  expect(hotline.agent('1001')).toBe('available');
});

test("the phone's transfer key in a call of their own is refused, and both talk on", async () => {
  const { hotline, phone, leg, together, legOf, outsideLeg } = await dialled({ answerAfterMs: 1_000 });
  hotline.pass(5_000);
  phone.asksTransfer('1002');
  hotline.pass(100);
  expect(phone.transfer()).toBe('refused');
  expect(together(legOf('1001'), outsideLeg())).toBe(true);
  hotline.telephony.callerHangsUp(outsideLeg());
  hotline.untilEnded(leg);
  nothingLeft(hotline);
});

test('who is signed out calls nobody from the desk either, though the phone is there', async () => {
  const hotline = simulateHotline();
  hotline.signIn('1001', { answerAfterMs: 1_000 });
  hotline.setAgent('1001', { kind: 'signed-out' });
  const asked = await inTheHandsOf(hotline, asId('')).ask({ kind: 'dial', number: outsideNumber });
  expect(asked).toMatchObject({ ok: false, code: 'not-now' });
  expect(hotline.of(null, 'CallArrived')).toEqual([]);
});

describe('an agent dials a number on the phone itself', () => {
  function dials(number: string, behaviour: Behaviour = { answerAfterMs: 2_000 }) {
    const hotline = simulateHotline();
    hotline.signIn('1001', { silent: true });
    const colleague = hotline.signIn('1002', { silent: true });
    hotline.telephony.outside(outsideNumber, behaviour);
    const leg = hotline.telephony.callerDials({ number, from: '1001', source: 'agent' });
    hotline.pass(200);
    return { hotline, leg, colleague, ...inTheHandsOf(hotline, leg) };
  }

  test('an outside number that may be called: both talk, the agent is on call and wraps up', () => {
    const { hotline, leg, together, outsideLeg } = dials(outsideNumber);
    expect(hotline.agent('1001')).toBe('on-call');
    hotline.pass(3_000);
    expect(together(leg, outsideLeg())).toBe(true);
    hotline.telephony.callerHangsUp(leg);
    hotline.untilEnded(leg);
    expect(hotline.agent('1001')).toBe('wrapping-up');
    hotline.pass(30_000);
    expect(hotline.record(leg)).toMatchObject({ source: 'agent', agent: '1001', outcome: 'answered' });
    nothingLeft(hotline);
  });

  test("a colleague's number: both talk, and neither wraps up", () => {
    const { hotline, leg, colleague, together, legOf } = dials('1002');
    expect(hotline.agent('1002')).toBe('ringing');
    colleague.answers();
    hotline.pass(200);
    expect(together(leg, legOf('1002'))).toBe(true);
    expect(hotline.agent('1002')).toBe('on-call');
    colleague.hangsUp();
    hotline.untilEnded(leg);
    hotline.pass(100);
    expect([hotline.agent('1001'), hotline.agent('1002')]).toEqual(['available', 'available']);
    nothingLeft(hotline);
  });

  test('taken to the fallback while the controller was away: the agent is free again', () => {
    const { hotline, leg } = dials(outsideNumber, { silent: true });
    hotline.engine.fact({ kind: 'taken-to-fallback', legId: leg });
    hotline.pass(1_000);
    expect(results(hotline)).toEqual(['failed']);
    expect(hotline.agent('1001')).toBe('available');
    expect(hotline.bugs).toEqual([]);
  });

  test('a number that must not be called: told so, as for any unknown number', () => {
    const { hotline, leg } = dials('00861234567');
    hotline.untilEnded(leg);
    expect(hotline.of(leg, 'PromptStarted')).toMatchObject([{ prompts: ['number-not-in-service'] }]);
    expect(hotline.record(leg)).toMatchObject({ outcome: 'failed' });
  });
});
