import { join } from 'node:path';
import { stateOf } from '../../services/agents/agent.ts';
import type { Centre } from '../../services/calls/centre.ts';
import { emptyWorld } from '../../services/calls/world.ts';
import { emptyLedger, foldLedger } from '../../services/cdr/ledger.ts';
import type { AgentIntent, EventOf, EventType, HotlineEvent } from '../../services/events/events.ts';
import {
  type AgentId,
  asId,
  type CallId,
  type FlowId,
  type LegId,
  type NodeId,
} from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import type { Flow } from '../../services/ivr/flow.ts';
import type { FlowShelf } from '../../services/ivr/flow-shelf.ts';
import type { Lookups } from '../../services/ivr/lookups.ts';
import { localDayIn } from '../../services/kpi/local-day.ts';
import { createToday } from '../../services/kpi/today.ts';
import { loadCentre } from '../../services/runtime/centre-file.ts';
import { createEngine, replay } from '../../services/runtime/engine.ts';
import { loadFlows } from '../../services/runtime/flow-files.ts';
import { loadLookups } from '../../services/runtime/lookups-file.ts';
import { readSnapshot, writeSnapshot } from '../../services/runtime/snapshot.ts';
import { createSteadyClock } from '../../services/runtime/steady-clock.ts';
import type { TelephonyFact } from '../../services/runtime/telephony-port.ts';
import { createFakeLookups } from './fake-lookups.ts';
import { createFakeTelephony, type FakeTelephony, type FakeTelephonyOptions } from './fake-telephony.ts';
import { smallFlows } from './read-flows.ts';
import { rulesOf } from './rules.ts';
import { SimulatedTime, seededRandom } from './simulated-time.ts';

const dialplans = join(import.meta.dirname, '../../dialplans');
export const demoCentre = loadCentre(join(dialplans, 'centre.yaml'));
const demoLookups = loadLookups(join(dialplans, 'lookups.yaml'));
export const demoFlows = loadFlows(join(dialplans, 'ivr'), join(dialplans, 'prompts'), demoCentre);

export const startOfTest = Date.parse('2026-03-02T09:00:00+08:00');

export type SimulatedHotline = ReturnType<typeof simulateHotline>;

/** The production engine on simulated time, with a telephone system that behaves, for scenarios that read as a story. */
export function simulateHotline(
  options: {
    seed?: number;
    centre?: Centre;
    flows?: ReadonlyMap<FlowId, Flow>;
    /** What flows can look up; the demo's unless said otherwise. */
    lookups?: Lookups;
    /** Instead of `flows`: several versions, of which the test says which are in force. */
    shelf?: FlowShelf;
    fake?: Partial<FakeTelephonyOptions>;
    time?: SimulatedTime;
    /** What facts meet on their way to the controller. */
    wire?: (time: SimulatedTime) => (fact: TelephonyFact, deliver: (fact: TelephonyFact) => void) => void;
    /** Told of what each step journals, besides the list of events. */
    onAppend?: (events: readonly HotlineEvent[]) => void;
  } = {},
) {
  const time = options.time ?? new SimulatedTime(startOfTest);
  let wallIsAheadMs = 0;
  const clock = createSteadyClock({ wallMs: () => time.now() + wallIsAheadMs, monotonicMs: time.now });
  const random = seededRandom(options.seed ?? 1);
  let centre = options.centre ?? demoCentre;
  const wire = options.wire?.(time) ?? ((fact, deliver) => deliver(fact));
  const flows = options.flows ?? smallFlows;
  const events: HotlineEvent[] = [];
  const bugs: unknown[] = [];
  let telephony: FakeTelephony;
  const todayRules = {
    localDay: localDayIn('Asia/Shanghai'),
    thresholdsOf: (queue: Parameters<typeof centre.queues.get>[0]) => centre.queues.get(queue),
  };
  let runs = 0;
  let snapshot: string | null = null;
  /** A controller that goes on where the events so far end. */
  const startController = () => {
    // As at work: a snapshot, here of when the last controller started, and the events since.
    const state = (snapshot === null ? null : readSnapshot(snapshot)) ?? {
      world: emptyWorld(),
      today: createToday(todayRules.localDay(instant(time.now()))),
      seq: 0,
    };
    replay(state, events.slice(state.seq), todayRules);
    snapshot = writeSnapshot(state);
    let alive = true;
    runs += 1;
    const started = createEngine({
      rules: { ...rulesOf(centre, flows), ...(options.shelf && { flows: options.shelf }) },
      todayRules,
      // What a killed controller had decided and not yet sent is lost.
      telephony: { perform: (order) => (alive && !muzzled ? telephony.perform(order) : undefined) },
      lookups: { ask: (order) => (alive && !muzzled ? lookups.port.ask(order) : undefined) },
      checkPhones: (agent) => telephony.checkPhones(agent),
      journal: {
        append: (made) => {
          events.push(...made);
          options.onAppend?.(made);
        },
      },
      // Whole milliseconds, as the clock of the machine gives them.
      clock: clock.now,
      schedule: (ms, callback) => time.schedule(ms, () => whenAwake('timers', callback)),
      defer: (work) => void (toldTogether ? toldTogether.push(work) : work()),
      instance: `sim${options.seed ?? 1}-${runs}`,
      journalId: 'sim',
      onBug: (error) => void bugs.push(error),
      state,
    });
    started.record({ type: 'ControllerStarted', instance: `${runs}`, adoptedCalls: state.world.calls.size });
    return {
      engine: started,
      kill: () => {
        alive = false;
        started.stop();
      },
    };
  };
  let muzzled = false;
  /** What comes while the controller stands still; timers, which are looked at first afterwards, and facts. */
  let asleep: { timers: (() => void)[]; facts: (() => void)[] } | null = null;
  /** What is to be done when all that is told in one go has been told. */
  let toldTogether: (() => void)[] | null = null;
  const whenAwake = (what: 'timers' | 'facts', act: () => void) =>
    void (asleep ? asleep[what].push(act) : act());
  const lookups = createFakeLookups({
    time,
    lookups: options.lookups ?? demoLookups,
    sink: (answer) => whenAwake('facts', () => controller.engine.lookupEnded(answer)),
  });
  let controller = startController();
  telephony = createFakeTelephony({
    scheduler: time,
    random,
    sink: (fact) => wire(fact, (told) => whenAwake('facts', () => controller.engine.fact(told))),
    nodeId: asId<NodeId>('n1'),
    recordings: () =>
      [...controller.engine.state.world.calls.values()].flatMap(({ legId, recording }) =>
        recording ? [[legId, recording.id] as const] : [],
      ),
    inOneGo: (tell) => {
      const then: (() => void)[] = [];
      toldTogether = then;
      tell();
      toldTogether = null;
      for (const work of then) work();
    },
    ...options.fake,
  });

  const hotline = {
    time,
    random,
    get centre() {
      return centre;
    },
    flows,
    get engine() {
      return controller.engine;
    },
    /** kill -9: no more orders, no more facts; events already journalled stay. */
    killController(): void {
      controller.kill();
      telephony.disconnects('the controller was killed');
    },
    /** The controller does nothing for so long, while the world goes on; its timers come first afterwards, as in Node. */
    standStill(ms: number, meanwhile: () => void): void {
      const late = { timers: [], facts: [] } as NonNullable<typeof asleep>;
      asleep = late;
      meanwhile();
      time.pass(ms);
      asleep = null;
      for (const act of [...late.timers, ...late.facts]) act();
    },
    /** The wall clock of the machine is set. */
    clockJumps(ms: number): void {
      wallIsAheadMs += ms;
    },
    /** How much later than the wall clock records are stamped. */
    stampsAheadMs: () => clock.aheadMs(),
    /** The controller's orders get lost from here on, as when it is killed between journal and effect. */
    muzzle(on: boolean): void {
      muzzled = on;
    },
    /** Another definition of the centre: the next controller goes by it. */
    centreBecomes(next: Centre): void {
      centre = next;
    },
    startController(): void {
      hotline.restartController();
      telephony.connects();
    },
    /** The same, while Asterisk cannot be reached. */
    restartController(): void {
      muzzled = false;
      controller = startController();
    },
    telephony,
    lookups,
    events,
    bugs,
    todayRules,
    pass: (ms: number) => time.pass(ms),
    call: (number = '95598', from = '13800138000') => telephony.callerDials({ number, from }),
    /** Dials, hears the welcome, presses 0 and waits until the call is in the queue. */
    callForAPerson(from = '13800138000'): LegId {
      const leg = hotline.call('95598', from);
      hotline.until(() => hotline.stage(leg) === 'ivr', 'the menu answers');
      time.pass(2_500);
      telephony.callerPresses(leg, '0');
      hotline.until(() => hotline.of(leg, 'CallQueued').length > 0, 'the call is queued');
      return leg;
    },
    setAgent(agent: string, intent: AgentIntent): void {
      void controller.engine.command({
        kind: 'set-agent-state',
        agent: asId<AgentId>(agent),
        intent,
        by: agent,
      });
    },
    /** Registers the agent's phone and makes the agent ready. */
    signIn(agent: string, behaviour: Parameters<ReturnType<FakeTelephony['phone']>['behaves']>[0]) {
      const phone = telephony.phone(agent);
      phone.behaves(behaviour);
      phone.registers();
      hotline.until(
        () => (controller.engine.state.world.agents.get(asId(agent))?.devices.length ?? 0) > 0,
        'phone registers',
      );
      hotline.setAgent(agent, { kind: 'ready' });
      return phone;
    },
    agent(agent: string) {
      const found = controller.engine.state.world.agents.get(asId<AgentId>(agent));
      return found ? stateOf(found) : 'signed-out';
    },
    stage: (leg: LegId) => controller.engine.state.world.calls.get(asId<CallId>(leg))?.stage.kind,
    of<T extends EventType>(leg: LegId | null, type: T): EventOf<T>[] {
      return events.filter(
        (e): e is EventOf<T> =>
          e.type === type && (leg === null || ('callId' in e && e.callId === asId<CallId>(leg))),
      );
    },
    until(condition: () => boolean, what: string, withinMs = 120_000) {
      time.passUntil(condition, withinMs, what);
    },
    untilEnded(leg: LegId) {
      hotline.until(() => hotline.of(leg, 'CallEnded').length > 0, `call ${leg} ends`, 3_600_000);
    },
    record(leg: LegId) {
      const record = foldLedger(emptyLedger(), events).calls.get(asId<CallId>(leg));
      if (!record) throw new Error(`no record of ${leg}`);
      return record;
    },
    visits: (leg: LegId) =>
      [...foldLedger(emptyLedger(), events).visits.values()].filter((v) => v.callId === asId<CallId>(leg)),
  };
  telephony.connects();
  time.pass(10);
  return hotline;
}
