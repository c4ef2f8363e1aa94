import type { TFunction } from 'i18next';
import { expect, test } from 'vitest';
import { whyText } from '../../dashboards/ledger/why-text.ts';
import { hotlineOf } from '../../services/calls/arrive.ts';
import type { CelRecord } from '../../services/cdr/cel-record.ts';
import { emptyLedger, foldLedger } from '../../services/cdr/ledger.ts';
import { asId, type LegId, type NodeId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import type { LedgerPort, RecordedCall, Unexplained } from '../../services/runtime/ledger-port.ts';
import { createReconciliation } from '../../services/runtime/reconcile.ts';
import { createWitness } from '../../services/runtime/witness.ts';
import { agentLeg, arrivedAlone, cel, hangUp, leftQueue, queued } from '../support/cel-lines.ts';
import { brokenInvariants } from '../support/invariants.ts';
import { simulateHotline } from '../support/simulated-hotline.ts';
import { SimulatedTime } from '../support/simulated-time.ts';

const callId = 'n1-1790000000.1';
/** A minute after the call of `cel-lines` began. */
const minuteAfter = 1_790_000_060_000;
const served = [
  ...arrivedAlone(),
  queued(4),
  cel(5, 'CHAN_START', agentLeg('1001')),
  cel(7, 'ANSWER', agentLeg('1001')),
  ...hangUp(20, 'party'),
  leftQueue(20),
  ...hangUp(20.01, 'us', agentLeg('1001')),
];

/** The engine, an account of Asterisk given by hand, and a ledger that is the fold of all events. */
function setUp(records: readonly CelRecord[]) {
  const hotline = simulateHotline({ time: new SimulatedTime(minuteAfter) });
  const calls = new Map<string, CelRecord[]>();
  const tell = (more: readonly CelRecord[]) => {
    for (const one of more) calls.set(one.linkedId, [...(calls.get(one.linkedId) ?? []), one]);
  };
  tell(records);
  const witness = createWitness(
    {
      catchUp: () => undefined,
      calls: () => calls,
      endLost: () => undefined,
      forget: (ids) => ids.forEach((id) => void calls.delete(id)),
      incomplete: () => false,
      behind: () => store.behind,
    },
    () => instant(hotline.time.now()),
  );
  const store = {
    away: false,
    behind: false,
    witnessed: new Set<string>(),
    unexplained: [] as readonly Unexplained[],
  };
  const reach = () => (store.away ? Promise.reject(new Error('away')) : Promise.resolve());
  const ledger: LedgerPort = {
    async recordsOf(ids) {
      await reach();
      const legs = hotline.of(null, 'AgentRingRequested');
      const records = foldLedger(emptyLedger(), hotline.events).calls;
      return new Map(
        ids.flatMap((id) => {
          const record = records.get(id);
          if (!record) return [];
          const own = legs.filter((ring) => ring.callId === id).map(({ legId }) => legId);
          const { endedAt, degraded, agent } = record;
          return [
            [
              id,
              {
                endedAt,
                degraded,
                answered: agent !== null,
                legs: new Set([asId<LegId>(id), ...own]),
              } satisfies RecordedCall,
            ],
          ];
        }),
      );
    },
    async noteWitnessed(noted) {
      await reach();
      for (const one of noted) store.witnessed.add(one.callId);
    },
    async recordsWithoutWitness(from, to) {
      await reach();
      return [...foldLedger(emptyLedger(), hotline.events).calls.values()].filter(
        (one) => one.startedAt >= from && one.startedAt < to && !store.witnessed.has(one.callId),
      );
    },
    async keepUnexplained(_from, found) {
      await reach();
      store.unexplained = found;
      return new Set(found.map((one) => one.callId)).size;
    },
  };
  const start = () => {
    const reconciliation = createReconciliation({
      witness,
      ledger,
      world: hotline.engine.state.world,
      rules: { nodeId: asId<NodeId>('n1'), hotlineOf: (number) => hotlineOf(hotline.centre, number) },
      importEvents: hotline.engine.importEvents,
      shipped: reach,
      clock: () => instant(hotline.time.now()),
      schedule: hotline.time.schedule,
      log: { info: () => undefined, warn: () => undefined },
    });
    reconciliation.start();
    return reconciliation;
  };
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 250) {
      for (let i = 0; i < 30; i++) await Promise.resolve();
      hotline.pass(250);
    }
  };
  return { hotline, witness, calls, tell, store, start, pass };
}

test('a call that Asterisk served alone is recorded once, also when the controller is killed right after', async () => {
  const { hotline, calls, start, pass, store } = setUp(served);
  const reconciliation = start();
  await pass(1_500);
  expect(hotline.record(callId as LegId)).toMatchObject({
    outcome: 'answered',
    agent: '1001',
    degraded: true,
  });
  reconciliation.stop();
  const before = structuredClone(hotline.engine.state.today);
  hotline.killController();
  hotline.startController();
  expect(hotline.engine.state.today).toEqual(before);
  const again = start();
  await pass(60_000);
  expect(hotline.of(callId as LegId, 'CallArrived')).toHaveLength(1);
  expect(hotline.of(callId as LegId, 'CallEnded')).toHaveLength(1);
  expect([...calls.keys()]).toEqual([]);
  expect(store).toMatchObject({ unexplained: [] });
  expect(again.unexplainedCalls()).toBe(0);
  expect(hotline.engine.state.world.calls.size).toBe(0);
  expect(brokenInvariants(hotline.engine.state.world, hotline.engine.state.today)).toEqual([]);
  again.stop();
});

test('the ends of legs that we hear of only after we hung are dated as Asterisk saw them, whoever hung up', () => {
  const { hotline, witness } = setUp(served);
  witness.catchUp();
  hotline.pass(2_000);
  const ended = (legId: string) => witness.dated({ kind: 'leg-ended', legId: asId(legId), reason: 'normal' });
  expect(ended(agentLeg('1001').uniqueId)).toMatchObject({ kind: 'leg-ended', at: 1_790_000_020_010 });
  expect(ended(callId)).toMatchObject({ kind: 'taken-to-fallback' });
});

test('after we hung, what befell callers is heard before orders that ran out of time meanwhile: the wait ends when Asterisk took the caller', () => {
  const { hotline, witness, tell } = setUp([]);
  hotline.signIn('1001', { silent: true });
  const caller = hotline.callForAPerson();
  hotline.until(() => hotline.agent('1001') === 'ringing', 'the phone rings');
  witness.catchUp();
  const hungAt = hotline.time.now();
  const [ring] = hotline.of(caller, 'AgentRingRequested');
  const phone = { uniqueId: String(ring?.legId), channel: 'PJSIP/1001-00000002' };
  const at = (ms: number) => ({ linkedId: caller, at: instant(hungAt + ms) });
  tell([
    { ...cel(0, 'CHAN_START', { uniqueId: caller }), ...at(-9_000) },
    { ...cel(0, 'CHAN_START', phone), ...at(0) },
    { ...cel(0, 'USER_DEFINED', { uniqueId: caller, userType: 'HOTLINE_FALLBACK' }), ...at(2_000) },
    // The phone was given up then: that is not the agent's doing.
    ...hangUp(0, 'party', phone, 21).map((record) => ({ ...record, ...at(2_007) })),
  ]);
  hotline.pass(2_500);
  const fates = witness.missed(hotline.engine.state.world);
  hotline.engine.fact({ kind: 'missed', fates });
  hotline.engine.fact({
    kind: 'order-failed',
    order: 'ring-agent',
    legId: asId(phone.uniqueId),
    playbackId: null,
    reason: 'timed-out',
    detail: 'no answer within 5000 ms',
  });
  expect(hotline.visits(caller)).toMatchObject([
    { outcome: 'flow_out', flowOutReason: 'service-lost', leftAt: hungAt + 2_000 },
  ]);
  expect(hotline.of(caller, 'CallTakenToFallback')).toMatchObject([{ at: hungAt + 2_000 }]);
  expect(hotline.of(caller, 'LegEnded')).toMatchObject([{ legId: phone.uniqueId, at: hungAt + 2_007 }]);
  expect(hotline.engine.state.world.legs.size).toBe(0);
  expect(['available', 'unreachable']).toContain(hotline.agent('1001'));
  expect(witness.missed(hotline.engine.state.world), 'told once').toEqual([]);
});

test.each([
  { rang: true, becomes: 'not-ready' },
  { rang: false, becomes: 'ringing' },
])(
  'Asterisk says that a phone declined while no controller was there; the phone had been heard to ring: $rang; the agent becomes $becomes',
  ({ rang, becomes }) => {
    const { hotline, witness, tell } = setUp([]);
    hotline.signIn('1001', { silent: true });
    const caller = hotline.callForAPerson();
    hotline.until(() => hotline.agent('1001') === 'ringing', 'the phone is rung');
    if (rang) hotline.until(() => hotline.of(caller, 'AgentRingStarted').length > 0, 'the phone rings');
    const { world } = hotline.engine.state;
    const [ring] = hotline.of(caller, 'AgentRingRequested');
    const phone = { uniqueId: String(ring?.legId), channel: 'PJSIP/1001-00000002' };
    const at = (ms: number) => ({ linkedId: caller, at: instant(hotline.time.now() + ms) });
    tell([
      { ...cel(0, 'CHAN_START', { uniqueId: caller }), ...at(-9_000) },
      { ...cel(0, 'CHAN_START', phone), ...at(0) },
      { ...cel(0, 'APP_START', { ...phone, app: 'Stasis', appData: `hotline,agent,${caller}` }), ...at(1) },
      ...hangUp(0, 'party', phone, 21).map((record) => ({ ...record, ...at(2) })),
    ]);
    hotline.pass(10);
    const fates = witness.fatesOf(world, asId<NodeId>('n1'), [caller]);
    expect(fates.map(({ legId }) => legId)).toEqual([phone.uniqueId]);
    hotline.engine.fact({ kind: 'missed', fates });
    if (rang) expect(hotline.agent('1001')).toBe(becomes);
    else hotline.until(() => hotline.agent('1001') === becomes, 'the phone is looked at, and rung again');
  },
);

test('what is imported gives no order and leaves the live world alone', async () => {
  const { hotline, start, pass } = setUp(served);
  const ordersBefore = hotline.telephony.live();
  const reconciliation = start();
  await pass(3_000);
  expect(hotline.telephony.live()).toEqual(ordersBefore);
  expect(hotline.agent('1001')).toBe('signed-out');
  expect(hotline.engine.state.world.timers.size).toBe(0);
  reconciliation.stop();
});

test('Postgres is away: nothing is judged and nothing told until it is back', async () => {
  const { hotline, start, pass, store } = setUp(served);
  store.away = true;
  const reconciliation = start();
  await pass(30_000);
  expect(hotline.of(callId as LegId, 'CallArrived')).toEqual([]);
  store.away = false;
  await pass(5_000);
  expect(hotline.record(callId as LegId)).toMatchObject({ outcome: 'answered' });
  reconciliation.stop();
});

test('a call in the fallback is recorded when it is over, not before, and is no mystery meanwhile', async () => {
  const { hotline, start, pass, store, tell } = setUp([...arrivedAlone(), queued(4)]);
  const reconciliation = start();
  await pass(20_000);
  expect(hotline.of(callId as LegId, 'CallArrived')).toEqual([]);
  expect(store.unexplained).toEqual([]);
  tell([leftQueue(80), ...hangUp(80.001, 'party')]);
  await pass(10_000);
  expect(hotline.record(callId as LegId)).toMatchObject({ outcome: 'abandoned_in_queue', waitMs: 76_000 });
  reconciliation.stop();
});

test('what only one witness tells of is listed with its reason, and goes when it is explained', async () => {
  const { hotline, start, pass, store, tell } = setUp([
    ...served,
    cel(10, 'CHAN_START', { ...agentLeg('1003', 9) }),
    cel(1, 'HANGUP', { linkedId: 'n1-1790000000.7', uniqueId: 'n1-1790000000.7' }),
  ]);
  const untold = hotline.call();
  hotline.pass(1_000);
  hotline.telephony.callerHangsUp(untold);
  const reconciliation = start();
  await pass(45_000);
  expect(store.unexplained.map(({ kind, id, reason }) => ({ kind, id, reason }))).toEqual(
    expect.arrayContaining([
      {
        kind: 'channel',
        id: 'n1-1790000000.7',
        reason: 'the beginning of the call is missing in the account of Asterisk',
      },
      { kind: 'record', id: untold, reason: 'the account of Asterisk tells of no such call' },
    ]),
  );
  expect(reconciliation.unexplainedCalls()).toBeGreaterThanOrEqual(2);
  // The screens can say each of them in the reader's language.
  const say = ((key: string) => key) as unknown as TFunction;
  for (const { reason } of store.unexplained) expect(whyText(reason, say)).toMatch(/^why\./);
  const began = { linkedId: untold, uniqueId: untold, at: instant(minuteAfter) };
  tell([cel(0, 'CHAN_START', began), cel(0, 'CHAN_END', began)]);
  await pass(45_000);
  expect(store.unexplained.map(({ id }) => id)).not.toContain(untold);
  reconciliation.stop();
});

test('the conversation that Asterisk connected alone stands in the states of its agent, with what is known of the time around it', async () => {
  const { hotline, start, pass, tell } = setUp([]);
  hotline.signIn('1001', { answerAfterMs: 1_000 });
  // A minute before the call that is told of.
  const signedInAt = minuteAfter;
  hotline.killController();
  hotline.pass(120_000);
  const at = (seconds: number) => (signedInAt - 1_790_000_000_000) / 1_000 + 60 + seconds;
  const leg = agentLeg('1001');
  tell([
    ...arrivedAlone().map((record) => ({ ...record, at: instant(record.at + at(0) * 1_000) })),
    queued(at(4)),
    cel(at(5), 'CHAN_START', leg),
    cel(at(7), 'ANSWER', leg),
    leftQueue(at(20)),
    ...hangUp(at(20), 'party'),
    ...hangUp(at(20.01), 'us', leg),
  ]);
  hotline.startController();
  const reconciliation = start();
  await pass(5_000);
  reconciliation.stop();
  const ledger = foldLedger(emptyLedger(), hotline.events);
  const intervals = [...ledger.closedIntervals, ...ledger.openIntervals.values()]
    .filter(({ agent }) => agent === '1001')
    .sort((a, b) => a.startedAt - b.startedAt);
  const since = signedInAt + 60_000;
  expect(
    intervals
      .slice(-4)
      .map(({ state, callId: call, startedAt, endedAt }) => [
        state,
        call,
        startedAt - since,
        endedAt && endedAt - since,
      ]),
  ).toEqual([
    ['available', null, expect.any(Number), 5_000],
    ['ringing', callId, 5_000, 7_000],
    ['on-call', callId, 7_000, 20_000],
    ['available', null, 20_000, null],
  ]);
  intervals.forEach((one, i) => void (i > 0 && expect(one.startedAt).toBe(intervals[i - 1]?.endedAt)));
  const counts = hotline.engine.state.today.queues['power-service' as never];
  expect(counts).toMatchObject({ offered: 1, answered: 1, talkMs: 13_000, ringMs: 2_000 });
});

test('after a long time away thousands of calls are told into the records, each once; nothing is judged before all is read', async () => {
  const ids = Array.from({ length: 1_000 }, (_, n) => `n1-1790000000.${1_000 + n}`);
  const rename = (id: string) => (record: CelRecord) => ({
    ...record,
    linkedId: id,
    uniqueId: record.uniqueId === callId ? id : `${id}-agent`,
  });
  const { hotline, start, pass, store, calls } = setUp(ids.flatMap((id) => served.map(rename(id))));
  const lost = { linkedId: 'n1-1790000000.7', uniqueId: 'n1-1790000000.7' };
  calls.set(lost.linkedId, [cel(1, 'HANGUP', lost)]);
  store.behind = true;
  const reconciliation = start();
  await pass(60_000);
  expect(new Set(hotline.of(null, 'CallEnded').map((event) => event.callId)).size).toBe(1_000);
  expect(hotline.of(null, 'CallEnded')).toHaveLength(1_000);
  expect(store.unexplained).toEqual([]);
  store.behind = false;
  await pass(45_000);
  expect(store.unexplained.map(({ id }) => id)).toEqual([lost.linkedId]);
  expect([...calls.keys()]).toEqual([lost.linkedId]);
  reconciliation.stop();
});
