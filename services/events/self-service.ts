import type {
  CallbackId,
  CallId,
  FlowId,
  HotlineId,
  LegId,
  LookupId,
  NodeName,
  QueueId,
  RecordingId,
  TaskId,
  VisitId,
} from './ids.ts';
import type { Instant } from './instant.ts';
import type { TaskKind } from './vocabulary.ts';

/** Facts of what a caller does without an agent, and of what is promised to a caller. */

/** What the call knows by name has changed: keyed in, set by the flow, or told by a lookup. Only what changed. */
export type FlowValuesSet = {
  type: 'FlowValuesSet';
  callId: CallId;
  node: NodeName;
  values: Record<string, string>;
};
/** A data source is about to be asked. Recorded before it is. */
export type LookupRequested = {
  type: 'LookupRequested';
  callId: CallId;
  lookupId: LookupId;
  lookup: string;
  parameters: Record<string, string>;
  /** When the caller is no longer kept waiting for it. */
  waitUntil: Instant;
};
/** Exactly one per LookupRequested. What it told follows as FlowValuesSet. */
export type LookupEnded = {
  type: 'LookupEnded';
  callId: CallId;
  lookupId: LookupId;
  lookup: string;
  /** `caller-left`: nobody waits for it any more. `asked-again`: the answer may have been missed; another request follows. */
  result: 'found' | 'not-found' | 'failed' | 'timed-out' | 'caller-left' | 'asked-again';
  tookMs: number;
  because: string;
};
/** A waiting caller was told how it stands. `expectedWaitMs`: null when nobody can know, or it is not to be told. */
export type WaitAnnounced = {
  type: 'WaitAnnounced';
  callId: CallId;
  visitId: VisitId;
  queue: QueueId;
  /** 1 for the first in line. */
  position: number;
  expectedWaitMs: number | null;
  /** When to tell again. */
  nextAt: Instant;
};
/** The caller gave the contact a score; at most one per call. `agent`, `queue`: whose conversation it is about. */
export type SurveyAnswered = {
  type: 'SurveyAnswered';
  callId: CallId;
  hotline: HotlineId | null;
  queue: QueueId | null;
  agent: string | null;
  /** 5 very satisfied … 1 very dissatisfied. */
  score: number;
};
/** The caller speaks to the recorder. */
export type VoicemailStarted = {
  type: 'VoicemailStarted';
  callId: CallId;
  legId: LegId;
  recordingId: RecordingId;
  queue: QueueId;
  maxMs: number;
  silenceMs: number;
};
/** Exactly one per VoicemailStarted. `kept`: there is something to hear. */
export type VoicemailEnded = {
  type: 'VoicemailEnded';
  callId: CallId;
  recordingId: RecordingId;
  queue: QueueId;
  result: 'kept' | 'empty' | 'failed';
  durationMs: number;
};
/** We promised to call back. The caller's place in the line is kept: `queuedAt` is when the waiting began. */
export type CallbackRequested = {
  type: 'CallbackRequested';
  callId: CallId;
  callbackId: CallbackId;
  hotline: HotlineId;
  queue: QueueId;
  number: string;
  priority: number;
  /** Skills the agent must have. */
  skills?: string[];
  queuedAt: Instant;
  /** The visit the caller left for it, if one. */
  visitId: VisitId | null;
};
/** Something a person has to see to. */
export type TaskOpened = {
  type: 'TaskOpened';
  taskId: TaskId;
  kind: TaskKind;
  callId: CallId | null;
  hotline: HotlineId | null;
  queue: QueueId | null;
  agent: string | null;
  /** The number to call, '' when there is none. */
  number: string;
  because: string;
};
/** A lead turned something on or off for a hotline; holds for the next caller. */
export type SwitchChanged = {
  type: 'SwitchChanged';
  hotline: HotlineId;
  name: string;
  on: boolean;
  by: string;
};
/** A flow goes by this version from the next caller on. */
export type FlowActivated = {
  type: 'FlowActivated';
  flow: FlowId;
  version: number;
  by: string;
  /** The version that was rolled back to, when it is an old one's content. */
  rollsBackTo: number | null;
};

export type SelfServiceEvent =
  | FlowValuesSet
  | LookupRequested
  | LookupEnded
  | WaitAnnounced
  | SurveyAnswered
  | VoicemailStarted
  | VoicemailEnded
  | CallbackRequested
  | TaskOpened
  | SwitchChanged
  | FlowActivated;
