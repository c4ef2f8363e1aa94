import type { BridgeId, CallId, LegId, PlaybackId, RecordingId } from '../../events/ids.ts';

/** What the adapter knows of a channel that is one of our legs. */
export type Leg = {
  readonly id: LegId;
  /** `outside`: a number that we called; with a bridge of its own like an agent's, or the customer of a callback. */
  readonly role: 'caller' | 'agent' | 'outside';
  readonly callId: CallId;
  state: 'new' | 'ringing' | 'up';
  /** A hang-up has been ordered: nothing else is begun on this leg. */
  doomed: boolean;
  /** The other end has hung up; Asterisk is about to tell the end. */
  leaving: boolean;
  /** Asterisk will be asked in a moment whether it is over. */
  endExpected: boolean;
  /** Its phone has pressed the transfer key, and not been answered yet. */
  awaitsTransfer: boolean;
  /** A caller's channel has left our application for somewhere else: nothing more is ordered for it. */
  astray: boolean;
  /** Somebody we call: the phone has been, or is just being, sent its INVITE. */
  dialled: boolean;
  /** We gave up ringing: its end means no-answer. */
  rangOut: boolean;
  /** Q.850 cause, as far as Asterisk told. */
  cause: number | null;
  /** 'perhaps': taken over from a controller before us. */
  music: boolean | 'perhaps';
  /** An agent's leg: the bridge that lives and dies with it. */
  readonly bridgeId: BridgeId | null;
  /** Settles when the request for that bridge has, whatever came of it. */
  bridgeRequest: Promise<unknown>;
  /** An agent's leg: whether it stands in its bridge already; pending while it is being added. */
  inBridge: Promise<boolean>;
  /** The bridge it has been put into, as far as is known. */
  sitsIn: BridgeId | null;
  /** A caller's leg: settles when it stands alone again after a conversation whose agent's leg has ended. */
  alone: Promise<unknown>;
  /** Playbacks under way: false until Asterisk took the request. */
  readonly playbacks: Map<PlaybackId, boolean>;
  /** Recordings under way. */
  readonly recordings: Set<RecordingId>;
  /** Resolves when the channel is ours to act upon: true; or when it ended first: false. */
  readonly started: Promise<boolean>;
  settleStarted(alive: boolean): void;
  timers: NodeJS.Timeout[];
};

type NewLeg = Pick<Leg, 'id' | 'role' | 'callId' | 'state' | 'bridgeId'>;

/** How many ended legs are remembered, so that late news of them is not taken for news of a living one. */
const remembered = 10_000;

/** The legs that live, and a short memory of those that ended. */
export class Legs {
  private readonly live = new Map<LegId, Leg>();
  private readonly ended = new Set<LegId>();

  add(leg: NewLeg): Leg {
    const { promise: started, resolve: settleStarted } = Promise.withResolvers<boolean>();
    const added: Leg = {
      ...leg,
      doomed: false,
      leaving: false,
      endExpected: false,
      awaitsTransfer: false,
      astray: false,
      dialled: false,
      rangOut: false,
      cause: null,
      music: false,
      bridgeRequest: Promise.resolve(),
      inBridge: Promise.resolve(false),
      sitsIn: null,
      alone: Promise.resolve(),
      playbacks: new Map(),
      recordings: new Set(),
      started,
      settleStarted,
      timers: [],
    };
    this.live.set(leg.id, added);
    return added;
  }

  get(id: LegId | string): Leg | undefined {
    return this.live.get(id as LegId);
  }

  all(): Leg[] {
    return [...this.live.values()];
  }

  /** True when the leg lived until now. */
  remove(leg: Leg): boolean {
    if (this.live.get(leg.id) !== leg) return false;
    this.live.delete(leg.id);
    for (const timer of leg.timers) clearTimeout(timer);
    leg.settleStarted(false);
    this.ended.add(leg.id);
    if (this.ended.size > remembered) {
      const [oldest] = this.ended;
      if (oldest !== undefined) this.ended.delete(oldest);
    }
    return true;
  }

  hasEnded(id: LegId | string): boolean {
    return this.ended.has(id as LegId);
  }
}
