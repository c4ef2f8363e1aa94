import type { AgentId, BridgeId, LegId, PlaybackId, RecordingId } from '../../services/events/ids.ts';
import { asId } from '../../services/events/ids.ts';
import type { Device } from '../../services/events/vocabulary.ts';
import type { TelephonyFact, TelephonyOrder, TelephonyPort } from '../../services/runtime/telephony-port.ts';
import { FakeAsterisk } from './fake-telephony/asterisk.ts';
import { carryOut, legOf, legsOf } from './fake-telephony/orders.ts';
import { Outbox } from './fake-telephony/outbox.ts';
import { type FakePhone, fakePhone } from './fake-telephony/phone.ts';
import { endRecording, keyEndsRecording } from './fake-telephony/recorder.ts';
import { phoneAnswers, phoneDeclines } from './fake-telephony/ringing.ts';
import type {
  DialledCall,
  FakeTelephonyOptions,
  Faults,
  Leg,
  PhoneBehaviour,
} from './fake-telephony/types.ts';

export type { FakePhone } from './fake-telephony/phone.ts';
export type {
  DialledCall,
  FakeTelephonyOptions,
  Faults,
  PhoneBehaviour,
  Scheduler,
} from './fake-telephony/types.ts';

/**
 * A telephone system that behaves, on simulated time: orders take effect late, facts come later still and in any
 * order between legs, requests fail late, legs vanish, orders may meet dead legs. Deterministic: time comes from
 * `scheduler`, chance from `random`. It starts disconnected: `connects()` tells `node-up` and every phone.
 *
 * Promises kept by the real adapter too (the contract tests hold both to them):
 * - `perform` never throws, and never tells a fact before it returns;
 * - facts of a leg come in order, `leg-ended` once and last; only `order-failed` may come after it;
 * - `ring-agent` and `dial-out` end in exactly one of `leg-ended` and `order-failed` for their leg;
 * - a hang-up fails only with `unavailable` (the node is down); what it asked for is then still to be done;
 * - `leg-ringing` and `playback-finished` may come twice, and `leg-answered` once per `answer`;
 * - an `arrived` may be repeated after `node-up`;
 * - a leg that died while the node was down gets no `leg-ended`: it is missing from `node-up`'s list;
 * - a `connect` waits until what the caller hears is over, and what is ordered for either leg after it waits for it.
 */
export type FakeTelephony = TelephonyPort & {
  /** A caller sends an INVITE. While disconnected the node serves the call by itself: the id is for the record only. */
  callerDials(call: DialledCall): LegId;
  callerPresses(legId: LegId, digit: string): void;
  callerHangsUp(legId: LegId): void;
  /** The caller's end falls silent: the leg ends after the media time-out. */
  callerVanishes(legId: LegId): void;
  phone(agent: AgentId | string, device?: Device): FakePhone;
  /** An outside number, for calls of ours: how it deals with ringing from now on. */
  outside(number: string, behaviour: PhoneBehaviour): void;
  /** The leg to an outside number, ringing or up; for its hang-up, see `callerHangsUp`. */
  outsideLeg(number: string): LegId | null;
  outsideAnswers(number: string): void;
  outsideDeclines(number: string): void;
  /** What recordings left. */
  kept(): readonly { recordingId: RecordingId; durationMs: number; soundMs: number }[];
  /** Tells which phones of the agent can be rung, seconds later: by then one that does not answer is known to be gone. */
  checkPhones(agent: AgentId): void;
  connects(): void;
  disconnects(because?: string): void;
  /** Asterisk dies and comes back with nothing; connection down, then up. */
  restarts(): void;
  /** Calls that came in while disconnected: no fact was told. */
  readonly servedByFallback: LegId[];
  /** What is left over. */
  live(): { legs: LegId[]; bridges: BridgeId[]; playbacks: PlaybackId[] };
  /** Who is in which bridge, and who hears music: what a listener would notice. */
  hears(legId: LegId): { music: boolean; playing: PlaybackId[]; with: LegId[] };
};

const noFaults: Faults = { timeOutChance: 0, refuseChance: 0, repeatChance: 0, vanishChance: 0 };
const requestTimeoutMs = 5_000;
/** As in services/adapters/ami/look-again.ts. */
const lookAgainMs = 4_000;

export function createFakeTelephony(options: FakeTelephonyOptions): FakeTelephony {
  const { scheduler, random, sink, nodeId } = options;
  const inOneGo = options.inOneGo ?? ((tell) => tell());
  const { min, max } = options.latencyMs ?? { min: 1, max: 8 };
  const latency = () => min + random() * (max - min);
  const outbox = new Outbox(scheduler, sink, latency);
  const faults = { ...noFaults, ...options.faults };
  const asterisk = new FakeAsterisk(scheduler, random, outbox, faults, options.mediaTimeoutMs ?? 10_000);
  asterisk.speaksMs = options.speaksMs ?? asterisk.speaksMs;
  asterisk.mayRecord = options.mayRecord ?? asterisk.mayRecord;
  asterisk.dialsOut = options.dialsOut ?? true;
  const promptMs = options.promptMs ?? (() => 2_000);
  const durationMs = (order: TelephonyOrder) =>
    order.kind === 'play' ? order.prompts.reduce((sum, prompt) => sum + promptMs(prompt), 0) : 0;
  /** When each leg's last order will have been carried out: orders of one leg keep their order. */
  const busyUntil = new Map<LegId, number>();
  const servedByFallback: LegId[] = [];
  let dialled = 0;

  const fail = (order: TelephonyOrder, legId: LegId, reason: FailReason, afterMs = 0) => {
    const playbackId = 'playbackId' in order ? order.playbackId : null;
    const detail = `fake: ${order.kind} of ${legId} ${reason}`;
    scheduler.schedule(afterMs, () =>
      sink({ kind: 'order-failed', order: order.kind, legId, playbackId, reason, detail }),
    );
  };

  const attempt = (order: TelephonyOrder) => {
    const legId = legOf(order);
    if (!outbox.connected) return fail(order, legId, 'unavailable');
    const mayFail = order.kind !== 'hang-up';
    if (mayFail && asterisk.happens(faults.refuseChance)) return fail(order, legId, 'refused', latency());
    if (mayFail && asterisk.happens(faults.timeOutChance)) {
      fail(order, legId, 'timed-out', requestTimeoutMs);
      // A late ring-agent is fenced by the adapter (the leg is ended unseen), so only the others may have happened.
      if (order.kind !== 'ring-agent' && order.kind !== 'dial-out' && random() < 0.5)
        carryOut(asterisk, order, durationMs);
      return;
    }
    const failure = carryOut(asterisk, order, durationMs);
    if (failure) fail(order, failure.legId, failure.reason, latency());
  };

  /** A `connect` whose caller still hears something, and what has been ordered for its legs since. */
  const heldBack = new Map<LegId, (() => void)[]>();

  const inTurn = (order: TelephonyOrder): void => {
    const legs = legsOf(order);
    const behind = legs.map((legId) => heldBack.get(legId)).find((waiting) => waiting !== undefined);
    if (behind) return void behind.push(() => inTurn(order));
    const caller = order.kind === 'connect' ? asterisk.legs.get(order.callerLegId) : undefined;
    if (order.kind !== 'connect' || !caller || caller.playing.length === 0) return attempt(order);
    const waiting: (() => void)[] = [];
    for (const legId of legs) heldBack.set(legId, waiting);
    const goOn = (act: () => void) => {
      for (const legId of legs) heldBack.delete(legId);
      act();
      for (const next of waiting) next();
    };
    const cancel = scheduler.schedule(requestTimeoutMs, () => {
      caller.whenSilent = null;
      goOn(() => fail(order, order.agentLegId, 'timed-out'));
    });
    caller.whenSilent = () => {
      cancel();
      caller.whenSilent = null;
      goOn(() => attempt(order));
    };
  };

  const withLiveLeg = (legId: LegId, act: (leg: Leg) => void) => {
    const leg = asterisk.legs.get(legId);
    if (leg && !leg.vanished) act(leg);
  };

  const outsideLeg = (number: string) =>
    [...asterisk.legs.values()].find((leg) => leg.role === 'outside' && leg.number === number);

  const playbacks = () => [...asterisk.legs.values()].flatMap((leg) => leg.playing.map(({ id }) => id));

  const connects = () => {
    if (outbox.connected) return;
    outbox.connected = true;
    inOneGo(() => {
      outbox.now({ kind: 'node-up', nodeId, liveLegs: [...asterisk.legs.keys()], playing: playbacks() });
      // What was missed of the legs that live is made up for.
      for (const leg of asterisk.legs.values())
        if (leg.state === 'up') outbox.atOnce({ kind: 'leg-answered', legId: leg.id });
      // Recordings the controller believes in: those that are over, or never began, are told of.
      for (const [legId, recordingId] of options.recordings?.() ?? []) {
        const leg = asterisk.legs.get(legId);
        if (leg && leg.recording?.id !== recordingId) endRecording(asterisk, leg, recordingId);
      }
    });
    for (const agent of asterisk.agents()) {
      outbox.later(2, { kind: 'phones', agent, devices: asterisk.devicesOf(agent) });
    }
  };

  const disconnects = (because = 'connection closed') => {
    if (!outbox.connected) return;
    outbox.connected = false;
    outbox.now({ kind: 'node-down', nodeId, because });
  };

  return {
    perform(order) {
      const legs = legsOf(order);
      const at = Math.max(scheduler.now() + latency(), ...legs.map((legId) => busyUntil.get(legId) ?? 0));
      for (const legId of legs) busyUntil.set(legId, at);
      scheduler.schedule(at - scheduler.now(), () => {
        for (const legId of legs) if (busyUntil.get(legId) === at) busyUntil.delete(legId);
        inTurn(order);
      });
    },
    callerDials(call) {
      dialled += 1;
      const legId = asId<LegId>(`${nodeId}-${Math.floor(scheduler.now() / 1000)}.${dialled}`);
      if (!outbox.connected) {
        servedByFallback.push(legId);
        return legId;
      }
      asterisk.legs.set(legId, callerLeg(legId));
      const source = call.source ?? 'trunk';
      outbox.tell(legId, {
        kind: 'arrived',
        nodeId,
        legId,
        source,
        callerNumber: call.from,
        dialledNumber: call.number,
        account: call.account ?? (source === 'agent' ? call.from : source),
        sipCallId: `sip-${legId}`,
      });
      return legId;
    },
    callerPresses: (legId, digit) =>
      withLiveLeg(legId, (leg) => {
        if (!keyEndsRecording(asterisk, leg, digit)) outbox.tell(leg.id, { kind: 'digit', legId, digit });
      }),
    callerHangsUp: (legId) => withLiveLeg(legId, (leg) => asterisk.end(leg, 'normal')),
    callerVanishes: (legId) => withLiveLeg(legId, (leg) => asterisk.vanish(leg)),
    phone: (agent, device = 'sip') => fakePhone(asterisk, asId<AgentId>(agent), device),
    outside: (number, behaviour) => void asterisk.outside.set(number, behaviour),
    outsideLeg: (number) => outsideLeg(number)?.id ?? null,
    outsideAnswers(number) {
      const leg = outsideLeg(number);
      if (leg) phoneAnswers(asterisk, leg);
    },
    outsideDeclines(number) {
      const leg = outsideLeg(number);
      if (leg) phoneDeclines(asterisk, leg, 'declined');
    },
    kept: () => [...asterisk.kept].map(([recordingId, what]) => ({ recordingId, ...what })),
    checkPhones(agent) {
      scheduler.schedule(lookAgainMs, () =>
        outbox.later(1, { kind: 'phones', agent, devices: asterisk.devicesOf(agent) }),
      );
    },
    connects,
    disconnects,
    restarts() {
      disconnects('Asterisk restarted');
      for (const leg of [...asterisk.legs.values()]) asterisk.end(leg, 'failed');
      connects();
    },
    servedByFallback,
    live: () => ({
      legs: [...asterisk.legs.keys()],
      bridges: [...asterisk.bridges.keys()],
      playbacks: playbacks(),
    }),
    hears(legId) {
      const leg = asterisk.legs.get(legId);
      const members = leg?.bridge ? [...(asterisk.bridges.get(leg.bridge) ?? [])] : [];
      return {
        music: leg?.music ?? false,
        playing: leg?.playing.map((playing) => playing.id) ?? [],
        with: members.filter((member) => member !== legId),
      };
    },
  };
}

type FailReason = Extract<TelephonyFact, { kind: 'order-failed' }>['reason'];

function callerLeg(legId: LegId): Leg {
  return {
    id: legId,
    role: 'caller',
    state: 'ringing',
    vanished: false,
    music: false,
    bridge: null,
    playing: [],
    recording: null,
    whenSilent: null,
    callId: asId(legId),
    agent: null,
    device: 'sip',
    number: null,
    timers: new Set(),
  };
}
