import { describe, expect, test } from 'vitest';
import { asId } from '../../services/events/ids.ts';
import { after, instant } from '../../services/events/instant.ts';
import { buildLiveView } from '../../services/runtime/build-live-view.ts';
import { CallerInFlow, everyKindHotline } from '../support/caller-in-flow.ts';
import { servedCentre } from '../support/served-centre.ts';
import { simulateHotline, startOfTest } from '../support/simulated-hotline.ts';
import { need } from '../support/small-router.ts';

const waits = (hotline: ReturnType<typeof everyKindHotline>, from?: string) => {
  const caller = new CallerInFlow(hotline, from);
  caller.hearsOut('main-menu');
  caller.presses('0');
  caller.isAt('person');
  return caller;
};

/** What the live view says of the queue that everybody here waits in. */
function nextWouldWaitMs(hotline: ReturnType<typeof everyKindHotline>): number | null | undefined {
  const { engine, centre, time, todayRules, events } = hotline;
  const queue = events.find((one) => one.type === 'CallQueued')?.queue;
  const view = buildLiveView(engine.state, centre, instant(time.now()), todayRules.localDay, new Map());
  return view.queues.find((one) => one.queue === queue)?.expectedWaitMs;
}

describe('while waiting', () => {
  test('told place and nothing that is not known, in the rhythm of the flow, with music in between', () => {
    const hotline = everyKindHotline();
    const [first, second] = [waits(hotline), waits(hotline, '13900000002')];
    const announcements = (caller: CallerInFlow) => hotline.of(caller.leg, 'WaitAnnounced');
    hotline.until(() => announcements(second).length > 0, 'told');
    const queuedAt = hotline.of(second.leg, 'CallQueued')[0]?.at ?? 0;
    expect((announcements(second)[0]?.at ?? 0) - queuedAt).toBe(20_000);
    expect(announcements(first)[0]).toMatchObject({ position: 1, expectedWaitMs: null });
    expect(announcements(second)[0]).toMatchObject({ position: 2, expectedWaitMs: null });
    expect(first.heard().slice(-1)).toEqual(['wait-next']);
    expect(second.heard().slice(-3)).toEqual(['wait-place', 'n-2', 'wait-place-end']);
    hotline.until(() => hotline.telephony.hears(second.leg).music, 'music again');
    hotline.pass(65_000);
    expect(announcements(second).map(({ at }) => at - queuedAt)).toEqual([20_000, 50_000, 80_000]);
  });

  test('the wait that is to be expected, once conversations have shown how long they take', () => {
    const hotline = everyKindHotline();
    // A second of ringing, 108 of talk, 10 of wrap-up: so long a caller occupies an agent.
    const phone = hotline.signIn('1001', { answerAfterMs: 1_000, hangUpAfterMs: 108_000 });
    const served = waits(hotline);
    hotline.until(() => hotline.of(served.leg, 'ConversationEnded').length > 0, 'served');
    hotline.until(() => hotline.agent('1001') === 'available', 'wrapped up');
    phone.behaves({ answerAfterMs: 1_000 });
    const talks = waits(hotline);
    hotline.until(() => hotline.agent('1001') === 'on-call', 'talking');
    const [first, second] = [waits(hotline), waits(hotline)];
    hotline.until(() => hotline.of(second.leg, 'WaitAnnounced').length > 0, 'told');
    const expected = (caller: CallerInFlow) =>
      Math.round((hotline.of(caller.leg, 'WaitAnnounced')[0]?.expectedWaitMs ?? 0) / 10_000);
    expect([expected(first), expected(second)]).toEqual([12, 24]);
    expect(second.heard().slice(-3)).toEqual(['wait-time', 'n-4', 'wait-time-minutes']);
    // Whoever joined now, behind both, as colleagues see it who pass a caller on.
    expect(Math.round((nextWouldWaitMs(hotline) ?? 0) / 10_000)).toBe(36);
    talks.hangsUp();
  });

  test('nothing is said while the phone of an agent rings', () => {
    const hotline = everyKindHotline();
    const caller = waits(hotline);
    hotline.pass(15_000);
    hotline.signIn('1001', { silent: true });
    hotline.until(() => hotline.stage(caller.leg) === 'waiting' && caller.call !== undefined, 'waits');
    hotline.pass(10_000);
    expect(hotline.agent('1001')).toBe('ringing');
    expect(hotline.of(caller.leg, 'WaitAnnounced')).toEqual([]);
    hotline.pass(15_000);
    expect(hotline.of(caller.leg, 'WaitAnnounced').length).toBe(1);
  });

  test('a key leaves the queue for what the flow offers: flowed out by choice, and not a failure of ours', () => {
    const hotline = everyKindHotline();
    const caller = waits(hotline);
    hotline.pass(5_000);
    caller.presses('7');
    expect(hotline.stage(caller.leg)).toBe('waiting');
    caller.presses('2');
    caller.isAt('main-menu');
    expect(hotline.visits(caller.leg)).toMatchObject([
      { outcome: 'flow_out', flowOutReason: 'caller-chose', agent: null },
    ]);
    expect(hotline.of(caller.leg, 'DigitPressed').map(({ result }) => result)).toEqual([
      'accepted',
      'ignored',
      'accepted',
    ]);
    caller.hangsUp();
    expect(caller.record()).toMatchObject({ outcome: 'abandoned_in_ivr', releaseParty: 'caller' });
  });

  test('a key pressed while the phone rings: the ring is given up, the agent is free for the next', () => {
    const hotline = everyKindHotline();
    hotline.signIn('1001', { silent: true });
    const caller = waits(hotline);
    hotline.until(() => hotline.agent('1001') === 'ringing', 'rings');
    caller.presses('2');
    caller.isAt('main-menu');
    expect(hotline.of(caller.leg, 'AgentRingEnded')).toMatchObject([{ result: 'caller-left' }]);
    hotline.until(() => hotline.agent('1001') === 'available', 'free');
    caller.hangsUp();
    expect(hotline.telephony.live()).toEqual({ legs: [], bridges: [], playbacks: [] });
  });

  test('the controller is killed: told again at the usual time, not at once and not never', () => {
    const hotline = everyKindHotline();
    const caller = waits(hotline);
    hotline.pass(10_000);
    hotline.killController();
    hotline.pass(3_000);
    hotline.startController();
    hotline.until(() => hotline.of(caller.leg, 'WaitAnnounced').length > 0, 'told');
    const queuedAt = hotline.of(caller.leg, 'CallQueued')[0]?.at ?? 0;
    expect((hotline.of(caller.leg, 'WaitAnnounced')[0]?.at ?? 0) - queuedAt).toBe(20_000);
  });
});

test('the board counts those who may serve a queue: by what it needs, while certificates last, and the reserve when called in', () => {
  const skilled = { skills: { billing: 2 as const } };
  const hotline = simulateHotline({
    centre: servedCentre(
      { 'power-service': { needs: [need('billing', 2)] } },
      {
        '1001': skilled,
        '1002': { skills: { billing: 1 } },
        '1003': { ...skilled, reserve: true },
        '1004': { ...skilled, expiresAt: after(instant(startOfTest), 60_000) },
      },
    ),
  });
  const { engine, centre, time, todayRules } = hotline;
  const mayServe = () =>
    buildLiveView(engine.state, centre, instant(time.now()), todayRules.localDay, new Map()).queues.find(
      ({ queue }) => queue === 'power-service',
    )?.mayServe;
  for (const agent of ['1001', '1002', '1003', '1004']) hotline.signIn(agent, { silent: true });
  expect(mayServe()).toEqual({ atWork: 2, free: 2 });
  void engine.command({ kind: 'call-in-reserve', queue: asId('power-service'), on: true, by: 'lead' });
  expect(mayServe()).toEqual({ atWork: 3, free: 3 });
  hotline.pass(61_000);
  expect(mayServe()).toEqual({ atWork: 2, free: 2 });
  hotline.callForAPerson();
  hotline.pass(1_000);
  expect(mayServe()).toEqual({ atWork: 2, free: 1 });
});
