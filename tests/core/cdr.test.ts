import { describe, expect, test } from 'vitest';
import { emptyLedger, foldLedger } from '../../services/cdr/ledger.ts';
import { asId, type CallId, type LegId, type VisitId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import { type CallPlan, eventsOfCall, historyOf, numbered, type VisitPlan } from '../support/histories.ts';

const nine = instant(Date.parse('2026-03-02T09:00:00+08:00'));
const call = asId<CallId>('c1');

const visit = (end: VisitPlan['end'], rest: Partial<VisitPlan> = {}): VisitPlan => ({
  queue: 'billing',
  beforeMs: 8_000,
  waitMs: 12_000,
  missedRings: [],
  end,
  ...rest,
});
const answered = (
  agent: string,
  talkMs: number,
  holdMs = 0,
  wrapUpMs: number | null = 10_000,
): VisitPlan['end'] => ({ kind: 'answered', agent, ringMs: 4_000, talk: { talkMs, holdMs }, wrapUpMs });

const ledgerOf = (...visits: VisitPlan[]) =>
  foldLedger(
    emptyLedger(),
    historyOf([{ call: 'c1', arrivedAt: nine, callerNumber: '13800138000', visits }]),
  );
const recordOf = (...visits: VisitPlan[]) => ledgerOf(...visits).calls.get(call);

describe('one record per call', () => {
  test('answered call: waits, rings, talks, holds and wraps up, each in its own column', () => {
    expect(recordOf(visit(answered('1001', 60_000, 7_000)))).toMatchObject({
      callId: 'c1',
      callerNumber: '13800138000',
      dialledNumber: '95598',
      hotline: '95598',
      startedAt: nine,
      endedAt: nine + 8_000 + 12_000 + 67_000,
      outcome: 'answered',
      releaseParty: 'caller',
      queue: 'billing',
      agent: '1001',
      waitMs: 12_000,
      ringMs: 4_000,
      talkMs: 60_000,
      holdMs: 7_000,
      wrapUpMs: 10_000,
      sipCallId: 'c1@carrier',
    });
  });

  test('caller leaves in the menu: no queue, no agent, no times', () => {
    expect(recordOf()).toMatchObject({
      outcome: 'abandoned_in_ivr',
      queue: null,
      agent: null,
      waitMs: 0,
      wrapUpMs: 0,
    });
  });

  test('caller leaves while the phone rings: the ringing is wait, not ring; no agent spoke', () => {
    const ledger = ledgerOf(visit({ kind: 'abandoned', whileRinging: '1001' }));
    expect(ledger.calls.get(call)).toMatchObject({
      outcome: 'abandoned_in_queue',
      releaseParty: 'caller',
      queue: 'billing',
      agent: null,
      waitMs: 12_000,
      ringMs: 0,
      talkMs: 0,
    });
    expect(ledger.conversations.size).toBe(0);
  });

  test('the first agent is lost and the call queues again: times add up, the last agent and queue stay', () => {
    const ledger = ledgerOf(
      visit(answered('1001', 20_000)),
      visit(answered('1002', 30_000, 5_000, 40_000), { queue: 'faults', beforeMs: 2_000, waitMs: 6_000 }),
    );
    expect(ledger.calls.get(call)).toMatchObject({
      outcome: 'answered',
      queue: 'faults',
      agent: '1002',
      waitMs: 18_000,
      ringMs: 8_000,
      talkMs: 50_000,
      holdMs: 5_000,
      wrapUpMs: 50_000,
    });
    expect(
      [...ledger.visits.values()].map(({ queue, outcome, agent }) => ({ queue, outcome, agent })),
    ).toEqual([
      { queue: 'billing', outcome: 'answered', agent: '1001' },
      { queue: 'faults', outcome: 'answered', agent: '1002' },
    ]);
  });

  test('flows out of one queue into the next: two visits, waits of both', () => {
    const ledger = ledgerOf(
      visit({ kind: 'flow_out' }),
      visit({ kind: 'abandoned', whileRinging: null }, { queue: 'faults' }),
    );
    expect([...ledger.visits.values()].map((one) => one.outcome)).toEqual(['flow_out', 'abandoned']);
    expect(ledger.calls.get(call)).toMatchObject({
      queue: 'faults',
      waitMs: 24_000,
      outcome: 'abandoned_in_queue',
    });
  });

  test('an agent still wraps up: the wrap-up is not known yet', () => {
    expect(recordOf(visit(answered('1001', 60_000, 0, null)))).toMatchObject({
      outcome: 'answered',
      wrapUpMs: null,
    });
  });

  test('wrap-up ends after the call has ended: the record is completed', () => {
    const events = historyOf([
      { call: 'c1', arrivedAt: nine, callerNumber: '', visits: [visit(answered('1001', 60_000, 0, 30_000))] },
    ]);
    const types = events.map((event) => event.type);
    expect(types.at(-1)).toBe('WrapUpEnded');
    expect(types).toContain('CallEnded');
    expect(foldLedger(emptyLedger(), events).calls.get(call)?.wrapUpMs).toBe(30_000);
  });

  test('a history that begins in the middle of a call makes no record, but a whole visit', () => {
    const events = historyOf([
      {
        call: 'c1',
        arrivedAt: nine,
        callerNumber: '',
        visits: [visit({ kind: 'abandoned', whileRinging: null })],
      },
    ]);
    const end = events.findIndex((event) => event.type === 'VisitEnded');
    const ledger = foldLedger(emptyLedger(), events.slice(end));
    expect(ledger.calls.size).toBe(0);
    expect(ledger.visits.get(asId<VisitId>('c1/v1'))).toMatchObject({
      queuedAt: nine + 8_000,
      leftAt: nine + 20_000,
      outcome: 'abandoned',
      waitMs: 12_000,
    });
  });
});

test('a conversation belongs to the visit that led to it, and its handle time is talk + hold + wrap-up', () => {
  const conversation = ledgerOf(visit(answered('1001', 60_000, 7_000))).conversations.get(
    asId<LegId>('c1/v1/a'),
  );
  expect(conversation).toMatchObject({
    queuedAt: nine + 8_000,
    answeredAt: nine + 20_000,
    endedAt: nine + 87_000,
    releasedBy: 'caller',
    handleMs: 77_000,
  });
});

test('folding in two parts, at any place, gives the same ledger', () => {
  const plan: CallPlan = {
    call: 'c1',
    arrivedAt: nine,
    callerNumber: '13800138000',
    visits: [
      visit(answered('1001', 20_000), {
        missedRings: [{ agent: '1003', ringMs: 5_000, result: 'declined' }],
      }),
      visit(answered('1002', 30_000)),
    ],
  };
  const events = numbered(eventsOfCall(plan));
  const whole = foldLedger(emptyLedger(), events);
  for (let cut = 0; cut <= events.length; cut++) {
    const first = foldLedger(emptyLedger(), events.slice(0, cut));
    expect(foldLedger(first, events.slice(cut))).toEqual(whole);
  }
});
