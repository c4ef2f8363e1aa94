import type { TimerId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';

/**
 * Timers are data: set and cleared by the fold of events, so a restart brings them back. The shell asks for the next
 * one, waits, and hands it in as an input like any other. A name exists at most once; setting it again moves it.
 */
export type Timers = Map<TimerId, Instant>;

export const timerKinds = [
  'pick-up', // caller's leg was told to answer
  'playback', // a prompt that never reports its end
  'listen', // a menu waits for a key, or an entry for its next digit
  'lookup', // a data source was asked; a guard behind its own time-out
  'recording', // a caller speaks to the recorder; a guard behind the longest time, which Asterisk keeps itself
  'wait-announcement', // a waiting caller is told how it stands
  'ring', // an agent's phone rings; a guard behind Asterisk's own ring time-out
  'max-wait', // a caller has waited long enough
  'overflow-step', // a visit's overflow comes to its next step
  'last-agent', // a visit has waited long enough for the agent who helped last
  'wrap-up', // an agent's wrap-up ends
  'callback', // a promised callback may be made, or tried again
  'hang-up', // a leg was told to end
  'longest-call', // nothing lasts for ever
  'node-away', // a node is lost; its calls are in doubt, but not for ever
] as const;
export type TimerKind = (typeof timerKinds)[number];

export const timerId = (kind: TimerKind, subject: string): TimerId => `${kind}/${subject}` as TimerId;

export function parseTimerId(id: TimerId): { kind: TimerKind; subject: string } {
  const slash = id.indexOf('/');
  const kind = timerKinds.find((k) => k === id.slice(0, slash));
  if (!kind) throw new Error(`timer ${id} is of no known kind`);
  return { kind, subject: id.slice(slash + 1) };
}

/** The timer that falls due first, or null. */
export function nextTimer(timers: Timers): { id: TimerId; at: Instant } | null {
  let next: { id: TimerId; at: Instant } | null = null;
  for (const [id, at] of timers) if (!next || at < next.at) next = { id, at };
  return next;
}

/** Guards that no caller is meant to meet: they bound what happens when Asterisk never reports back. */
export const limitsMs = {
  pickUp: 10_000,
  playback: 120_000,
  /** Beyond the time a data source is given, which its adapter keeps itself. */
  lookupGrace: 500,
  /** Beyond the longest time of a recording; the beep is part of it. */
  recordingGrace: 15_000,
  /** What a waiting caller is to be told is put off by this while something else is heard. */
  announcementRest: 2_000,
  /** Beyond the ring time, which Asterisk keeps itself. */
  ringGrace: 3_000,
  hangUp: 5_000,
  hangUpAttempts: 3,
  longestCall: 4 * 60 * 60 * 1000,
  /** How long the calls of a node that cannot be reached stay in doubt before they are closed as of the last contact. */
  nodeInDoubt: 10 * 60 * 1000,
  /** Outside the hours in which customers are called, whether they may be is looked at again after this. */
  callbackRest: 60_000,
  /** Timers of calls in doubt are put off by this, again and again. */
  inDoubtRest: 1_000,
} as const;
