import type { AgentId, BridgeId, LegId } from '../../../services/events/ids.ts';
import type { Device, LegEndReason } from '../../../services/events/vocabulary.ts';
import type { Outbox } from './outbox.ts';
import { type Kept, recordingCutByEnd } from './recorder.ts';
import type { Faults, Leg, PhoneBehaviour, Scheduler } from './types.ts';

export type PhoneState = {
  agent: AgentId;
  device: Device;
  registered: boolean;
  behaviour: PhoneBehaviour;
  leg: LegId | null;
  /** What the phone heard of its transfer key; null: it was not pressed. */
  transfer: 'waits' | 'accepted' | 'refused' | null;
};

/** The fake's own truth: what lives in the pretended Asterisk, whether or not the controller can hear of it. */
export class FakeAsterisk {
  readonly legs = new Map<LegId, Leg>();
  /** Agents' legs ever begun: an id is used once. */
  readonly rung = new Set<LegId>();
  readonly bridges = new Map<BridgeId, Set<LegId>>();
  readonly phones = new Map<string, PhoneState>();
  /** Outside numbers, by number; one nobody told of rings on. */
  readonly outside = new Map<string, PhoneBehaviour>();
  readonly kept: Kept = new Map();
  speaksMs: (leg: LegId) => number = () => 4_000;
  dialsOut = true;
  mayRecord: () => boolean = () => true;
  readonly scheduler: Scheduler;
  readonly random: () => number;
  readonly outbox: Outbox;
  readonly faults: Faults;
  readonly mediaTimeoutMs: number;

  constructor(
    scheduler: Scheduler,
    random: () => number,
    outbox: Outbox,
    faults: Faults,
    mediaTimeoutMs: number,
  ) {
    this.scheduler = scheduler;
    this.random = random;
    this.outbox = outbox;
    this.faults = faults;
    this.mediaTimeoutMs = mediaTimeoutMs;
  }

  happens(chance: number): boolean {
    return chance > 0 && this.random() < chance;
  }

  /** A timer that is cancelled when the leg ends. */
  legTimer(leg: Leg, afterMs: number, fn: () => void): () => void {
    const cancel = this.scheduler.schedule(afterMs, () => {
      leg.timers.delete(cancel);
      fn();
    });
    leg.timers.add(cancel);
    return cancel;
  }

  phoneOf(leg: Leg): PhoneState | null {
    return leg.agent === null ? null : (this.phones.get(`${leg.agent}/${leg.device}`) ?? null);
  }

  answered(leg: Leg): void {
    leg.state = 'up';
    this.outbox.tell(leg.id, { kind: 'leg-answered', legId: leg.id });
    if (this.happens(this.faults.vanishChance)) this.vanish(leg);
  }

  /** The phone hears what came of its transfer key, if it waits for that. */
  answerTransfer(leg: Leg, accepted: boolean): void {
    const phone = this.phoneOf(leg);
    if (phone?.leg === leg.id && phone.transfer === 'waits')
      phone.transfer = accepted ? 'accepted' : 'refused';
  }

  /** The other end goes silent without a BYE; Asterisk notices by the missing sound, if the leg was up. */
  vanish(leg: Leg): void {
    leg.vanished = true;
    if (leg.state === 'up') this.legTimer(leg, this.mediaTimeoutMs, () => this.end(leg, 'media-lost'));
  }

  /** The leg's end. What was playing may or may not be reported as failed first. */
  end(leg: Leg, reason: LegEndReason): void {
    if (!this.legs.delete(leg.id)) return;
    recordingCutByEnd(this, leg);
    for (const cancel of leg.timers) cancel();
    for (const playing of leg.playing) {
      if (this.random() < 0.5) {
        const { id: playbackId } = playing;
        this.outbox.tell(leg.id, { kind: 'playback-finished', playbackId, legId: leg.id, ok: false });
      }
    }
    const phone = this.phoneOf(leg);
    if (phone?.leg === leg.id) {
      this.answerTransfer(leg, false);
      phone.leg = null;
    }
    this.leaveBridges(leg);
    this.outbox.tell(leg.id, { kind: 'leg-ended', legId: leg.id, reason });
    leg.whenSilent?.();
  }

  /** A bridge lives as long as the leg of who was called for it. */
  private leaveBridges(leg: Leg): void {
    if (leg.bridge !== null) this.bridges.get(leg.bridge)?.delete(leg.id);
    const own = leg.ownsBridge;
    if (own === undefined) return;
    for (const other of this.bridges.get(own) ?? []) {
      const otherLeg = this.legs.get(other);
      if (otherLeg) otherLeg.bridge = null;
    }
    this.bridges.delete(own);
  }

  devicesOf(agent: AgentId): Device[] {
    const devices: Device[] = ['sip', 'web'];
    return devices.filter((device) => this.phones.get(`${agent}/${device}`)?.registered === true);
  }

  agents(): AgentId[] {
    return [...new Set([...this.phones.values()].map((phone) => phone.agent))];
  }
}
