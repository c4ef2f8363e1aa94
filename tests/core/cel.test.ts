import { describe, expect, test } from 'vitest';
import type { CelRecord } from '../../services/cdr/cel-record.ts';
import { callFromCel } from '../../services/cdr/from-cel.ts';
import { emptyLedger, foldLedger } from '../../services/cdr/ledger.ts';
import { eventsToldByCel } from '../../services/cdr/told-by-cel.ts';
import { asId, type CallId } from '../../services/events/ids.ts';
import { noCounts } from '../../services/kpi/counts.ts';
import { createToday, foldToday } from '../../services/kpi/today.ts';
import { agentLeg, arrivedAlone, cel, hangUp, leftQueue, queued, said } from '../support/cel-lines.ts';
import { numbered } from '../support/histories.ts';
import { unmatchedEvents } from '../support/invariants.ts';

const start = 1_790_000_000_000;
const callId = asId<CallId>('n1-1790000000.1');

const served: CelRecord[] = [
  ...arrivedAlone(),
  queued(4),
  cel(4.1, 'CHAN_START', agentLeg('1001')),
  ...hangUp(7.1, 'us', agentLeg('1001'), 19),
  cel(8, 'CHAN_START', agentLeg('1002-web', 3)),
  cel(10, 'ANSWER', agentLeg('1002-web', 3)),
  ...hangUp(70, 'us', agentLeg('1002-web', 3)),
  leftQueue(70),
  ...hangUp(70.01, 'party'),
];

function recordOf(records: readonly CelRecord[], known: { answered: boolean } | null = null) {
  const call = callFromCel(records);
  if (call === null) throw new Error('no call');
  const hotlineOf = (number: string) => (number === '95598' ? asId<never>('95598') : null);
  const told = eventsToldByCel(call, { nodeId: asId('n1'), hotlineOf }, known);
  const events = numbered(told);
  const ledger = foldLedger(emptyLedger(), events);
  const rules = {
    localDay: () => '2026-09-21',
    thresholdsOf: () => ({ serviceLevelThresholdMs: 15_000, shortAbandonMs: 5_000 }),
  };
  const today = events.reduce((day, event) => foldToday(day, event, rules), createToday('2026-09-21'));
  return {
    call,
    events,
    record: ledger.calls.get(callId),
    visits: [...ledger.visits.values()],
    conversations: [...ledger.conversations.values()],
    counts: today.queues[asId<never>('power-service')] ?? noCounts(),
  };
}

describe('a call that Asterisk served alone', () => {
  test('answered in its queue: record, visit, conversation and counts are those of any answered call', () => {
    const { record, visits, conversations, counts, events } = recordOf(served);
    expect(record).toMatchObject({
      callerNumber: '13800138000',
      dialledNumber: '95598',
      hotline: '95598',
      source: 'trunk',
      sipCallId: 'abc@127.0.0.2',
      degraded: true,
      startedAt: start,
      endedAt: start + 70_010,
      outcome: 'answered',
      releaseParty: 'caller',
      queue: 'power-service',
      agent: '1002',
      waitMs: 6_000,
      ringMs: 2_000,
      talkMs: 60_000,
      wrapUpMs: 0,
    });
    expect(visits).toMatchObject([{ queuedAt: start + 4_000, leftAt: start + 10_000, outcome: 'answered' }]);
    expect(conversations).toMatchObject([{ agent: '1002', talkMs: 60_000, handleMs: 60_000 }]);
    expect(counts).toMatchObject({
      offered: 1,
      answered: 1,
      answeredInThreshold: 1,
      handled: 1,
      wrappedUp: 1,
    });
    expect(counts).toMatchObject({ waitAnsweredMs: 6_000, ringMs: 2_000, talkMs: 60_000, handleMs: 60_000 });
    expect(events.filter(({ type }) => type === 'AgentRingEnded')).toMatchObject([
      { agent: '1001', result: 'no-answer', ringMs: 3_000 },
      { agent: '1002', result: 'answered', ringMs: 2_000 },
    ]);
    expect(unmatchedEvents(events)).toEqual([]);
  });

  test('the agent hangs up: released by the agent', () => {
    const records = served.filter(
      ({ type }) => type !== 'HANGUP' && type !== 'CHAN_END' && type !== 'APP_END',
    );
    const ended = [...hangUp(70, 'party', agentLeg('1002-web', 3)), leftQueue(70), ...hangUp(70.02, 'us')];
    const { record, conversations } = recordOf([...records, ...ended]);
    expect(record).toMatchObject({ outcome: 'answered', releaseParty: 'agent' });
    expect(conversations).toMatchObject([{ releasedBy: 'agent', cause: 'normal' }]);
  });

  test('the caller leaves while waiting: abandoned, with the wait as it was', () => {
    const { record, visits, counts } = recordOf([
      ...arrivedAlone(),
      queued(4),
      leftQueue(24),
      ...hangUp(24.001, 'party'),
    ]);
    expect(record).toMatchObject({
      outcome: 'abandoned_in_queue',
      releaseParty: 'caller',
      waitMs: 20_000,
      agent: null,
    });
    expect(visits).toMatchObject([{ outcome: 'abandoned', waitMs: 20_000 }]);
    expect(counts).toMatchObject({ offered: 1, abandoned: 1, shortAbandoned: 0, waitAbandonedMs: 20_000 });
  });

  test('the caller leaves during the apology, before the queue: abandoned, but no visit', () => {
    const { record, visits } = recordOf([...arrivedAlone(), ...hangUp(2, 'party')]);
    expect(record).toMatchObject({ outcome: 'abandoned_in_ivr', queue: null, waitMs: 0 });
    expect(visits).toEqual([]);
  });

  test.each([
    ['TIMEOUT', 'max-wait'],
    ['JOINEMPTY', 'no-agent-signed-in'],
    ['FULL', 'queue-full'],
  ])('the queue lets the caller go (%s): flowed out (%s), the call failed', (status, reason) => {
    const left = said(64.01, 'HOTLINE_FALLBACK_LEFT', status);
    const records = [...arrivedAlone(), queued(4), leftQueue(64), left];
    const { record, visits } = recordOf([...records, ...hangUp(69, 'us')]);
    expect(visits).toMatchObject([{ outcome: 'flow_out', flowOutReason: reason, waitMs: 60_000 }]);
    expect(record).toMatchObject({ outcome: 'failed', releaseParty: 'system' });
    expect(recordOf([...records, ...hangUp(66, 'party')]).record).toMatchObject({
      outcome: 'failed',
      releaseParty: 'caller',
    });
  });

  test('a number that is not ours, and an agent who signs in by phone', () => {
    expect(recordOf([...arrivedAlone('12345'), ...hangUp(3, 'us')]).record).toMatchObject({
      outcome: 'failed',
      hotline: null,
    });
    expect(recordOf([...arrivedAlone('*11', 'agent'), ...hangUp(3, 'us')]).record).toMatchObject({
      outcome: 'self_served',
      source: 'agent',
    });
  });

  test('not over: nothing is told yet', () => {
    expect(recordOf([...arrivedAlone(), queued(4)]).events).toEqual([]);
  });

  test('known up to its leaving for the fallback: only the rest is told', () => {
    const { events } = recordOf(served, { answered: false });
    expect(events[0]?.type).toBe('CallQueued');
    expect(events.at(-1)).toMatchObject({ type: 'CallEnded', outcome: 'answered' });
    expect(events.some(({ type }) => type === 'CallArrived' || type === 'CallPickedUp')).toBe(false);
  });

  test('a phone rung for a caller who had just gone belongs to that call, and is none of its own', () => {
    const ring = (at: number, type: string, rest = {}) =>
      cel(at, type, {
        ...agentLeg('1001'),
        linkedId: agentLeg('1001').uniqueId,
        context: 'from-agents',
        ...rest,
      });
    const appData = `hotline,agent,${callId}`;
    const records = [
      ring(0, 'CHAN_START'),
      ring(0.1, 'APP_START', { app: 'Stasis', appData }),
      ring(1, 'CHAN_END'),
    ];
    expect(callFromCel(records)).toMatchObject({ ringFor: callId, over: true });
    expect(callFromCel(served)).toMatchObject({ ringFor: null });
  });

  test('a phone whose INVITE was never sent, as the controller died before, has refused nothing; one that was called and is busy has', () => {
    const phone = agentLeg('1001');
    const ended = (cause: number) => {
      const records = [
        ...arrivedAlone().slice(0, 4),
        cel(1, 'CHAN_START', phone),
        cel(1.1, 'APP_START', { ...phone, app: 'Stasis', appData: `hotline,agent,${callId}` }),
        ...hangUp(2, 'party', phone, cause),
      ];
      return callFromCel(records)?.agents[0]?.ended;
    };
    expect(ended(16)).toMatchObject({ by: 'us', reason: 'failed' });
    expect(ended(17)).toMatchObject({ by: 'party', reason: 'normal' });
    // It may also have been ended within milliseconds of its making: that is for whoever knows whether it rang.
    expect(ended(21)).toMatchObject({ by: 'party', reason: 'declined' });
  });

  test('an agent had spoken with the caller before, and then the caller leaves: answered, released by the caller', () => {
    const agent = agentLeg('1001', 2);
    const records = [
      ...arrivedAlone().slice(0, 4),
      cel(1, 'CHAN_START', agent),
      cel(2, 'ANSWER', agent),
      ...hangUp(10, 'party', agent),
      said(18, 'HOTLINE_FALLBACK', 'power-service', { context: 'fallback-queue' }),
      // Of the caller Asterisk goes on naming the agent's channel.
      cel(20, 'HANGUP', { extra: JSON.stringify({ hangupcause: 16, hangupsource: agent.channel }) }),
      cel(20, 'CHAN_END'),
    ];
    const told = recordOf(records, { answered: true }).events;
    expect(told).toMatchObject([{ type: 'CallEnded', outcome: 'answered', releaseParty: 'caller' }]);
  });

  test.each(['the caller', 'the agent'])(
    'an agent had spoken with the caller before, and another, whom the queue chose, hangs up: released by the agent, when Asterisk tells of %s first',
    (first) => {
      const [before, second] = [agentLeg('1001', 2), agentLeg('1002', 3)];
      // Seen on 22.10.1: the caller's channel goes on naming the agent of before.
      const caller = [
        cel(30, 'APP_END', { app: 'Queue', context: 'fallback-queue' }),
        cel(30, 'HANGUP', { extra: JSON.stringify({ hangupcause: 16, hangupsource: before.channel }) }),
        cel(30, 'CHAN_END'),
      ];
      // However long a busy machine takes from one to the other.
      const agent = hangUp(first === 'the caller' ? 30.001 : 27, 'party', second);
      const records = [
        ...arrivedAlone().slice(0, 4),
        cel(1, 'CHAN_START', before),
        cel(2, 'ANSWER', before),
        ...hangUp(10, 'party', before),
        said(18, 'HOTLINE_FALLBACK', 'power-service', { context: 'fallback-queue' }),
        queued(20),
        cel(21, 'CHAN_START', second),
        cel(22, 'ANSWER', second),
        ...(first === 'the caller' ? [...caller, ...agent] : [...agent, ...caller]),
      ];
      const { events } = recordOf(records, { answered: true });
      expect(events.at(-1)).toMatchObject({ type: 'CallEnded', outcome: 'answered', releaseParty: 'agent' });
      expect(events.find(({ type }) => type === 'ConversationEnded')).toMatchObject({ releasedBy: 'agent' });
    },
  );

  test('an agent had spoken with the caller before, and the caller leaves another one, whom the queue chose: released by the caller', () => {
    const [before, second] = [agentLeg('1001', 2), agentLeg('1002', 3)];
    const records = [
      ...arrivedAlone().slice(0, 4),
      cel(1, 'CHAN_START', before),
      cel(2, 'ANSWER', before),
      ...hangUp(10, 'party', before),
      said(18, 'HOTLINE_FALLBACK', 'power-service', { context: 'fallback-queue' }),
      queued(20),
      cel(21, 'CHAN_START', second),
      cel(22, 'ANSWER', second),
      ...hangUp(30, 'us', second),
      cel(30, 'APP_END', { app: 'Queue', context: 'fallback-queue' }),
      cel(30, 'HANGUP', { extra: JSON.stringify({ hangupcause: 16, hangupsource: before.channel }) }),
      cel(30, 'CHAN_END'),
    ];
    expect(recordOf(records, { answered: true }).events.at(-1)).toMatchObject({
      type: 'CallEnded',
      outcome: 'answered',
      releaseParty: 'caller',
    });
  });

  test('gone before the dialplan said anything: what the first channel shows is recorded', () => {
    const first = cel(0, 'CHAN_START', {
      context: 'from-trunk',
      extension: '95598',
      callerNumber: 'anonymous',
    });
    expect(recordOf([first, ...hangUp(0.05, 'party')]).record).toMatchObject({
      source: 'trunk',
      dialledNumber: '95598',
      callerNumber: '',
      outcome: 'abandoned_in_ivr',
      sipCallId: '',
    });
  });
});

test('records that do not tell of the first channel make no call', () => {
  expect(callFromCel(served.slice(1))).toBeNull();
  expect(callFromCel([])).toBeNull();
});

test('an account that garbled what Asterisk says of a hang-up still ends the call', () => {
  const garbled = cel(9, 'HANGUP', { extra: '{"hangupcause":16,"hang' });
  expect(callFromCel([...arrivedAlone(), garbled])?.caller.ended).toEqual({
    at: start + 9_000,
    by: 'us',
    reason: 'normal',
  });
});
