import type {
  AgentId,
  BridgeId,
  CallId,
  LegId,
  NodeId,
  PlaybackId,
  PromptId,
  RecordingId,
} from '../../../services/events/ids.ts';
import type { CallSource, Device } from '../../../services/events/vocabulary.ts';
import type { FactSink, TelephonyOrder } from '../../../services/runtime/telephony-port.ts';

/** Simulated time. Entries that fall due at the same moment must run in the order they were scheduled. */
export interface Scheduler {
  now(): number;
  /** Runs `fn` once after `afterMs`; the result cancels it. */
  schedule(afterMs: number, fn: () => void): () => void;
}

/** What goes wrong by itself, drawn from `random`; everything off by default. Chances are 0…1. */
export type Faults = {
  /** An order (never a hang-up) fails after 5 s with `timed-out`; half of these were carried out all the same. */
  timeOutChance: number;
  /** An order (never a hang-up) is refused at once. */
  refuseChance: number;
  /** A `leg-ringing` or `playback-finished` is told twice. */
  repeatChance: number;
  /** A caller or agent vanishes without a word when it is told of something: the media time-out ends the leg. */
  vanishChance: number;
};

export type FakeTelephonyOptions = {
  scheduler: Scheduler;
  /** Uniform in [0, 1); seed it to repeat a run. */
  random: () => number;
  sink: FactSink;
  /** Tells facts of one moment, which the controller handles together. */
  inOneGo?: (tell: () => void) => void;
  nodeId: NodeId;
  faults?: Partial<Faults>;
  /** What callers say into a recorder, in milliseconds; then they are silent. Default 4 s. */
  speaksMs?: (leg: LegId) => number;
  /** What the controller believes is being recorded: asked when the connection comes up. */
  recordings?: () => Iterable<readonly [LegId, RecordingId]>;
  /** Whether there is room for a recording. Default yes. */
  mayRecord?: () => boolean;
  /** Whether outside numbers can be called. Default yes. */
  dialsOut?: boolean;
  /** How long a prompt lasts. Default 2 s each. */
  promptMs?: (prompt: PromptId) => number;
  /** Bounds of the time between an order and its effect, and between an effect and its fact. Default 1–8 ms. */
  latencyMs?: { min: number; max: number };
  /** A leg whose other end vanished is ended after this (Asterisk's rtp_timeout). Default 10 s. */
  mediaTimeoutMs?: number;
};

/** How a phone deals with ringing, until told otherwise. `silent` rings on and leaves the answer to `answers()`. */
export type PhoneBehaviour =
  | { answerAfterMs: number; hangUpAfterMs?: number }
  | { declineAfterMs: number; as?: 'declined' | 'busy' }
  | { silent: true }
  /** Takes the INVITE and says nothing, not even that it rings. */
  | { mute: true }
  /** Is in a conversation that nobody told the service of: busy at once. */
  | { inUse: true }
  /** Is registered, yet every INVITE fails at once. */
  | { unreachable: true };

export type Playing = { id: PlaybackId; cancel: (() => void) | null; durationMs: number };

export type Recording = { id: RecordingId; since: number; silenceMs: number; cancels: (() => void)[] };

export type Leg = {
  id: LegId;
  role: 'caller' | 'agent' | 'outside';
  state: 'ringing' | 'up';
  /** Deaf and dumb: the other end is gone and Asterisk has not noticed. */
  vanished: boolean;
  music: boolean;
  bridge: BridgeId | null;
  /** The bridge that was made for it, and goes with it. */
  ownsBridge?: BridgeId;
  playing: Playing[];
  recording: Recording | null;
  /** Told when nothing is played any more, or the leg has ended. */
  whenSilent: (() => void) | null;
  callId: CallId;
  agent: AgentId | null;
  device: Device;
  /** An outside number that we called. */
  number: string | null;
  /** Timers that die with the leg. */
  timers: Set<() => void>;
};

export type DialledCall = { number: string; from: string; source?: CallSource; account?: string };
export type OrderOf<K extends TelephonyOrder['kind']> = Extract<TelephonyOrder, { kind: K }>;
