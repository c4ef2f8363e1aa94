import { join } from 'node:path';
import { expect, test } from 'vitest';
import { limitsMs } from '../../services/calls/timers.ts';
import { emptyWorld } from '../../services/calls/world.ts';
import { emptyLedger, foldLedger } from '../../services/cdr/ledger.ts';
import type { EventType } from '../../services/events/events.ts';
import { asId, type HotlineId } from '../../services/events/ids.ts';
import type { Lookup } from '../../services/ivr/lookups.ts';
import { countsToday, createToday } from '../../services/kpi/today.ts';
import { replay } from '../../services/runtime/engine.ts';
import { loadLookups } from '../../services/runtime/lookups-file.ts';
import { readSnapshot, writeSnapshot } from '../../services/runtime/snapshot.ts';
import type { FakeAnswer } from '../support/fake-lookups.ts';
import type { PhoneBehaviour } from '../support/fake-telephony.ts';
import { brokenInvariants, unmatchedEvents } from '../support/invariants.ts';
import { everyKindFlows } from '../support/read-flows.ts';
import { demoFlows, simulateHotline } from '../support/simulated-hotline.ts';

/** More seeds with HOTLINE_TEST_SEEDS=n; one alone with HOTLINE_TEST_SEED=n. */
const one = process.env.HOTLINE_TEST_SEED;
const seeds = one
  ? [Number(one)]
  : Array.from({ length: Number(process.env.HOTLINE_TEST_SEEDS ?? 25) }, (_, i) => i + 1);
const simulatedMs = 60 * 60_000;
const lookups = loadLookups(join(import.meta.dirname, '../../dialplans/lookups.yaml'));
/** What these hours had in them. */
const happened = new Set<EventType>();

test.each(seeds)('an hour of random callers, agents and faults breaks no invariant (seed %i)', (seed) => {
  /** Two of three hours are of self service, by callers who press all there is to press: a flow with nodes of every kind, and the hotlines' own. */
  const selfService = seed % 3 !== 0;
  const hotline = simulateHotline({
    seed,
    ...(selfService && { flows: seed % 3 === 1 ? everyKindFlows : demoFlows }),
    fake: { faults: { timeOutChance: 0.004, refuseChance: 0.004, repeatChance: 0.05, vanishChance: 0.002 } },
  });
  const { time, random, telephony } = hotline;
  const agents = [...hotline.centre.agents.keys()];
  const ends = time.now() + simulatedMs;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const exponential = (meanMs: number) => -Math.log(1 - random()) * meanMs;
  hotline.lookups.answersOtherwise((lookup): FakeAnswer => {
    const r = random();
    if (r < 0.5) return { result: 'found', values: anyResults(lookups.lookups.get(lookup), pick) };
    return r < 0.9 ? { result: pick(['not-found', 'failed', 'timed-out'] as const) } : null;
  });
  const leadLives = () => {
    if (time.now() >= ends) return;
    hotline.lookups.takes(exponential(800));
    const [hotlineId, name] = [asId<HotlineId>('95598'), pick(['emergency-closed', 'surge'])];
    void hotline.engine.command({
      kind: 'set-switch',
      hotline: hotlineId,
      name,
      on: random() < 0.3,
      by: 'lead',
    });
    time.schedule(exponential(120_000), leadLives);
  };
  if (selfService) leadLives();
  const keys = selfService
    ? [...'0123456789*#', '2', '12345#', '1234', '212345#']
    : ['0', '0', '1', '9', '*', '7'];
  const presses = selfService ? 12 : 4;
  const behaviour = (): PhoneBehaviour => {
    const r = random();
    if (r < 0.7) return { answerAfterMs: exponential(4_000), hangUpAfterMs: exponential(90_000) };
    if (r < 0.78) return { declineAfterMs: exponential(2_000), as: pick(['declined', 'busy'] as const) };
    if (r < 0.86) return { silent: true };
    if (r < 0.92) return { mute: true };
    return r < 0.97 ? { unreachable: true } : { answerAfterMs: 0 };
  };
  const agentLives = (agent: string) => {
    if (time.now() >= ends) return;
    const phone = telephony.phone(agent);
    phone.behaves(behaviour());
    const r = random();
    if (r < 0.45) {
      phone.registers();
      hotline.setAgent(agent, { kind: 'ready' });
    } else if (r < 0.55) hotline.setAgent(agent, { kind: 'not-ready', reason: 'break' });
    else if (r < 0.6) hotline.setAgent(agent, { kind: 'signed-out' });
    else if (r < 0.65) phone.vanishes();
    else if (r < 0.7) phone.unregisters();
    else if (r < 0.75) phone.hangsUp();
    else if (r < 0.85) phone.holds();
    else if (r < 0.95) phone.resumes();
    else
      telephony.callerDials({
        number: pick(['*11', '*12', '*10', '95598']),
        from: agent,
        source: 'agent',
        account: agent,
      });
    time.schedule(exponential(60_000), () => agentLives(agent));
  };
  const callerLives = () => {
    if (time.now() >= ends) return;
    const leg = telephony.callerDials({
      number: pick(['95598', '95598', '10050', '12345']),
      from: '13800138000',
    });
    for (let at = exponential(4_000), n = 0; n < presses; n++, at += exponential(5_000))
      for (const [index, key] of pick(keys).split('').entries())
        time.schedule(at + index * 300, () => telephony.callerPresses(leg, key));
    time.schedule(exponential(120_000), () =>
      random() < 0.1 ? telephony.callerVanishes(leg) : telephony.callerHangsUp(leg),
    );
    time.schedule(exponential(9_000), callerLives);
  };
  const networkLives = () => {
    if (time.now() >= ends) return;
    const r = random();
    if (random() < 0.3) hotline.clockJumps(pick([-3_600_000, 3_600_000, -2_000, 2_000]));
    if (r < 0.2) telephony.restarts();
    else if (r < 0.6) {
      // kill -9 of the controller, sometimes between deciding and sending.
      hotline.muzzle(random() < 0.5);
      time.schedule(exponential(20), () => {
        hotline.killController();
        time.schedule(exponential(3_000), () => hotline.startController());
      });
    } else {
      telephony.disconnects();
      // Mostly for seconds; sometimes for so long that its calls are written off; and sometimes it died meanwhile.
      const awayMs = exponential(random() < 0.8 ? 3_000 : limitsMs.nodeInDoubt);
      const back = random() < 0.8 ? telephony.connects : telephony.restarts;
      time.schedule(awayMs, back);
    }
    time.schedule(10_000 + exponential(5 * 60_000), networkLives);
  };
  for (const agent of agents) time.schedule(exponential(10_000), () => agentLives(agent));
  callerLives();
  time.schedule(exponential(5 * 60_000), networkLives);

  while (time.step(ends)) {
    const broken = brokenInvariants(hotline.engine.state.world, hotline.engine.state.today);
    if (broken.length > 0)
      expect.fail(`seed ${seed}, ${new Date(time.now()).toISOString()}: ${broken.join('; ')}`);
  }

  hotline.pass(60_000);
  // Arrivals have stopped and agents are available: everything comes to its end.
  telephony.connects();
  for (const agent of agents) {
    telephony.phone(agent).behaves({ answerAfterMs: 1_000, hangUpAfterMs: 10_000 });
    telephony.phone(agent).registers();
    hotline.setAgent(agent, { kind: 'ready' });
  }
  hotline.pass(60_000); // rings that had begun before may still be missed
  for (const agent of agents) hotline.setAgent(agent, { kind: 'ready' });
  hotline.pass(5 * 3_600_000);
  expect(hotline.bugs, `seed ${seed}`).toEqual([]);
  expect(telephony.live(), `seed ${seed}`).toEqual({ legs: [], bridges: [], playbacks: [] });
  expect([...hotline.engine.state.world.calls.keys()], `seed ${seed}`).toEqual([]);
  expect([...hotline.engine.state.world.legs.keys()], `seed ${seed}`).toEqual([]);
  expect(unmatchedEvents(hotline.events), `seed ${seed}`).toEqual([]);
  const states = Object.fromEntries(agents.map((a) => [a, hotline.agent(a)]));
  expect(states, `seed ${seed}`).toEqual(Object.fromEntries(agents.map((a) => [a, 'available'])));
  expect(hotline.of(null, 'CallConnected').length, 'calls were answered at all').toBeGreaterThan(20);
  expect(hotline.of(null, 'NodeConnected').length, 'connections were lost at all').toBeGreaterThan(1);
  for (const { type } of hotline.events) happened.add(type);

  // However the wall clock was set, no time is negative or absurd.
  const longestMs = (limitsMs.longestCall + limitsMs.nodeInDoubt) * 1.06;
  const times = [...foldLedger(emptyLedger(), hotline.events).calls.values()].flatMap((call) => [
    (call.endedAt ?? 0) - call.startedAt,
    call.talkMs,
    call.waitMs,
  ]);
  expect(
    times.filter((ms) => ms < 0 || ms > longestMs),
    `seed ${seed}`,
  ).toEqual([]);

  // Double books: the live counts are those of the records.
  const { calls, visits } = foldLedger(emptyLedger(), hotline.events);
  expect([...calls.values()].filter((call) => call.outcome === null || call.endedAt === null)).toEqual([]);
  expect(calls.size, `seed ${seed}`).toBe(hotline.of(null, 'CallArrived').length);
  for (const queue of hotline.centre.queues.keys()) {
    const counts = countsToday(hotline.engine.state.today, queue);
    const ofQueue = [...visits.values()].filter((visit) => visit.queue === queue);
    const count = (outcome: string) => ofQueue.filter((visit) => visit.outcome === outcome).length;
    expect(counts, `seed ${seed}`).toMatchObject({
      offered: ofQueue.length,
      answered: count('answered'),
      abandoned: count('abandoned'),
      flowOut: count('flow_out'),
      waitAnsweredMs: ofQueue.reduce((ms, v) => ms + (v.outcome === 'answered' ? (v.waitMs ?? 0) : 0), 0),
    });
  }

  // The journal alone leads to the same state, and so does a snapshot.
  const replayed = { world: emptyWorld(), today: createToday(hotline.engine.state.today.day), seq: 0 };
  replay(replayed, hotline.events, hotline.todayRules);
  const { timers: _a, ...world } = hotline.engine.state.world;
  const { timers: _b, ...worldAgain } = replayed.world;
  expect({ ...replayed, world: worldAgain }, `seed ${seed}`).toEqual({ ...hotline.engine.state, world });
  expect(readSnapshot(writeSnapshot(hotline.engine.state)), `seed ${seed}`).toEqual(hotline.engine.state);
});

// Of all hours together: one alone, repeated by its seed, need not have it all.
if (one === undefined)
  test('in these hours there was all that callers can do without an agent', () => {
    const selfService: EventType[] = [
      'LookupEnded',
      'FlowValuesSet',
      'SurveyAnswered',
      'WaitAnnounced',
      'SwitchChanged',
    ];
    expect(selfService.filter((type) => !happened.has(type))).toEqual([]);
  });

/** Values as a source could tell them, of the kinds that are declared. */
function anyResults(lookup: Lookup | undefined, pick: <T>(list: readonly T[]) => T): Record<string, string> {
  const values = {
    text: ['somewhere', ''],
    digits: ['3100000001', '250001', ''],
    amount: ['0.00', '128.50', '-0.05', ''],
    count: ['0', '12', ''],
    date: ['2026-03-05', ''],
    time: ['09:30', ''],
  };
  return Object.fromEntries(
    [...(lookup?.results ?? [])].map(([name, type]) => [
      name,
      type.kind === 'code' ? pick([...type.codes, '']) : pick(values[type.kind]),
    ]),
  );
}
