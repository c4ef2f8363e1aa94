import { describe, expect, test } from 'vitest';
import type { LegId } from '../../services/events/ids.ts';
import { flowOf, flowsOf } from '../support/flow-of.ts';
import { demoCentre, type SimulatedHotline, simulateHotline } from '../support/simulated-hotline.ts';

const number = '13900139000';
const flowTo = (to: string) =>
  flowsOf(
    flowOf({
      on: { kind: 'transfer', prompts: ['moment-please'], to, ringSeconds: 20, onFailure: 'sorry' },
      sorry: { kind: 'announce', prompts: ['nobody-there'], next: 'goodbye' },
      goodbye: { kind: 'hang-up', prompts: ['goodbye'], outcome: 'failed' },
    }),
  );
const flows = flowTo(number);

const nodes = (hotline: SimulatedHotline, leg: LegId) =>
  hotline.of(leg, 'FlowNodeEntered').map(({ node }) => node);
const nothingLeft = (hotline: SimulatedHotline) => {
  expect(hotline.telephony.live()).toEqual({ legs: [], bridges: [], playbacks: [] });
  expect(hotline.engine.state.world.calls.size).toBe(0);
  expect(hotline.bugs).toEqual([]);
};
function outside(hotline: SimulatedHotline): LegId {
  const leg = hotline.telephony.outsideLeg(number);
  if (!leg) throw new Error('the outside number is not being called');
  return leg;
}
/** Calls, and is put through. */
function throughTo(hotline: SimulatedHotline): LegId {
  hotline.telephony.outside(number, { answerAfterMs: 3_000 });
  const leg = hotline.call();
  hotline.until(() => hotline.of(leg, 'TransferConnected').length > 0, 'put through');
  hotline.pass(100);
  return leg;
}
const talk = (hotline: SimulatedHotline, leg: LegId) =>
  expect(hotline.telephony.hears(leg).with).toEqual([outside(hotline)]);

describe('a caller is put through to an outside number', () => {
  test('hears music until the other side answers; then both talk, and the record says so', () => {
    const hotline = simulateHotline({ flows });
    hotline.telephony.outside(number, { silent: true });
    const leg = hotline.call();
    hotline.until(() => hotline.of(leg, 'TransferRequested').length > 0, 'dialled');
    hotline.pass(1_000);
    expect(hotline.telephony.hears(leg).music).toBe(true);
    expect(hotline.of(leg, 'TransferRequested')).toMatchObject([{ number, callerId: '95598' }]);
    hotline.telephony.outsideAnswers(number);
    hotline.pass(100);
    talk(hotline, leg);
    expect(hotline.telephony.hears(leg).music).toBe(false);
    hotline.pass(30_000);
    hotline.telephony.callerHangsUp(leg);
    hotline.untilEnded(leg);
    hotline.pass(1_000);
    expect(hotline.record(leg)).toMatchObject({
      outcome: 'self_served',
      releaseParty: 'caller',
      transfers: 1,
    });
    expect(hotline.of(leg, 'TransferEnded')).toMatchObject([{ result: 'connected' }]);
    expect(hotline.of(leg, 'TransferEnded')[0]?.talkMs).toBeGreaterThanOrEqual(30_000);
    nothingLeft(hotline);
  });

  test('the other side hangs up: the call is over', () => {
    const hotline = simulateHotline({ flows });
    const leg = throughTo(hotline);
    hotline.telephony.callerHangsUp(outside(hotline));
    hotline.untilEnded(leg);
    expect(hotline.record(leg)).toMatchObject({ outcome: 'self_served', releaseParty: 'system' });
    nothingLeft(hotline);
  });

  test('keys go to the other side, not to the flow', () => {
    const hotline = simulateHotline({ flows });
    const leg = throughTo(hotline);
    hotline.telephony.callerPresses(leg, '0');
    hotline.pass(100);
    expect(hotline.of(leg, 'DigitPressed')).toMatchObject([{ digit: '0', result: 'ignored' }]);
    talk(hotline, leg);
  });

  test.each([
    ['refuses', { declineAfterMs: 500 } as const, 'busy'],
    ['cannot be reached', { unreachable: true } as const, 'unreachable'],
    ['does not answer', { silent: true } as const, 'no-answer'],
  ])('the other side %s: the flow goes on', (_, behaviour, result) => {
    const hotline = simulateHotline({ flows });
    hotline.telephony.outside(number, behaviour);
    const leg = hotline.call();
    hotline.untilEnded(leg);
    expect(hotline.of(leg, 'TransferEnded')).toMatchObject([{ result, talkMs: 0 }]);
    expect(nodes(hotline, leg)).toEqual(['on', 'sorry', 'goodbye']);
    expect(hotline.record(leg)).toMatchObject({ outcome: 'failed', transfers: 0 });
    nothingLeft(hotline);
  });

  test('a caller who hangs up meanwhile: the other phone stops ringing', () => {
    const hotline = simulateHotline({ flows });
    hotline.telephony.outside(number, { silent: true });
    const leg = hotline.call();
    hotline.until(() => hotline.telephony.outsideLeg(number) !== null, 'rings');
    hotline.pass(1_000);
    hotline.telephony.callerHangsUp(leg);
    hotline.untilEnded(leg);
    hotline.pass(1_000);
    expect(hotline.of(leg, 'TransferEnded')).toMatchObject([{ result: 'caller-left' }]);
    expect(hotline.record(leg)).toMatchObject({ outcome: 'abandoned_in_ivr' });
    nothingLeft(hotline);
  });

  test.each([
    ['no pattern lets it pass', '00861234567', {}],
    ['it is no number', 'x;1390013900', {}],
    ['it only looks like one that may be called', `${number}99`, {}],
  ])('a number is not dialled when %s, and the timeline says so', (_, to) => {
    const hotline = simulateHotline({ flows: flowTo(to) });
    const leg = hotline.call();
    hotline.untilEnded(leg);
    expect(hotline.of(leg, 'TransferRequested')).toEqual([]);
    expect(hotline.of(leg, 'OrderFailed')).toMatchObject([
      { order: 'dial-out', reason: expect.stringContaining('outbound.numbers') },
    ]);
    expect(nodes(hotline, leg)).toEqual(['on', 'sorry', 'goodbye']);
  });

  test('a centre that names no numbers calls nobody', () => {
    const centre = { ...demoCentre, outbound: { ...demoCentre.outbound, numbers: [] } };
    const hotline = simulateHotline({ flows, centre });
    const leg = hotline.call();
    hotline.untilEnded(leg);
    expect(hotline.of(leg, 'TransferRequested')).toEqual([]);
  });
});

describe('the controller is killed around a transfer', () => {
  const killed = (hotline: SimulatedHotline, meanwhile: () => void = () => undefined) => {
    hotline.killController();
    hotline.pass(1_000);
    meanwhile();
    hotline.pass(2_000);
    hotline.startController();
    hotline.pass(100);
  };

  test('in the conversation: it goes on', () => {
    const hotline = simulateHotline({ flows });
    const leg = throughTo(hotline);
    killed(hotline);
    talk(hotline, leg);
    hotline.telephony.callerHangsUp(leg);
    hotline.untilEnded(leg);
    hotline.pass(1_000);
    nothingLeft(hotline);
  });

  test('while the phone rings, and it is answered meanwhile: both talk', () => {
    const hotline = simulateHotline({ flows });
    hotline.telephony.outside(number, { silent: true });
    const leg = hotline.call();
    hotline.until(() => hotline.telephony.outsideLeg(number) !== null, 'rings');
    killed(hotline, () => hotline.telephony.outsideAnswers(number));
    talk(hotline, leg);
    expect(hotline.of(leg, 'TransferConnected')).toHaveLength(1);
  });

  test('the order to dial was never sent: the caller is told anew, and put through', () => {
    const hotline = simulateHotline({ flows });
    hotline.telephony.outside(number, { answerAfterMs: 500 });
    const leg = hotline.call();
    hotline.until(() => hotline.of(leg, 'PromptStarted').length > 0, 'told');
    hotline.muzzle(true);
    hotline.until(() => hotline.of(leg, 'TransferRequested').length > 0, 'decided');
    killed(hotline);
    hotline.until(() => hotline.of(leg, 'TransferConnected').length > 0, 'put through');
    hotline.pass(100);
    talk(hotline, leg);
    expect(nodes(hotline, leg)).toEqual(['on', 'on']);
  });

  test('the other side hangs up meanwhile: the call ends', () => {
    const hotline = simulateHotline({ flows });
    const leg = throughTo(hotline);
    killed(hotline, () => hotline.telephony.callerHangsUp(outside(hotline)));
    hotline.untilEnded(leg);
    nothingLeft(hotline);
  });

  test('Asterisk dies: the call ends, and so does what was begun', () => {
    const hotline = simulateHotline({ flows });
    const leg = throughTo(hotline);
    hotline.telephony.restarts();
    hotline.untilEnded(leg);
    expect(hotline.of(leg, 'TransferEnded')).toHaveLength(1);
    nothingLeft(hotline);
  });
});
