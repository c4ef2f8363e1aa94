import { describe, expect, test } from 'vitest';
import { limitsMs, timerId } from '../../services/calls/timers.ts';
import type { LegId } from '../../services/events/ids.ts';
import { CallerInFlow, everyKindHotline } from '../support/caller-in-flow.ts';
import { servedCentre } from '../support/served-centre.ts';
import { type SimulatedHotline, simulateHotline } from '../support/simulated-hotline.ts';
import { widen } from '../support/small-router.ts';
import { type StateName, statesIn, statesOf } from './states.ts';

/** The states of the registry that last milliseconds on real parts, or hours. */
const shownHere = new Map<StateName, string>();

/** kill -9 in this state; another controller follows some seconds later, without a connection yet. */
function killIn(hotline: SimulatedHotline, ...names: StateName[]): void {
  const there = statesIn(hotline.engine.state.world, hotline.flows);
  for (const name of names) {
    expect(there).toContain(name);
    shownHere.set(name, expect.getState().currentTestName ?? '');
  }
  hotline.killController();
  hotline.pass(3_000);
  hotline.restartController();
}

function talking(hotline: SimulatedHotline): { leg: LegId; phone: ReturnType<SimulatedHotline['signIn']> } {
  const phone = hotline.signIn('1001', { answerAfterMs: 500 });
  const leg = hotline.callForAPerson();
  hotline.until(() => hotline.agent('1001') === 'on-call', 'talking');
  return { leg, phone };
}

test('arriving: the order to pick up was lost; the caller is picked up and greeted', () => {
  const hotline = simulateHotline();
  hotline.muzzle(true);
  const leg = hotline.call();
  hotline.until(() => hotline.stage(leg) === 'arriving', 'arrived');
  killIn(hotline, 'call arriving', 'timer pick-up');
  hotline.telephony.connects();
  hotline.until(() => hotline.stage(leg) === 'ivr', 'greeted');
});

test('arriving, and Asterisk never says that the caller was picked up: let go in time', () => {
  const hotline = simulateHotline();
  hotline.muzzle(true);
  const leg = hotline.call();
  hotline.until(() => hotline.stage(leg) === 'arriving', 'arrived');
  killIn(hotline, 'timer pick-up');
  hotline.muzzle(true);
  hotline.telephony.connects();
  hotline.until(() => hotline.of(leg, 'LegHangUpRequested').length > 0, 'let go', limitsMs.pickUp + 5_000);
});

test('hanging up: the order was lost; the leg is ended all the same', () => {
  const hotline = simulateHotline();
  const { leg, phone } = talking(hotline);
  hotline.muzzle(true);
  phone.hangsUp();
  hotline.until(() => hotline.of(leg, 'LegHangUpRequested').length > 0, 'decided to hang up');
  killIn(hotline, 'timer hang-up');
  hotline.telephony.connects();
  hotline.untilEnded(leg);
  expect(hotline.record(leg)).toMatchObject({ outcome: 'answered', releaseParty: 'agent' });
  expect(hotline.telephony.live().legs).toEqual([]);
});

test('a call that lasts too long is ended when its time is up, however often the controller died meanwhile', () => {
  const hotline = simulateHotline();
  const { leg } = talking(hotline);
  for (let hours = 0; hours < 4; hours += 1) {
    killIn(hotline, 'timer longest-call');
    hotline.telephony.connects();
    hotline.pass(limitsMs.longestCall / 4 - 10_000);
    expect(hotline.of(leg, 'CallEnded')).toEqual([]);
  }
  hotline.untilEnded(leg);
  expect(hotline.record(leg).talkMs).toBeLessThan(limitsMs.longestCall + 60_000);
});

test('a node that stays away: its calls are closed as of the last contact', () => {
  const hotline = simulateHotline();
  const { leg } = talking(hotline);
  hotline.pass(5_000);
  const lostAt = hotline.time.now();
  hotline.telephony.disconnects();
  hotline.pass(1_000);
  killIn(hotline, 'timer node-away');
  hotline.untilEnded(leg);
  expect(Math.abs((hotline.record(leg).endedAt ?? 0) - lostAt)).toBeLessThan(1_000);
  expect(hotline.record(leg)).toMatchObject({ outcome: 'answered', releaseParty: 'system' });
});

describe('how a queue serves', () => {
  const served = (queue: Parameters<typeof servedCentre>[0][string]) =>
    simulateHotline({
      centre: servedCentre({ 'power-service': queue }, { '1001': {}, '1002': { reserve: true } }),
    });

  test('an overflow step comes when it is due, however often the controller dies', () => {
    const hotline = served({ overflow: [widen(30, { reserve: true })] });
    hotline.signIn('1002', { answerAfterMs: 500, hangUpAfterMs: 1_000 });
    const leg = hotline.callForAPerson();
    for (let i = 0; i < 3; i += 1) {
      killIn(hotline, 'timer overflow-step');
      hotline.telephony.connects();
      hotline.pass(2_000);
    }
    hotline.untilEnded(leg);
    const [queued, reached] = [
      hotline.of(leg, 'CallQueued')[0]?.at ?? 0,
      hotline.of(leg, 'VisitStepReached')[0]?.at ?? 0,
    ];
    expect(Math.round((reached - queued) / 1_000)).toBe(30);
    expect(hotline.record(leg)).toMatchObject({ outcome: 'answered', agent: '1002' });
  });

  test('who waits for the agent who helped last goes on waiting for that one, and for no longer than told', () => {
    const hotline = served({ stickyWaitMs: 30_000, helpedWithinMs: 3_600_000 });
    hotline.signIn('1001', { answerAfterMs: 500, hangUpAfterMs: 90_000 });
    hotline.untilEnded(hotline.callForAPerson('13811110000'));
    hotline.pass(30_000);
    hotline.callForAPerson('13899990000');
    hotline.until(() => hotline.agent('1001') === 'on-call', 'busy');
    const again = hotline.callForAPerson('13811110000');
    killIn(hotline, 'timer last-agent');
    hotline.telephony.connects();
    hotline.pass(20_000);
    expect(
      hotline.engine.state.world.timers.has(
        timerId('last-agent', hotline.of(again, 'CallQueued')[0]?.visitId ?? ''),
      ),
    ).toBe(true);
    hotline.until(() => hotline.of(again, 'LastAgentWaitEnded').length > 0, 'no longer', 20_000);
    hotline.untilEnded(again);
  });
});

describe('in self service', () => {
  const begin = () => {
    const hotline = everyKindHotline();
    hotline.lookups.answers('power-bill', { result: 'found', values: { balance: '7.00' } });
    const caller = new CallerInFlow(hotline);
    caller.hearsOut('main-menu');
    return { hotline, caller };
  };
  const reconnect = (hotline: SimulatedHotline) => hotline.telephony.connects();

  test('keying in: what was keyed in is forgotten, and asked for anew', () => {
    const { hotline, caller } = begin();
    caller.presses('2');
    caller.presses('12');
    killIn(hotline, 'node collect', 'timer listen');
    reconnect(hotline);
    caller.hearsOut('ask-account');
    caller.presses('34567#');
    caller.isAt('say-bill');
    expect(hotline.lookups.asked.at(-1)?.parameters.account).toBe('34567');
  });

  test('a lookup that was asked and one whose source never answers: nobody is kept', () => {
    const { hotline, caller } = begin();
    hotline.lookups.answers('power-bill', null);
    caller.presses('2');
    caller.presses('12345#');
    caller.isAt('find-bill');
    killIn(hotline, 'node lookup', 'timer lookup');
    reconnect(hotline);
    caller.isAt('person');
    expect(hotline.of(caller.leg, 'LookupEnded').map(({ result }) => result)).toEqual([
      'asked-again',
      'timed-out',
    ]);
  });

  test('a value that is being said is said anew', () => {
    const { hotline, caller } = begin();
    caller.presses('2');
    caller.presses('12345#');
    caller.isAt('say-bill');
    killIn(hotline, 'node say');
    hotline.pass(30_000);
    reconnect(hotline);
    caller.isAt('after-bill');
    expect(caller.heard().filter((prompt) => prompt === 'unit-yuan')).toHaveLength(2);
    expect(caller.path().filter((node) => node === 'say-bill')).toHaveLength(2);
  });

  test('what the flow offers instead of an agent is told anew', () => {
    for (const [key, state] of [
      ['6', 'node voicemail'],
      ['7', 'node transfer'],
    ] as const) {
      const { hotline, caller } = begin();
      caller.presses(key);
      hotline.pass(50);
      killIn(hotline, state);
      hotline.pass(30_000);
      reconnect(hotline);
      hotline.until(() => caller.call?.playback !== null, 'something is said');
      caller.presses('0');
      hotline.until(() => hotline.of(caller.leg, 'CallQueued').length > 0, 'a person');
    }
  });

  test('a message: the recorder goes on, and one whose end is never told is kept', () => {
    const { hotline, caller } = begin();
    caller.presses('6');
    hotline.until(() => hotline.of(caller.leg, 'VoicemailStarted').length > 0, 'the recorder');
    killIn(hotline, 'node voicemail', 'timer recording');
    reconnect(hotline);
    hotline.until(() => hotline.of(caller.leg, 'VoicemailEnded').length > 0, 'the message is over');
    expect(hotline.of(caller.leg, 'VoicemailStarted')).toHaveLength(1);
    expect(caller.record()).toMatchObject({ outcome: 'voicemail' });
  });

  test('a callback is made at its time, however often the controller dies', () => {
    const { hotline, caller } = begin();
    caller.presses('0');
    caller.isAt('person');
    caller.presses('1');
    hotline.untilEnded(caller.leg);
    hotline.telephony.outside('13800138000', { declineAfterMs: 500, as: 'busy' });
    hotline.signIn('1001', { answerAfterMs: 500 });
    hotline.until(() => hotline.of(null, 'CallbackAttemptEnded').length > 0, 'tried');
    hotline.until(() => hotline.agent('1001') === 'available', 'free');
    hotline.telephony.outside('13800138000', { answerAfterMs: 500, hangUpAfterMs: 5_000 });
    killIn(hotline, 'timer callback');
    reconnect(hotline);
    hotline.until(() => hotline.of(null, 'CallbackEnded').length > 0, 'called back', 400_000);
    expect(hotline.of(null, 'CallbackEnded')).toMatchObject([{ result: 'served' }]);
  });

  test('a waiting caller is told how it stands at the usual time', () => {
    const { hotline, caller } = begin();
    caller.presses('0');
    caller.isAt('person');
    killIn(hotline, 'timer wait-announcement');
    reconnect(hotline);
    hotline.until(() => hotline.of(caller.leg, 'WaitAnnounced').length > 0, 'told');
    const [queued] = hotline.of(caller.leg, 'CallQueued');
    const [told] = hotline.of(caller.leg, 'WaitAnnounced');
    expect((told?.at ?? 0) - (queued?.at ?? 0)).toBeLessThan(21_000);
  });

  test('a survey: the score is taken', () => {
    const { hotline, caller } = begin();
    hotline.signIn('1001', { answerAfterMs: 500, hangUpAfterMs: 5_000 });
    caller.presses('0');
    caller.hearsOut('survey');
    killIn(hotline, 'node survey');
    reconnect(hotline);
    caller.hearsOut('survey');
    caller.presses('2');
    expect(caller.record()).toMatchObject({ outcome: 'answered', surveyScore: 4, releaseParty: 'agent' });
  });
});

test('all states that the registry places here were shown', () => {
  expect(statesOf('on simulated time').filter((name) => !shownHere.has(name))).toEqual([]);
});
