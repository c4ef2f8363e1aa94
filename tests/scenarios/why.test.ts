import { describe, expect, test } from 'vitest';
import { emptyLedger, foldLedger } from '../../services/cdr/ledger.ts';
import { explainCall, type TeamOf, waitsOf } from '../../services/cdr/why/explain-call.ts';
import type { Explanation, WaitSpan } from '../../services/cdr/why/explanation.ts';
import { whoMayServe } from '../../services/cdr/why/may-serve.ts';
import { waitSpans } from '../../services/cdr/why/wait-spans.ts';
import { type AgentId, asId, type CallId, type LegId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import { colleague, controlledCall, outside, outsideNumber, reason } from '../support/controlled-call.ts';
import { servedCentre } from '../support/served-centre.ts';
import { type SimulatedHotline, simulateHotline } from '../support/simulated-hotline.ts';
import { widen } from '../support/small-router.ts';

/** What is on record of a call, explained as of the hotline's time. */
function why(hotline: SimulatedHotline, leg: LegId, team: 'on record' | 'not on record' = 'on record') {
  const callId = asId<CallId>(leg);
  const events = hotline.events.filter((one) => 'callId' in one && one.callId === callId);
  const ledger = foldLedger(emptyLedger(), hotline.events);
  const intervals = [...ledger.closedIntervals, ...ledger.openIntervals.values()];
  const teamOf: TeamOf = (wanted) => {
    const agents = whoMayServe(hotline.centre, wanted);
    return team === 'on record' && agents ? { agents, intervals } : null;
  };
  const explained = explainCall(callId, events, instant(hotline.time.now()), teamOf);
  for (const wait of explained.waits) expectWithoutGaps(wait);
  return explained;
}

function expectWithoutGaps({ spans, queuedAt, waitMs }: Explanation['waits'][number]): void {
  expect(spans[0]?.from).toBe(queuedAt);
  expect(spans.at(-1)?.to).toBe(queuedAt + waitMs);
  for (const [i, span] of spans.entries()) if (i > 0) expect(span.from).toBe(spans[i - 1]?.to);
}

const seconds = ({ from, to }: WaitSpan) => Math.round((to - from) / 1000);
const shortly = (span: WaitSpan) => `${seconds(span)} s ${span.code}`;

describe('why a caller waited', () => {
  test('nobody was at work, until somebody came', () => {
    const hotline = simulateHotline();
    const leg = hotline.callForAPerson();
    hotline.pass(30_000);
    hotline.signIn('1001', { answerAfterMs: 3_000 });
    hotline.until(() => hotline.of(leg, 'CallConnected').length > 0, 'connected');
    const [wait] = why(hotline, leg).waits;
    expect(wait?.spans.map(shortly)).toEqual(['30 s nobody-at-work', '3 s rung']);
    expect(wait?.spans).toMatchObject([
      { staff: { 'signed-out': hotline.centre.agents.size } },
      { agents: ['1001'], result: 'answered' },
    ]);
    expect(wait).toMatchObject({ outcome: 'answered', position: 1, queue: 'power-service' });
  });

  test('all were busy: the one at work spoke with another caller and wrapped up', () => {
    const hotline = simulateHotline();
    hotline.signIn('1001', { answerAfterMs: 1_000, hangUpAfterMs: 60_000 });
    const other = hotline.callForAPerson();
    hotline.until(() => hotline.stage(other) === 'talking', 'the first caller talks');
    hotline.setAgent('1002', { kind: 'not-ready', reason: 'meal' });
    const leg = hotline.callForAPerson('13900139000');
    hotline.until(() => hotline.of(leg, 'CallConnected').length > 0, 'connected');
    const [wait] = why(hotline, leg).waits;
    expect(wait?.spans.map(({ code }) => code)).toEqual(['all-busy', 'rung']);
    expect(wait?.spans[0]).toMatchObject({ staff: { 'on-call': 1, 'not-ready': 1, 'signed-out': 8 } });
  });

  test('a state that lasted no time hides none that did, in whichever order they are read', () => {
    const [agent, from] = [asId<AgentId>('1001'), instant(1_000)];
    const busy = {
      agent,
      state: 'on-call',
      reason: null,
      callId: null,
      startedAt: from,
      endedAt: null,
    } as const;
    const moment = { ...busy, state: 'available', endedAt: from } as const;
    for (const intervals of [
      [moment, busy],
      [busy, moment],
    ])
      expect(
        waitSpans(
          from,
          instant(61_000),
          [],
          [{ from, team: { agents: [agent], intervals }, waitsFor: null }],
        ),
      ).toEqual([{ from, to: 61_000, code: 'all-busy', staff: { 'on-call': 1 } }]);
  });

  test('phones rang in vain: each of them, with what became of it', () => {
    const hotline = simulateHotline();
    hotline.signIn('1001', { silent: true });
    hotline.pass(1_000);
    hotline.signIn('1002', { declineAfterMs: 2_000 });
    const leg = hotline.callForAPerson();
    hotline.pass(60_000);
    const { waits, rings, ending } = why(hotline, leg);
    expect(waits[0]?.spans).toMatchObject([
      { code: 'rung', agents: ['1001'], result: 'no-answer' },
      { code: 'rung', agents: ['1002'], result: 'declined' },
      { code: 'nobody-at-work', staff: { 'not-ready': 2, 'signed-out': 8 } },
    ]);
    expect(rings).toMatchObject([
      { agent: '1001', because: 'longest idle of 2', alsoFree: ['1002'], result: 'no-answer' },
      { agent: '1002', because: 'longest idle of 1', alsoFree: [], result: 'declined' },
    ]);
    expect(waits[0]).toMatchObject({ leftAt: null, outcome: null });
    expect(ending).toBeNull();
  });

  test('a phone that rings now has no result yet', () => {
    const hotline = simulateHotline();
    hotline.signIn('1001', { silent: true });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.of(leg, 'AgentRingStarted').length > 0, 'rings');
    hotline.pass(5_000);
    const { waits, rings } = why(hotline, leg);
    expect(waits[0]?.spans).toMatchObject([{ code: 'rung', agents: ['1001'], result: null }]);
    expect(rings).toMatchObject([{ agent: '1001', result: null, ringMs: null }]);
  });

  test('what the agents did is not on record: it is not made up', () => {
    const hotline = simulateHotline();
    const leg = hotline.callForAPerson();
    hotline.pass(30_000);
    const { waits } = why(hotline, leg, 'not on record');
    expect(waits[0]?.spans).toMatchObject([{ code: 'not-rung' }]);
  });

  test('the time that is asked about is all of the waits, of a call that waits until now', () => {
    const hotline = simulateHotline();
    const leg = hotline.callForAPerson();
    hotline.pass(30_000);
    const now = instant(hotline.time.now());
    const queued = hotline.of(leg, 'CallQueued')[0];
    expect(waitsOf(hotline.events, now)).toEqual({ queues: ['power-service'], from: queued?.at, to: now });
    expect(waitsOf([], now)).toBeNull();
  });
});

describe('why a caller waited whose queue goes on by steps', () => {
  test('the reserve was called in after half a minute, and then there was somebody', () => {
    const centre = servedCentre(
      { 'power-service': { overflow: [widen(30, { reserve: true })] } },
      { '1001': {}, '1002': { reserve: true } },
    );
    const hotline = simulateHotline({ centre });
    hotline.signIn('1002', { answerAfterMs: 1_000 });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.of(leg, 'CallConnected').length > 0, 'connected');
    const { waits, rings } = why(hotline, leg);
    expect(waits[0]?.spans.map(shortly)).toEqual(['30 s nobody-at-work', '1 s rung']);
    expect(waits[0]?.spans[0]).toMatchObject({ staff: { 'signed-out': 1 } });
    expect(waits[0]?.steps).toMatchObject([{ step: 1, because: 'overflow step 1 after 30 s' }]);
    expect(rings).toMatchObject([{ agent: '1002', alsoFree: [] }]);
  });

  test('the router waited for whom the caller knows, and then for others too', () => {
    const centre = servedCentre(
      { 'power-service': { stickyWaitMs: 20_000, helpedWithinMs: 3_600_000 } },
      { '1001': {}, '1002': {} },
    );
    const hotline = simulateHotline({ centre });
    hotline.signIn('1001', { answerAfterMs: 500, hangUpAfterMs: 5_000 });
    hotline.untilEnded(hotline.callForAPerson());
    hotline.pass(30_000);
    hotline.telephony.phone('1001').behaves({ answerAfterMs: 500, hangUpAfterMs: 600_000 });
    const other = hotline.callForAPerson('13900139000');
    hotline.until(() => hotline.stage(other) === 'talking', '1001 talks with another caller');
    hotline.signIn('1002', { answerAfterMs: 1_000 });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.of(leg, 'CallConnected').length > 0, 'connected');
    expect(why(hotline, leg).waits[0]?.spans.map(shortly)).toEqual(['20 s waits-for-last-agent', '1 s rung']);
  });
});

describe('why a call ended', () => {
  test('the caller gave up waiting', () => {
    const hotline = simulateHotline();
    const leg = hotline.callForAPerson();
    hotline.pass(30_000);
    hotline.telephony.callerHangsUp(leg);
    hotline.untilEnded(leg);
    expect(why(hotline, leg).ending).toMatchObject({
      code: 'caller-left-wait',
      queue: 'power-service',
      outcome: 'abandoned_in_queue',
    });
  });

  test('the caller gave up while a phone rang', () => {
    const hotline = simulateHotline();
    hotline.signIn('1001', { silent: true });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.of(leg, 'AgentRingStarted').length > 0, 'rings');
    hotline.telephony.callerHangsUp(leg);
    hotline.untilEnded(leg);
    expect(why(hotline, leg).ending).toMatchObject({ code: 'caller-left-ring', agent: '1001' });
  });

  test('caller or agent hung up in conversation', () => {
    const hotline = simulateHotline();
    const phone = hotline.signIn('1001', { answerAfterMs: 500 });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.stage(leg) === 'talking', 'talks');
    hotline.pass(5_000);
    hotline.telephony.callerHangsUp(leg);
    hotline.untilEnded(leg);
    expect(why(hotline, leg).ending).toMatchObject({ code: 'caller-left-talk', agent: '1001' });
    hotline.until(() => hotline.agent('1001') === 'available', 'free');
    phone.behaves({ answerAfterMs: 500, hangUpAfterMs: 5_000 });
    const second = hotline.callForAPerson();
    hotline.untilEnded(second);
    expect(why(hotline, second).ending).toMatchObject({
      code: 'agent-hung-up',
      agent: '1001',
      releaseParty: 'agent',
    });
  });

  test('the caller left in the menu', () => {
    const hotline = simulateHotline();
    const leg = hotline.call();
    hotline.until(() => hotline.stage(leg) === 'ivr', 'the menu answers');
    hotline.pass(1_000);
    hotline.telephony.callerHangsUp(leg);
    hotline.untilEnded(leg);
    const { ending, waits, rings } = why(hotline, leg);
    expect(ending).toMatchObject({ code: 'caller-left-menu', node: expect.any(String) });
    expect([waits, rings]).toEqual([[], []]);
  });

  test('nobody came for the whole waiting time', () => {
    const hotline = simulateHotline();
    const leg = hotline.callForAPerson();
    hotline.untilEnded(leg);
    const { waits, ending } = why(hotline, leg);
    expect(waits).toMatchObject([{ outcome: 'flow_out', flowOutReason: 'max-wait' }]);
    expect(ending).toMatchObject({ code: 'we-ended', releaseParty: 'system', because: expect.any(String) });
  });

  test('we ended it, for a reason', () => {
    const hotline = simulateHotline();
    const leg = hotline.call('4711');
    hotline.untilEnded(leg);
    expect(why(hotline, leg).ending).toMatchObject({ code: 'we-ended', because: 'nothing answers to 4711' });
  });

  test('the caller was passed on, and left before anybody answered', async () => {
    const { hotline, caller, does } = controlledCall();
    await does({ kind: 'transfer', to: colleague(), reason });
    hotline.pass(3_000);
    hotline.telephony.callerHangsUp(caller);
    hotline.untilEnded(caller);
    const { ending, rings, waits } = why(hotline, caller);
    expect(ending).toMatchObject({ code: 'caller-left-passed-on', by: '1001' });
    // Nobody chose among the free: 1001 asked for 1002.
    expect(rings.map(({ agent, alsoFree }) => [agent, alsoFree])).toEqual([
      ['1001', []],
      ['1002', null],
    ]);
    expect(waits).toHaveLength(1);
  });

  test('the caller left while the phone of the agent who had passed them on in vain rang again', async () => {
    const { hotline, caller, does } = controlledCall();
    await does({ kind: 'transfer', to: colleague(), reason });
    hotline.until(() => hotline.of(caller, 'CallReturning').length > 0, 'nobody answered');
    hotline.pass(300);
    hotline.telephony.callerHangsUp(caller);
    hotline.untilEnded(caller);
    expect(why(hotline, caller).ending).toMatchObject({ code: 'caller-left-passed-on', by: '1001' });
  });

  describe.each(['blind', 'warm'] as const)('put through to a number outside by an agent, %s', (how) => {
    test.each(['the caller', 'the other side'])('%s hung up: the talk outside was over', async (who) => {
      const { hotline, caller, does, outsideLeg } = controlledCall();
      hotline.telephony.outside(outsideNumber, { answerAfterMs: 500 });
      await does({ kind: how === 'blind' ? 'transfer' : 'consult', to: outside(), reason });
      hotline.pass(3_000);
      if (how === 'warm') await does({ kind: 'complete-transfer' });
      hotline.pass(3_000);
      hotline.telephony.callerHangsUp(who === 'the caller' ? caller : outsideLeg());
      hotline.untilEnded(caller);
      expect(why(hotline, caller).ending).toMatchObject({ code: 'outside-talk-ended' });
    });
  });

  test('advice from outside was over with the conversation: the caller left that', async () => {
    const { hotline, caller, does } = controlledCall();
    hotline.telephony.outside(outsideNumber, { answerAfterMs: 500 });
    await does({ kind: 'consult', to: outside(), reason });
    hotline.pass(3_000);
    hotline.telephony.callerHangsUp(caller);
    hotline.untilEnded(caller);
    expect(why(hotline, caller).ending).toMatchObject({ code: 'caller-left-talk', agent: '1001' });
  });

  test('the caller left after a warm transfer: with whom they spoke then', async () => {
    const { hotline, caller, colleaguePhone, does } = controlledCall();
    colleaguePhone.behaves({ answerAfterMs: 500 });
    await does({ kind: 'consult', to: colleague(), reason });
    hotline.pass(3_000);
    await does({ kind: 'complete-transfer' });
    hotline.pass(3_000);
    hotline.telephony.callerHangsUp(caller);
    hotline.untilEnded(caller);
    expect(why(hotline, caller).ending).toMatchObject({ code: 'caller-left-talk', agent: '1002' });
  });
});
