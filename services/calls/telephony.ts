import type {
  AgentId,
  BridgeId,
  CallId,
  LegId,
  NodeId,
  PlaybackId,
  PromptId,
  RecordingId,
} from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import type { CallSource, Device, Language, LegEndReason } from '../events/vocabulary.ts';

/**
 * What we tell a telephone system to do. It speaks of calls, legs, prompts and digits; channels, bridges' kinds and
 * Stasis stay behind it. Orders of one leg are carried out in the order given; orders of different legs never wait
 * for each other. `perform` never throws and returns nothing: what became of an order comes back as a fact, and an order that
 * cannot be carried out comes back as `order-failed` (a hang-up of a leg that is gone already is a success).
 * Repeating an order is harmless.
 */
export type TelephonyOrder =
  /** Pick up the caller's leg. → `leg-answered` */
  | { kind: 'answer'; legId: LegId }
  /** Play prompts one after another to a leg that is up. → `playback-finished` */
  | { kind: 'play'; legId: LegId; playbackId: PlaybackId; prompts: PromptId[]; language: Language }
  /** Cut a playback short. → `playback-finished` */
  | { kind: 'stop-playback'; legId: LegId; playbackId: PlaybackId }
  /**
   * A beep, then what the leg says is recorded: until #, a silence of `silenceMs`, `maxMs`, or the end of the leg.
   * → `recording-finished`
   */
  | { kind: 'record'; legId: LegId; recordingId: RecordingId; maxMs: number; silenceMs: number }
  /** Ends a recording; what was said is kept. → `recording-finished`, also for one that is over already */
  | { kind: 'stop-recording'; legId: LegId; recordingId: RecordingId }
  /** The party hears music until connected, joined, played to or hung up. `outOf`: the bridge it is in, and leaves. */
  | { kind: 'wait-with-music'; legId: LegId; outOf?: BridgeId | null }
  /**
   * Ring an agent's phone. `legId` and `bridgeId` are ours. → `leg-ringing`, `leg-answered`, `leg-ended`.
   * After `ringTimeoutMs` the phone is given up: → `leg-ended` (no-answer). Ends in exactly one of `leg-ended` and `order-failed`.
   */
  | {
      kind: 'ring-agent';
      legId: LegId;
      bridgeId: BridgeId;
      callId: CallId;
      agent: AgentId;
      device: Device;
      /** null: the customer is called only when the agent has answered. */
      callerLegId: LegId | null;
      callerNumber: string;
      ringTimeoutMs: number;
    }
  /**
   * Call an outside number over the trunk, showing `callerId`. Facts and ends are those of `ring-agent`. With a bridge, to be joined
   * with the caller `callerLegId` as an agent's leg is; without one, it is itself the leg of a customer whom we call.
   */
  | {
      kind: 'dial-out';
      legId: LegId;
      bridgeId: BridgeId | null;
      callId: CallId;
      /** Who is on the line already, if anyone. */
      callerLegId: LegId | null;
      number: string;
      callerId: string;
      ringTimeoutMs: number;
    }
  /** Join caller and agent, both up; music stops. Neither leg's end ends the other: that is ours to order. */
  | { kind: 'connect'; bridgeId: BridgeId; callerLegId: LegId; agentLegId: LegId }
  /**
   * These legs of one call hear each other from now on, in a bridge that one of them was given when it was rung; each leaves the bridge
   * it was in, music stops. A leg that still rings there already stays. A bridge lasts until the leg that it was made for ends; who is left in it hears nothing.
   */
  | { kind: 'join'; bridgeId: BridgeId; legIds: LegId[] }
  /** Tells the phone what came of its transfer key (`transfer-asked`), also one that is about to be hung up. A phone that does not wait for it is told nothing. */
  | { kind: 'answer-transfer'; legId: LegId; accepted: boolean }
  /** End a leg, ringing or up. → `leg-ended` */
  | { kind: 'hang-up'; legId: LegId; because: 'normal' | 'busy' | 'failed' | 'elsewhere' };

/** What the telephone system tells us. Facts of one leg come in order; `leg-ended` is the last and comes exactly once. */
export type TelephonyFact =
  | {
      kind: 'arrived';
      nodeId: NodeId;
      legId: LegId;
      source: CallSource;
      /** '' when withheld. */
      callerNumber: string;
      dialledNumber: string;
      /** The account that called (`trunk`, an agent's number, `caller`). */
      account: string;
      sipCallId: string;
      /** When, if we hear of it late. */
      at?: Instant | null;
    }
  | { kind: 'leg-ringing'; legId: LegId }
  | { kind: 'leg-answered'; legId: LegId }
  /** `at`: when, if we hear of it late. */
  | { kind: 'leg-ended'; legId: LegId; reason: LegEndReason; at?: Instant | null }
  | { kind: 'digit'; legId: LegId; digit: string }
  | { kind: 'playback-finished'; playbackId: PlaybackId; legId: LegId; ok: boolean }
  /**
   * A recording is over. `soundMs`: how much of it was not silence, when that is known. `hung-up`: the leg's end ended it, and is told
   * next. `not-there`: it never began, or left nothing.
   */
  | {
      kind: 'recording-finished';
      recordingId: RecordingId;
      legId: LegId;
      durationMs: number;
      soundMs: number | null;
      result: 'finished' | 'hung-up' | 'failed' | 'not-there';
    }
  | { kind: 'leg-held'; legId: LegId }
  | { kind: 'leg-resumed'; legId: LegId }
  /**
   * The phone's own transfer key was pressed: its other party is to go to a number, or to be joined with whoever is on another call of
   * the phone. Nothing has been done. → `answer-transfer` is due
   */
  | {
      kind: 'transfer-asked';
      legId: LegId;
      to: { kind: 'number'; number: string } | { kind: 'other-call' };
    }
  | {
      kind: 'order-failed';
      order: TelephonyOrder['kind'];
      legId: LegId;
      playbackId: PlaybackId | null;
      reason: 'gone' | 'refused' | 'timed-out' | 'unavailable';
      detail: string;
    }
  /**
   * Connected (again). Of recordings that were under way, the end is told right after this, or when it comes. Lists every leg that lives on the node; legs of calls we know and that are missing have ended. `fates`
   * tells how those ended of which Asterisk's own account tells; `startedAt` is when this Asterisk was started.
   */
  | {
      kind: 'node-up';
      nodeId: NodeId;
      liveLegs: LegId[];
      startedAt?: Instant | null;
      /** Of what we had ordered to be played, what is heard still: its end will be told. */
      playing?: readonly PlaybackId[];
      fates?: readonly LegFate[];
    }
  /** Asterisk took the caller out of our hands into its own queue: no hang-up, but the last we hear of the leg. `at`: when, where that is known. */
  | { kind: 'taken-to-fallback'; legId: LegId; at?: Instant | null }
  /** We hung: what became meanwhile of legs that are gone. Their own facts may follow, and change nothing. */
  | { kind: 'missed'; fates: readonly LegFate[] }
  /** `silentMs`: how long ago the last sign of life came. */
  | { kind: 'node-down'; nodeId: NodeId; because: string; silentMs?: number }
  /** The agent's phones that can be rung now; empty when none. Sent for every agent after `node-up`, and on change. */
  | { kind: 'phones'; agent: AgentId; devices: Device[] };

/** What became of a leg while we were away, and when. */
export type LegFate = { legId: LegId; at: Instant } & (
  | { kind: 'ended'; reason: LegEndReason }
  | { kind: 'taken-to-fallback' }
);
