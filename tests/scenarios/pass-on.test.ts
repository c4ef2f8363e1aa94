import { describe, expect, test } from 'vitest';
import { asId, type CallId } from '../../services/events/ids.ts';
import {
  aMoment,
  colleague,
  controlledCall,
  outside,
  outsideNumber,
  reason,
  toQueue,
} from '../support/controlled-call.ts';
import { unmatchedEvents } from '../support/invariants.ts';
import { servedCentre } from '../support/served-centre.ts';
import { SimulatedTime } from '../support/simulated-time.ts';
import { need, widen } from '../support/small-router.ts';

type Controlled = ReturnType<typeof controlledCall>;

const pass = (to = colleague()) => ({ kind: 'transfer', to, reason }) as const;

function nothingLeft({ hotline, broken }: Controlled): void {
  hotline.pass(60_000);
  expect(hotline.telephony.live()).toEqual({ legs: [], bridges: [], playbacks: [] });
  expect(hotline.engine.state.world.calls.size).toBe(0);
  expect(unmatchedEvents(hotline.events)).toEqual([]);
  expect(broken()).toEqual([]);
  expect(hotline.bugs).toEqual([]);
}

test('"hang up" clicked again and again is one wish: it is no further attempt, and the caller is let go as ever', async () => {
  const c = controlledCall();
  for (let clicks = 0; clicks < 5; clicks++) expect(await c.ask({ kind: 'hang-up' })).toEqual({ ok: true });
  const ofAgent = c.hotline.of(c.caller, 'LegHangUpRequested').filter(({ by }) => by === 'agent');
  expect(ofAgent).toHaveLength(1);
  c.hotline.untilEnded(c.caller);
  expect(c.hotline.record(c.caller)).toMatchObject({ releaseParty: 'agent' });
  nothingLeft(c);
});

test.each<[string, Parameters<typeof servedCentre>[0][string], string | undefined]>([
  ['by nobody who has what it needs', { needs: [need('meters', 1)] }, 'target-unavailable'],
  ['at once', { needs: [] }, undefined],
  ['after a while', { needs: [need('meters', 1)], overflow: [widen(60, { needs: [] })] }, undefined],
])(
  'a caller is passed on to a queue that can be served, by who is signed in, %s',
  async (_, serving, code) => {
    const centre = servedCentre(
      { 'telecom-service': serving },
      { '1001': {}, '1002': { queues: ['telecom-service'] } },
    );
    const answer = await controlledCall({ centre }).ask(pass(toQueue('telecom-service')));
    expect(answer.ok ? undefined : answer.code).toBe(code);
  },
);

test('a queue that is closed takes nobody who is passed on, though somebody of it is signed in', async () => {
  const c = controlledCall({
    // 23:00 on a Monday.
    time: new SimulatedTime(Date.parse('2026-03-02T23:00:00+08:00')),
    centre: servedCentre(
      { 'telecom-service': { hours: 'business-desk' } },
      { '1001': {}, '1002': { queues: ['telecom-service'] } },
    ),
  });
  expect(await c.ask(pass(toQueue('telecom-service')))).toMatchObject({
    ok: false,
    code: 'target-unavailable',
    message: 'queue telecom-service is closed',
  });
  expect(c.together(c.caller, c.legOf('1001'))).toBe(true);
});

test('passed on to a queue of their own, the caller does not wait for the very agent who has let go of them', async () => {
  const c = controlledCall({
    centre: servedCentre(
      { 'power-service': { stickyWaitMs: 60_000, helpedWithinMs: 3_600_000 } },
      { '1001': {}, '1002': {} },
    ),
  });
  await c.does(pass(toQueue('power-service')));
  expect(c.hotline.agent('1002')).toBe('ringing');
});

describe('who helped last, when the caller calls again', () => {
  const sticky = () =>
    controlledCall({
      centre: servedCentre(
        { 'power-service': { stickyWaitMs: 60_000, helpedWithinMs: 3_600_000 } },
        { '1001': {}, '1002': {} },
      ),
    });
  /** The call ends, all are free again, and the caller calls once more. @returns who is rung */
  function rungThen({ hotline, caller, colleaguePhone }: Controlled) {
    hotline.telephony.callerHangsUp(caller);
    hotline.untilEnded(caller);
    hotline.pass(60_000);
    colleaguePhone.behaves({ silent: true });
    hotline.telephony.phone('1001').behaves({ silent: true });
    const again = hotline.callForAPerson();
    hotline.until(() => hotline.of(again, 'AgentRingRequested').length > 0, 'somebody is rung');
    return hotline.of(again, 'AgentRingRequested').map(({ agent, because }) => `${agent}: ${because}`);
  }

  test('is whom the caller was passed on to, also after a restart', async () => {
    const c = sticky();
    await c.does(pass());
    c.colleaguePhone.answers();
    c.hotline.pass(5_000);
    c.hotline.killController();
    c.hotline.pass(1_000);
    c.hotline.startController();
    c.hotline.pass(1_000);
    expect(rungThen(c)).toEqual(['1002: last helped this caller']);
  });

  test('is with whom the caller was left after advice', async () => {
    const c = sticky();
    await c.does({ kind: 'consult', to: colleague(), reason });
    c.colleaguePhone.answers();
    c.hotline.pass(5_000);
    await c.does({ kind: 'complete-transfer' });
    c.hotline.pass(5_000);
    expect(rungThen(c)).toEqual(['1002: last helped this caller']);
  });

  test('is the first agent where the colleague gave advice only, or did not answer', async () => {
    const advised = sticky();
    await advised.does({ kind: 'consult', to: colleague(), reason });
    advised.colleaguePhone.answers();
    advised.hotline.pass(5_000);
    await advised.does({ kind: 'end-consult' });
    expect(rungThen(advised)).toEqual(['1001: last helped this caller']);
    const returned = sticky();
    await returned.does(pass());
    returned.colleaguePhone.declines();
    returned.hotline.until(() => returned.hotline.agent('1001') === 'on-call', '1001 has the caller back');
    expect(rungThen(returned)).toEqual(['1001: last helped this caller']);
  });
});

describe('an agent puts the caller on hold from the desk', async () => {
  test('the caller hears music and the agent nothing, until taken back; the record knows how long', async () => {
    const c = controlledCall();
    await c.does(aMoment);
    expect(c.hearsMusic(c.caller)).toBe(true);
    expect(c.hotline.telephony.hears(c.legOf('1001')).with).toEqual([]);
    expect(c.hotline.agent('1001')).toBe('on-hold');
    c.hotline.pass(10_000);
    await c.does({ kind: 'resume' });
    expect(c.together(c.caller, c.legOf('1001'))).toBe(true);
    c.hotline.telephony.callerHangsUp(c.caller);
    c.hotline.untilEnded(c.caller);
    expect(c.hotline.record(c.caller).holdMs).toBeGreaterThanOrEqual(10_000);
    nothingLeft(c);
  });

  test('what the caller was told is kept while they are on hold, over a restart too, and not any longer', async () => {
    const c = controlledCall();
    const call = () => c.hotline.engine.state.world.calls.get(asId<CallId>(c.caller));
    const stage = () => call()?.stage;
    await c.does({ kind: 'hold', reason: 'system', promisedMs: 60_000 });
    const promise = { reason: 'system', promisedMs: 60_000 };
    expect(c.hotline.of(c.caller, 'CallHeld')).toMatchObject([{ agent: '1001', promise }]);
    c.hotline.killController();
    c.hotline.startController();
    expect(stage()).toMatchObject({ kind: 'talking', holdPromise: promise });
    await c.does({ kind: 'resume' });
    expect(stage()).not.toHaveProperty('holdPromise');
    c.hotline.telephony.phone('1001').holds();
    c.hotline.pass(100);
    expect(c.hotline.agent('1001')).toBe('on-hold');
    expect(c.hotline.of(c.caller, 'CallHeld').at(-1)).not.toHaveProperty('promise');
  });

  test('held with the phone: only the phone takes the caller back', async () => {
    const c = controlledCall();
    c.hotline.telephony.phone('1001').holds();
    c.hotline.pass(100);
    expect(await c.ask({ kind: 'resume' })).toMatchObject({ ok: false, code: 'not-now' });
    expect(await c.ask(pass())).toMatchObject({ ok: false, code: 'not-now' });
    c.hotline.telephony.phone('1001').resumes();
    c.hotline.pass(100);
    expect(c.hotline.agent('1001')).toBe('on-call');
  });
});

describe('an agent passes the caller on', async () => {
  test('to a colleague: music, then they speak; the first agent wraps up', async () => {
    const c = controlledCall();
    await c.does(pass());
    expect(c.hearsMusic(c.caller)).toBe(true);
    expect([c.hotline.agent('1001'), c.hotline.agent('1002')]).toEqual(['wrapping-up', 'ringing']);
    expect(c.call()?.stage).toMatchObject({ kind: 'passing', by: '1001', reason });
    c.colleaguePhone.answers();
    c.hotline.pass(5_000);
    expect(c.together(c.caller, c.legOf('1002'))).toBe(true);
    c.colleaguePhone.hangsUp();
    c.hotline.untilEnded(c.caller);
    expect(c.results()).toEqual(['connected']);
    expect(c.hotline.record(c.caller)).toMatchObject({ transfers: 1, agent: '1002', releaseParty: 'agent' });
    expect(c.conversations().map(({ agent }) => agent)).toEqual(['1001', '1002']);
    // One visit, answered once; two conversations handled.
    expect(c.hotline.visits(c.caller)).toHaveLength(1);
    c.hotline.pass(60_000);
    expect(c.hotline.engine.state.today.queues['power-service' as never]).toMatchObject({
      offered: 1,
      answered: 1,
      handled: 2,
      wrappedUp: 2,
    });
    nothingLeft(c);
  });

  test.each([
    ['does not answer', () => undefined, 'no-answer'],
    ['declines', (c: Controlled) => c.colleaguePhone.declines(), 'declined'],
    ['cannot be reached', (c: Controlled) => c.colleaguePhone.vanishes(), 'no-answer'],
  ])(
    'the colleague %s: the first agent is rung before anybody else, and has the caller back',
    async (_, happens, result) => {
      const c = controlledCall();
      const first = c.hotline.telephony.phone('1001');
      first.behaves({ silent: true });
      await c.does(pass());
      happens(c);
      c.hotline.until(() => c.results().length > 0, 'the transfer ends');
      expect(c.results()).toEqual([result]);
      c.hotline.pass(100);
      expect(c.hotline.agent('1001')).toBe('ringing');
      first.answers();
      c.hotline.pass(100);
      expect(c.together(c.caller, c.legOf('1001'))).toBe(true);
      expect(c.hotline.of(c.caller, 'CallReturning')).toMatchObject([{ to: '1001', reason: result }]);
      c.hotline.telephony.callerHangsUp(c.caller);
      c.hotline.untilEnded(c.caller);
      expect(c.hotline.record(c.caller)).toMatchObject({ transfers: 0, agent: '1001' });
      nothingLeft(c);
    },
  );

  test('nobody answers at all: the caller is told, and is first in the queue', async () => {
    const c = controlledCall();
    c.hotline.telephony.phone('1001').behaves({ declineAfterMs: 500 });
    await c.does(pass());
    c.colleaguePhone.declines();
    c.hotline.until(() => c.hotline.of(c.caller, 'CallQueued').length > 1, 'back in the queue');
    expect(c.hotline.of(c.caller, 'FlowNodeEntered').at(-1)?.node).toBeDefined();
    c.hotline.telephony.callerHangsUp(c.caller);
    c.hotline.untilEnded(c.caller);
    nothingLeft(c);
  });

  test('the first agent serves somebody else by then: the head of the queue', async () => {
    const c = controlledCall();
    await c.does(pass());
    c.hotline.setAgent('1001', { kind: 'ready' });
    const other = c.hotline.callForAPerson('13700137000');
    c.hotline.until(() => c.hotline.agent('1001') === 'on-call', '1001 serves another');
    c.colleaguePhone.declines();
    c.hotline.until(() => c.hotline.of(c.caller, 'CallQueued').length > 1, 'back in the queue');
    c.hotline.telephony.callerHangsUp(c.caller);
    c.hotline.telephony.callerHangsUp(other);
    nothingLeft(c);
  });

  test('the caller hangs up before anybody answers: a task to call back, about the agent who knows why', async () => {
    const c = controlledCall();
    await c.does(pass());
    c.hotline.telephony.callerHangsUp(c.caller);
    c.hotline.untilEnded(c.caller);
    expect(c.results()).toEqual(['caller-left']);
    expect(c.hotline.of(c.caller, 'TaskOpened')).toMatchObject([
      { kind: 'transfer-failed', agent: '1001', number: '13800138000' },
    ]);
    nothingLeft(c);
    expect(c.hotline.agent('1002')).toBe('available');
  });

  test('to a queue: a new visit with the priority and the place of the first; its wait counts from now', async () => {
    const c = controlledCall();
    c.hotline.setAgent('1002', { kind: 'not-ready', reason: 'meal' });
    // Came later than our caller did, and waits already.
    const later = c.hotline.callForAPerson('13700137000');
    c.hotline.pass(5_000);
    await c.does(pass(toQueue('power-service')));
    expect(c.results()).toEqual(['queued']);
    expect(c.hotline.of(c.caller, 'CallQueued').at(-1)).toMatchObject({
      queue: 'power-service',
      position: 1,
    });
    expect(c.hearsMusic(c.caller)).toBe(true);
    c.hotline.pass(2_000);
    c.hotline.setAgent('1002', { kind: 'ready' });
    c.hotline.pass(1_000);
    c.colleaguePhone.answers();
    c.hotline.until(() => c.hotline.agent('1002') === 'on-call', '1002 answers');
    c.hotline.pass(100);
    expect(c.together(c.caller, c.legOf('1002'))).toBe(true);
    const [first, second] = c.hotline.visits(c.caller);
    expect(first?.outcome).toBe('answered');
    expect(second).toMatchObject({ outcome: 'answered', agent: '1002' });
    expect(second?.waitMs).toBeLessThan(8_000);
    expect(c.hotline.record(c.caller).transfers).toBe(1);
    c.hotline.telephony.callerHangsUp(c.caller);
    c.hotline.telephony.callerHangsUp(later);
    nothingLeft(c);
  });

  test('outside: music until it answers, then they speak; when it hangs up the call is over', async () => {
    const c = controlledCall();
    c.hotline.telephony.outside(outsideNumber, { answerAfterMs: 3_000 });
    await c.does(pass(outside()));
    expect(c.hearsMusic(c.caller)).toBe(true);
    c.hotline.pass(4_000);
    expect(c.together(c.caller, c.outsideLeg())).toBe(true);
    c.hotline.telephony.callerHangsUp(c.outsideLeg());
    c.hotline.untilEnded(c.caller);
    expect(c.results()).toEqual(['connected']);
    expect(c.hotline.record(c.caller)).toMatchObject({ outcome: 'answered', transfers: 1 });
    nothingLeft(c);
  });

  test('outside, in vain: back to the first agent', async () => {
    const c = controlledCall();
    c.hotline.telephony.outside(outsideNumber, { declineAfterMs: 500, as: 'busy' });
    await c.does(pass(outside()));
    c.hotline.until(() => c.hotline.agent('1001') === 'on-call', '1001 has the caller back');
    expect(c.results()).toEqual(['declined']);
    c.hotline.telephony.callerHangsUp(c.caller);
    nothingLeft(c);
  });

  test.each([
    [colleague('1003'), 'target-unavailable'],
    [colleague('9999'), 'unknown-target'],
    [colleague('1001'), 'target-unavailable'],
    [toQueue('nowhere'), 'unknown-target'],
    [outside('00861234567'), 'number-not-allowed'],
  ] as const)('%o is refused: %s; nothing changes', async (to, code) => {
    const c = controlledCall();
    expect(await c.ask(pass(to))).toMatchObject({ ok: false, code });
    expect(await c.ask({ kind: 'consult', to, reason })).toMatchObject({ ok: false, code });
    expect(c.together(c.caller, c.legOf('1001'))).toBe(true);
  });

  test('hangs up from the desk: as if with the phone', async () => {
    const c = controlledCall();
    await c.does({ kind: 'hang-up' });
    c.hotline.untilEnded(c.caller);
    expect(c.hotline.record(c.caller)).toMatchObject({ releaseParty: 'agent', outcome: 'answered' });
    nothingLeft(c);
  });

  test('an agent without a call is told so', async () => {
    const c = controlledCall();
    expect(await c.ask(aMoment, '1002')).toMatchObject({ ok: false, code: 'no-call' });
  });
});
