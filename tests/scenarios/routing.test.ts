import { describe, expect, test } from 'vitest';
import type { CallId, LegId } from '../../services/events/ids.ts';
import { asId } from '../../services/events/ids.ts';
import { after, instant } from '../../services/events/instant.ts';
import { servedCentre } from '../support/served-centre.ts';
import { type SimulatedHotline, simulateHotline, startOfTest } from '../support/simulated-hotline.ts';
import { need, widen } from '../support/small-router.ts';

type Parameters0 = Parameters<typeof servedCentre>;
const hotlineOf = (queue: Parameters0[0][string], agents: Parameters0[1], more: Parameters0[0] = {}) =>
  simulateHotline({ centre: servedCentre({ 'power-service': queue, ...more }, agents) });

/** Who was rung, and why, as "1001: longest idle of 2". */
const rung = (hotline: SimulatedHotline, leg: LegId | null = null) =>
  hotline.of(leg, 'AgentRingRequested').map(({ agent, because }) => `${agent}: ${because}`);

const quick = { answerAfterMs: 500, hangUpAfterMs: 5_000 };

/** One call after another, each done with before the next; wrap-ups too. */
function callers(hotline: SimulatedHotline, count: number): LegId[] {
  return Array.from({ length: count }, (_, i) => {
    const leg = hotline.callForAPerson(`1380000000${i}`);
    hotline.untilEnded(leg);
    hotline.pass(30_000);
    return leg;
  });
}

describe('each strategy, and its words', () => {
  test('longest idle', () => {
    const hotline = hotlineOf({}, { '1001': {}, '1002': {} });
    hotline.signIn('1002', quick);
    hotline.pass(1_000);
    hotline.signIn('1001', quick);
    callers(hotline, 3);
    expect(rung(hotline)).toEqual([
      '1002: longest idle of 2',
      '1001: longest idle of 2',
      '1002: longest idle of 2',
    ]);
  });

  test('fewest calls in the shift: who has just signed in comes first, however long others have been idle', () => {
    const hotline = hotlineOf({ strategy: 'fewest-calls' }, { '1001': {}, '1002': {} });
    hotline.signIn('1001', quick);
    callers(hotline, 2);
    hotline.signIn('1002', quick);
    callers(hotline, 3);
    expect(rung(hotline)).toEqual([
      '1001: fewest calls (0) of 1',
      '1001: fewest calls (1) of 1',
      '1002: fewest calls (0) of 2',
      '1002: fewest calls (1) of 2',
      '1001: fewest calls (2) of 2',
    ]);
    // A new shift counts from nothing.
    hotline.setAgent('1001', { kind: 'signed-out' });
    hotline.setAgent('1001', { kind: 'ready' });
    callers(hotline, 1);
    expect(rung(hotline).at(-1)).toBe('1001: fewest calls (0) of 2');
  });

  test('best skill: the highest level of it, who lacks it last', () => {
    const hotline = hotlineOf(
      { strategy: 'best-skill', preferred: asId('billing') },
      { '1001': {}, '1002': { skills: { billing: 4 } }, '1003': { skills: { billing: 2 } } },
    );
    for (const agent of ['1001', '1002', '1003'])
      hotline.signIn(agent, { answerAfterMs: 500, hangUpAfterMs: 600_000 });
    for (const from of ['13800000001', '13800000002', '13800000003']) hotline.callForAPerson(from);
    hotline.pass(1_000);
    expect(rung(hotline)).toEqual([
      '1002: best at billing (4) of 3',
      '1003: best at billing (2) of 2',
      '1001: best at billing (0) of 1',
    ]);
  });

  test('round robin: whose phone rang longest ago, answered or not', () => {
    const hotline = hotlineOf(
      { strategy: 'round-robin', maxMissedRings: 3 },
      { '1001': {}, '1002': {}, '1003': {} },
    );
    for (const agent of ['1003', '1001', '1002']) {
      hotline.signIn(agent, quick);
      hotline.pass(1_000);
    }
    callers(hotline, 4);
    expect(rung(hotline)).toEqual([
      '1003: next in turn of 3',
      '1001: next in turn of 3',
      '1002: next in turn of 3',
      '1003: next in turn of 3',
    ]);
  });

  test('a queue that needs a skill waits for who has it, and says so', () => {
    const hotline = hotlineOf(
      { needs: [need('billing', 3)] },
      { '1001': { skills: { billing: 2 } }, '1002': { skills: { billing: 3 } } },
    );
    hotline.signIn('1001', quick);
    const leg = hotline.callForAPerson();
    hotline.pass(20_000);
    expect(rung(hotline)).toEqual([]);
    hotline.signIn('1002', quick);
    hotline.untilEnded(leg);
    expect(rung(hotline)).toEqual(['1002: longest idle of 1 with billing≥3']);
  });

  test('a certificate counts to its last moment, and from then on no longer (PPL-01)', () => {
    const expiresAt = after(instant(startOfTest), 60_000);
    const hotline = hotlineOf({ needs: [need('gas', 1)] }, { '1001': { skills: { gas: 3 }, expiresAt } });
    hotline.signIn('1001', { answerAfterMs: 500, hangUpAfterMs: 1_000 });
    const before = hotline.callForAPerson('13800000001');
    hotline.untilEnded(before);
    hotline.pass(expiresAt - hotline.time.now());
    const late = hotline.callForAPerson('13800000002');
    hotline.pass(30_000);
    expect([rung(hotline, before), rung(hotline, late)]).toEqual([
      ['1001: longest idle of 1 with gas≥1'],
      [],
    ]);
    expect(hotline.agent('1001')).toBe('available');
  });

  test('a point of priority is worth so much waiting: who has waited longer than that comes first', () => {
    // Back in the queue with priority 10 after the agent was lost: 10 s of waiting are worth as much.
    const servedFirst = (ageingMsPerPriority: number) => {
      const hotline = hotlineOf({ ageingMsPerPriority }, { '1001': {}, '1002': {} });
      const phone = hotline.signIn('1001', { answerAfterMs: 500 });
      const lost = hotline.callForAPerson('13800000001');
      hotline.until(() => hotline.of(lost, 'CallConnected').length > 0, 'talking');
      const early = hotline.callForAPerson('13800000002');
      hotline.pass(15_000);
      phone.vanishes();
      hotline.until(() => hotline.of(lost, 'CallQueued').length === 2, 'back in the queue');
      hotline.signIn('1002', quick);
      hotline.until(() => hotline.of(null, 'AgentRingRequested').length === 2, 'the next is rung');
      return hotline.of(null, 'AgentRingRequested').at(-1)?.callId === asId<CallId>(early)
        ? 'early'
        : 'urgent';
    };
    expect([servedFirst(1_000), servedFirst(60_000)]).toEqual(['early', 'urgent']);
  });
});

describe('all phones at once', () => {
  const team = { '1001': {}, '1002': {}, '1003': {} };
  const ringAll = () => {
    const hotline = hotlineOf({ strategy: 'ring-all', ringAllLimit: 3, maxMissedRings: 1 }, team);
    return hotline;
  };

  test('the first to answer has the caller, the others stop, and nobody has missed anything', () => {
    const hotline = ringAll();
    const phones = ['1001', '1002', '1003'].map((agent) =>
      hotline.signIn(
        agent,
        agent === '1002' ? { answerAfterMs: 4_000, hangUpAfterMs: 9_000 } : { silent: true },
      ),
    );
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.of(leg, 'AgentRingStarted').length === 3, 'all ring');
    expect(new Set(rung(hotline))).toEqual(
      new Set(['1001: rings all of 3', '1002: rings all of 3', '1003: rings all of 3']),
    );
    hotline.until(() => hotline.of(leg, 'CallConnected').length > 0, 'one answers');
    hotline.pass(500);
    expect(['1001', '1002', '1003'].map((agent) => hotline.agent(agent))).toEqual([
      'available',
      'on-call',
      'available',
    ]);
    expect(
      hotline
        .of(leg, 'AgentRingEnded')
        .map(({ agent, result }) => `${agent} ${result}`)
        .sort(),
    ).toEqual(['1001 answered-elsewhere', '1002 answered', '1003 answered-elsewhere']);
    hotline.untilEnded(leg);
    expect(hotline.record(leg)).toMatchObject({ outcome: 'answered', agent: '1002' });
    expect(phones).toHaveLength(3);
    expect([...hotline.engine.state.world.agents.values()].map(({ missedRings }) => missedRings)).toEqual([
      0, 0, 0,
    ]);
    expect(hotline.bugs).toEqual([]);
  });

  test('who lets it ring has missed it; the others ring on', () => {
    const hotline = ringAll();
    hotline.signIn('1001', { declineAfterMs: 1_000 });
    hotline.signIn('1002', { silent: true });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.agent('1001') === 'not-ready', 'the one who refused is not ready');
    expect(hotline.agent('1002')).toBe('ringing');
    hotline.signIn('1003', quick);
    hotline.pass(2_000);
    // The caller's turn has come once: nobody else is rung before all have missed it.
    expect(rung(hotline, leg)).toHaveLength(2);
    hotline.untilEnded(leg);
    expect(rung(hotline, leg).at(-1)).toBe('1003: rings all of 1');
    expect(hotline.agent('1002')).toBe('not-ready');
  });

  test('the caller leaves: every phone stops, every agent is free', () => {
    const hotline = ringAll();
    for (const agent of ['1001', '1002', '1003']) hotline.signIn(agent, { silent: true });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.of(leg, 'AgentRingStarted').length === 3, 'all ring');
    hotline.telephony.callerHangsUp(leg);
    hotline.untilEnded(leg);
    hotline.pass(1_000);
    expect(['1001', '1002', '1003'].map((agent) => hotline.agent(agent))).toEqual([
      'available',
      'available',
      'available',
    ]);
    expect(hotline.telephony.live().legs).toEqual([]);
  });

  test('killed while all ring: the phones ring on, and the first to answer has the caller', () => {
    const hotline = ringAll();
    hotline.signIn('1001', { silent: true });
    hotline.signIn('1002', { answerAfterMs: 8_000, hangUpAfterMs: 9_000 });
    const leg = hotline.callForAPerson();
    hotline.until(() => hotline.of(leg, 'AgentRingStarted').length === 2, 'both ring');
    hotline.killController();
    hotline.pass(2_000);
    hotline.startController();
    hotline.untilEnded(leg);
    hotline.pass(30_000);
    expect(hotline.record(leg)).toMatchObject({ outcome: 'answered', agent: '1002' });
    expect(hotline.agent('1001')).toBe('available');
  });
});

describe('the agent who helped last', () => {
  const team = { '1001': {}, '1002': {} };
  const sticky = (waitMs: number) => ({ stickyWaitMs: waitMs, helpedWithinMs: 3_600_000 });

  test('is rung though others have been idle longer, also after a restart', () => {
    const hotline = hotlineOf(sticky(0), team);
    hotline.signIn('1001', quick);
    const first = hotline.callForAPerson('13811110000');
    hotline.untilEnded(first);
    hotline.signIn('1002', quick);
    hotline.untilEnded(hotline.callForAPerson('13822220000'));
    hotline.killController();
    hotline.pass(1_000);
    hotline.startController();
    hotline.pass(60_000);
    const again = hotline.callForAPerson('13811110000');
    hotline.untilEnded(again);
    expect(rung(hotline, again)).toEqual(['1001: last helped this caller']);
  });

  test('is waited for while busy; after the time the caller goes to whoever can, and the record says why', () => {
    const hotline = hotlineOf(sticky(20_000), team);
    hotline.signIn('1001', { answerAfterMs: 500, hangUpAfterMs: 120_000 });
    hotline.untilEnded(hotline.callForAPerson('13811110000'));
    hotline.pass(30_000);
    hotline.callForAPerson('13899990000');
    hotline.until(() => hotline.agent('1001') === 'on-call', 'busy again');
    hotline.signIn('1002', quick);
    const again = hotline.callForAPerson('13811110000');
    hotline.pass(15_000);
    expect(rung(hotline, again)).toEqual([]);
    hotline.untilEnded(again);
    expect(hotline.of(again, 'LastAgentWaitEnded')).toMatchObject([
      { agent: '1001', because: 'waited 20 s for 1001, who last helped this caller' },
    ]);
    expect(rung(hotline, again)).toEqual(['1002: longest idle of 1']);
  });

  test('is waited for no longer after signing out; that is told', () => {
    const hotline = hotlineOf(sticky(60_000), team);
    hotline.signIn('1001', { answerAfterMs: 500, hangUpAfterMs: 20_000 });
    hotline.untilEnded(hotline.callForAPerson('13811110000'));
    hotline.pass(30_000);
    hotline.callForAPerson('13899990000');
    hotline.until(() => hotline.agent('1001') === 'on-call', 'busy again');
    hotline.setAgent('1001', { kind: 'signed-out' });
    const again = hotline.callForAPerson('13811110000');
    hotline.signIn('1002', quick);
    hotline.untilEnded(again);
    expect(hotline.of(again, 'LastAgentWaitEnded')).toMatchObject([
      { agent: '1001', because: '1001, who last helped this caller, cannot take the call' },
    ]);
    expect(rung(hotline, again)).toEqual(['1002: longest idle of 1']);
  });

  test('whose phone was lost in this very call is not waited for: the caller goes to whoever is free', () => {
    const hotline = hotlineOf(sticky(60_000), team);
    const phone = hotline.signIn('1001', { answerAfterMs: 500 });
    const leg = hotline.callForAPerson('13811110000');
    hotline.until(() => hotline.of(leg, 'CallConnected').length > 0, 'talking');
    hotline.signIn('1002', { silent: true });
    phone.vanishes();
    hotline.until(() => hotline.of(leg, 'CallQueued').length === 2, 'back in the queue');
    hotline.pass(100);
    expect(hotline.agent('1002')).toBe('ringing');
  });

  test('too long ago it does not matter any more', () => {
    const hotline = hotlineOf({ stickyWaitMs: 0, helpedWithinMs: 60_000 }, team);
    hotline.signIn('1001', quick);
    hotline.untilEnded(hotline.callForAPerson('13811110000'));
    hotline.signIn('1002', quick);
    hotline.untilEnded(hotline.callForAPerson('13822220000'));
    hotline.pass(120_000);
    const again = hotline.callForAPerson('13811110000');
    hotline.untilEnded(again);
    expect(rung(hotline, again)[0]).toMatch(/longest idle of 2/);
  });
});

describe('the reserve', () => {
  const team = { '1001': {}, '1002': { reserve: true } };
  const callIn = (hotline: SimulatedHotline, on: boolean) =>
    hotline.engine.command({ kind: 'call-in-reserve', queue: asId('power-service'), on, by: 'lead' });

  test('is rung when a lead has called it in, for who waits already too, and no more when let go; a restart changes nothing', () => {
    const hotline = hotlineOf({}, team);
    hotline.signIn('1002', quick);
    const leg = hotline.callForAPerson();
    hotline.pass(20_000);
    expect(rung(hotline)).toEqual([]);
    void callIn(hotline, true);
    hotline.untilEnded(leg);
    expect(rung(hotline)).toEqual(['1002: longest idle of 1; of the reserve']);
    hotline.killController();
    hotline.startController();
    hotline.pass(30_000);
    hotline.untilEnded(hotline.callForAPerson());
    expect(rung(hotline)).toHaveLength(2);
    hotline.pass(30_000);
    void callIn(hotline, false);
    hotline.callForAPerson();
    hotline.pass(30_000);
    expect(rung(hotline)).toHaveLength(2);
    expect(hotline.of(null, 'ReserveCalledIn').map(({ on, by }) => [on, by])).toEqual([
      [true, 'lead'],
      [false, 'lead'],
    ]);
  });

  test('is called in by a step of the overflow, and only for who has come so far', () => {
    const hotline = hotlineOf({ overflow: [widen(30, { reserve: true })] }, team);
    hotline.signIn('1002', quick);
    const leg = hotline.callForAPerson();
    hotline.pass(25_000);
    expect(rung(hotline)).toEqual([]);
    hotline.untilEnded(leg);
    expect(rung(hotline)).toEqual(['1002: longest idle of 1; overflow step 1 after 30 s; of the reserve']);
  });

  test('of a queue that is not there is refused', async () => {
    const hotline = hotlineOf({}, team);
    expect(
      await hotline.engine.command({ kind: 'call-in-reserve', queue: asId('nowhere'), on: true, by: 'lead' }),
    ).toMatchObject({ ok: false, code: 'unknown-queue' });
  });
});

describe('a wrap-up', () => {
  const wrappingUp = (longestWrapUpMs: number | null) => {
    const hotline = hotlineOf({ wrapUpMs: 10_000, longestWrapUpMs }, { '1001': {} });
    hotline.signIn('1001', quick);
    hotline.untilEnded(hotline.callForAPerson());
    hotline.until(() => hotline.agent('1001') === 'wrapping-up', 'wrapping up');
    return hotline;
  };
  const extend = (hotline: SimulatedHotline, byMs = 30_000) =>
    hotline.engine.command({ kind: 'extend-wrap-up', agent: asId('1001'), byMs, by: '1001' });

  test('can be made longer, up to what the queue allows', async () => {
    const hotline = wrappingUp(60_000);
    expect(await extend(hotline)).toEqual({ ok: true });
    hotline.pass(30_000);
    expect(hotline.agent('1001')).toBe('wrapping-up');
    expect(await extend(hotline, 600_000)).toEqual({ ok: true });
    expect(await extend(hotline)).toMatchObject({ ok: false, code: 'not-allowed' });
    hotline.until(() => hotline.agent('1001') === 'available', 'it is over');
    expect(hotline.of(null, 'WrapUpEnded')).toMatchObject([{ wrapUpMs: 60_000, because: 'time-is-up' }]);
    expect(await extend(hotline)).toMatchObject({ ok: false, code: 'not-now' });
  });

  test('cannot where the queue lets nobody', async () => {
    expect(await extend(wrappingUp(null))).toMatchObject({ ok: false, code: 'not-allowed' });
  });
});
