import type { Centre } from '../../../services/calls/centre.ts';
import type { EventType, HotlineEvent } from '../../../services/events/events.ts';
import {
  type AgentId,
  asId,
  type FlowId,
  type HotlineId,
  type QueueId,
} from '../../../services/events/ids.ts';
import type { Flow } from '../../../services/ivr/flow.ts';
import type { Lookup, Lookups } from '../../../services/ivr/lookups.ts';
import type { Today } from '../../../services/kpi/today.ts';
import type { FakeAnswer } from '../fake-lookups.ts';
import { brokenInvariants } from '../invariants.ts';
import { type SimulatedHotline, simulateHotline } from '../simulated-hotline.ts';
import { seededRandom } from '../simulated-time.ts';
import { brokenBooks } from './books.ts';
import type { Deed } from './deeds.ts';
import { unrulyWire, type WireChances } from './unruly-wire.ts';

export type Setting = {
  readonly seed: number;
  readonly lastsMs: number;
  /** Definitions between which the centre changes; the day begins and ends with the first. */
  readonly centres: readonly Centre[];
  readonly flows: ReadonlyMap<FlowId, Flow>;
  readonly lookups: Lookups;
  readonly wire: WireChances;
  /** Also checked after every step, beside the invariants. */
  readonly alsoHolds?: (hotline: SimulatedHotline) => string[];
};

/** What a day was like: null, or what was wrong and when it showed. */
export type Outcome = {
  readonly trouble: { readonly at: number; readonly what: string } | null;
  readonly events: readonly HotlineEvent[];
  readonly checks: number;
};

/** What goes wrong of itself in the telephone system. */
const faults = { timeOutChance: 0.004, refuseChance: 0.004, repeatChance: 0.05, vanishChance: 0.002 };

/** The production engine lives through a day of deeds; after every step all invariants are looked at, and its books in the end. */
export function liveThrough(deeds: readonly Deed[], setting: Setting): Outcome {
  const [centre] = setting.centres;
  if (!centre) throw new Error('a day needs a centre');
  const chance = seededRandom(setting.seed + 1_000_003);
  const hotline = simulateHotline({
    seed: setting.seed,
    centre,
    flows: setting.flows,
    fake: { faults },
    wire: (time) => unrulyWire(time, chance, setting.wire),
  });
  const { time } = hotline;
  const beganAt = time.now();
  hotline.lookups.answersOtherwise(anyAnswer(setting.lookups, chance));
  let checks = 0;
  const outcome = (what: string | null): Outcome => ({
    trouble: what === null ? null : { at: time.now() - beganAt, what },
    events: hotline.events,
    checks,
  });

  const doer = createDoer(hotline, setting.centres);
  let next = 0;
  /** One deed is scheduled at a time: a day has tens of thousands. */
  const scheduleNext = () => {
    const deed = deeds[next];
    if (!deed) return;
    time.schedule(beganAt + deed.at - time.now(), () => {
      doer.does(deed);
      next += 1;
      scheduleNext();
    });
  };
  scheduleNext();

  /** The counts of days that are over, as they last were, with how many events had happened by then. */
  const days: { today: Today; events: number }[] = [];
  let { today } = hotline.engine.state;
  let seen = 0;
  const ends = beganAt + setting.lastsMs;
  while (time.step(ends)) {
    // The world changes by events alone.
    if (hotline.events.length === seen) continue;
    const { state } = hotline.engine;
    if (state.today.day !== today.day) days.push({ today, events: seen });
    seen = hotline.events.length;
    today = state.today;
    checks += 1;
    const broken = brokenInvariants(state.world, state.today, hotline.todayRules.localDay);
    broken.push(...(setting.alsoHolds?.(hotline) ?? []));
    if (hotline.bugs.length > 0) broken.push(`a bug: ${String(hotline.bugs[0])}`);
    if (broken.length > 0) return outcome(broken.join('; '));
  }
  doer.allGoesWell();
  const problems = brokenBooks(hotline, days);
  return outcome(problems.length > 0 ? problems.join('; ') : null);
}

/** Does deeds to a hotline. What cannot be done now (a dead controller cannot be killed) is not done. */
function createDoer(hotline: SimulatedHotline, centres: readonly Centre[]) {
  const { time, telephony } = hotline;
  let controllerIsUp = true;
  let asleep = false;
  /** The connection is lost until then. */
  let lostUntil = 0;
  const reachable = () => time.now() >= lostUntil;
  const startController = () => {
    controllerIsUp = true;
    if (reachable()) hotline.startController();
    else hotline.restartController();
  };
  const command = (asked: Parameters<typeof hotline.engine.command>[0]) => {
    if (controllerIsUp && !asleep) void hotline.engine.command(asked);
  };
  const kill = (deed: Extract<Deed, { do: 'controller-killed' }>) => {
    hotline.killController();
    hotline.centreBecomes(centres[deed.centre] ?? (centres[0] as Centre));
    time.schedule(deed.awayMs, startController);
  };

  function does(deed: Deed): void {
    switch (deed.do) {
      case 'caller': {
        const leg = telephony.callerDials({ number: deed.number, from: deed.from });
        for (const [afterMs, key] of deed.keys)
          time.schedule(afterMs, () => telephony.callerPresses(leg, key));
        time.schedule(deed.leavesAfterMs, () =>
          deed.vanishes ? telephony.callerVanishes(leg) : telephony.callerHangsUp(leg),
        );
        return;
      }
      case 'phone-behaves':
        return telephony.phone(deed.agent).behaves(deed.behaviour);
      case 'phone':
        return telephony.phone(deed.agent)[deed.act]();
      case 'agent-wants': {
        const agent = asId<AgentId>(deed.agent);
        return command({ kind: 'set-agent-state', agent, intent: deed.intent, by: deed.agent });
      }
      case 'agent-dials':
        telephony.callerDials({
          number: deed.number,
          from: deed.agent,
          source: 'agent',
          account: deed.agent,
        });
        return;
      case 'call-control':
        return command({ kind: 'control-call', control: deed.control, by: deed.control.agent });
      case 'transfer-key':
        return telephony.phone(deed.agent).asksTransfer(deed.number);
      case 'more-wrap-up': {
        const agent = asId<AgentId>(deed.agent);
        return command({ kind: 'extend-wrap-up', agent, byMs: deed.byMs, by: deed.agent });
      }
      case 'reserve':
        return command({
          kind: 'call-in-reserve',
          queue: asId<QueueId>(deed.queue),
          on: deed.on,
          by: 'lead',
        });
      case 'outside-behaves':
        return telephony.outside(deed.number, deed.behaviour);
      case 'callback-taken-back': {
        const [callbackId] = hotline.engine.state.world.callbacks.keys();
        if (callbackId !== undefined) command({ kind: 'cancel-callback', callbackId, by: 'lead' });
        return;
      }
      case 'switch':
        return command({
          kind: 'set-switch',
          hotline: asId<HotlineId>('95598'),
          name: deed.name,
          on: deed.on,
          by: 'lead',
        });
      case 'sources-take':
        return hotline.lookups.takes(deed.ms);
      case 'clock-jumps':
        return hotline.clockJumps(deed.ms);
      case 'asterisk-restarts':
        if (controllerIsUp && reachable()) telephony.restarts();
        return;
      case 'connection-lost':
        if (!reachable()) return;
        lostUntil = time.now() + deed.awayMs;
        telephony.disconnects();
        time.schedule(deed.awayMs, () => {
          if (!controllerIsUp) return;
          if (deed.died) telephony.restarts();
          else telephony.connects();
        });
        return;
      case 'controller-killed':
        if (!controllerIsUp || asleep) return;
        controllerIsUp = false;
        if (deed.muteMs === null) return kill(deed);
        hotline.muzzle(true);
        time.schedule(deed.muteMs, () => kill(deed));
        return;
      case 'controller-stands-still':
        if (!controllerIsUp || asleep) return;
        asleep = true;
        hotline.standStill(deed.ms, () => undefined);
        asleep = false;
        return;
      default:
        deed satisfies never;
    }
  }

  /** Nobody calls any more, all agents are there, and everything works: what there is comes to its end. */
  function allGoesWell(): void {
    hotline.pass(3_600_000);
    const [centre] = centres;
    if (!centre) return;
    hotline.killController();
    hotline.centreBecomes(centre);
    hotline.startController();
    const agents = [...centre.agents.keys()];
    hotline.pass(60_000);
    for (const agent of agents) {
      telephony.phone(agent).behaves({ answerAfterMs: 1_000, hangUpAfterMs: 10_000 });
      telephony.phone(agent).registers();
      hotline.setAgent(agent, { kind: 'ready' });
    }
    hotline.pass(60_000); // rings that had begun before may still be missed
    for (const agent of agents) hotline.setAgent(agent, { kind: 'ready' });
    hotline.pass(5 * 3_600_000);
  }

  return { does, allGoesWell };
}

/** What data sources may tell: something of the kind that is declared, an empty value, nothing, an error; or no answer at all. */
function anyAnswer(lookups: Lookups, random: () => number): (lookup: string) => FakeAnswer {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  return (lookup) => {
    const r = random();
    if (r < 0.5) return { result: 'found', values: anyResults(lookups.lookups.get(lookup), pick) };
    return r < 0.9 ? { result: pick(['not-found', 'failed', 'timed-out'] as const) } : null;
  };
}

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

/** The kinds of events that a day had. */
export const kindsOf = (events: readonly HotlineEvent[]): Set<EventType> =>
  new Set(events.map(({ type }) => type));
