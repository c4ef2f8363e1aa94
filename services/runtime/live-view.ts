import type { HoldPromise } from '../events/events.ts';
import type { Instant } from '../events/instant.ts';
import type { AgentStateName, CallSource, CallStage, Device, NotReadyReason } from '../events/vocabulary.ts';
import type { KpiCounts } from '../kpi/counts.ts';

/**
 * What is true now, as plain data for boards and metrics. Numbers are whole caller numbers: masking is the HTTP
 * adapter's business, by role. Built by `liveView(state, centre, now)`.
 */
export type LiveView = {
  at: Instant;
  /** Sequence number of the newest event included. */
  seq: number;
  /** Local date (the centre's time zone) that the KPI counts belong to, as YYYY-MM-DD. */
  today: string;
  nodes: { nodeId: string; connected: boolean }[];
  hotlines: { hotline: string; name: { 'zh-CN': string; en: string } }[];
  queues: LiveQueue[];
  agents: LiveAgent[];
  calls: LiveCall[];
  switches: LiveSwitch[];
  /** Promised callbacks that are not done with, the first in line first. */
  callbacks: LiveCallback[];
};

export type LiveCallback = {
  callbackId: string;
  hotline: string;
  queue: string;
  number: string;
  queuedAt: Instant;
  /** The call in which it was promised. */
  callId: string;
  /** Calls to the customer that came to nothing. */
  attempts: number;
  /** null while it is being made. */
  notBefore: Instant | null;
};

/** What a lead can turn on and off for a hotline. */
export type LiveSwitch = {
  hotline: string;
  name: string;
  label: { 'zh-CN': string; en: string };
  on: boolean;
  /** Who turned it last, and when; null when nobody ever has. */
  by: string | null;
  since: Instant | null;
};

export type LiveQueue = {
  queue: string;
  name: { 'zh-CN': string; en: string };
  waiting: number;
  /** Customers who were promised a callback there. */
  callbacks: number;
  /** 0 when nobody waits. */
  longestWaitMs: number;
  /** How long whoever joined now would wait on average; null when nobody can say. */
  expectedWaitMs: number | null;
  agents: Record<AgentStateName, number>;
  /** Agents at work who may serve an ordinary caller of it now, by what it needs and by whether the reserve is called in; `free`: without a call. */
  mayServe: { atWork: number; free: number };
  serviceLevelThresholdMs: number;
  shortAbandonMs: number;
  /** The queue's reserve: how many agents are of it, how many of those could be rung now, and who called it in (null: nobody). */
  reserve: { agents: number; available: number; calledIn: { by: string; since: Instant } | null };
  countsToday: KpiCounts;
};

export type LiveAgent = {
  agent: string;
  name: string;
  queues: string[];
  state: AgentStateName;
  reason: NotReadyReason | null;
  since: Instant;
  callId: string | null;
  devices: Device[];
  /** What the agent can do; `expiresAt`: from then on it counts no longer. */
  skills: { skill: string; level: number; expiresAt: Instant | null }[];
  /** Rung only where the reserve is called in. */
  reserve: boolean;
  /** When the state ends by itself (wrap-up). */
  until: Instant | null;
  /** What the agent will be when the present work is done; null when there is none. */
  afterWork: { state: AgentStateName; reason: NotReadyReason | null } | null;
};

export type LiveCall = {
  callId: string;
  hotline: string | null;
  source: CallSource;
  callerNumber: string;
  dialledNumber: string;
  stage: CallStage;
  stageSince: Instant;
  startedAt: Instant;
  queue: string | null;
  /** When the call entered the queue it waits in, ringing included; null when not waiting. */
  queuedAt: Instant | null;
  /** 1 = next; null when not waiting. */
  position: number | null;
  /** How far the overflow of the visit it waits in has come; null at the beginning, and when not waiting. */
  step: { step: number; because: string } | null;
  /** All phones that ring for it, by agent; several in a queue that rings all. */
  ringing: string[];
  agent: string | null;
  node: string | null;
  /** The caller hears music: on hold, or while the agent takes advice. */
  held: boolean;
  /** Since when, and what the caller was told; `promise` is null with a phone's own key, and for a consultation. null: not on hold. */
  hold: { since: Instant; promise: HoldPromise | null } | null;
  /** The agent `by` asks `party`, who is rung until `answered`; whom the agent speaks with, the other hearing music. null: no advice is taken. */
  consult: {
    by: string;
    party: { kind: 'agent'; agent: string } | { kind: 'outside'; number: string };
    reason: string;
    /** Since when it rings, or is answered. */
    since: Instant;
    answered: boolean;
    speaksWith: 'target' | 'caller' | 'all';
  } | null;
  /**
   * The agent `by` has passed the caller on: `to` is rung (`agent`: who), or an outside number speaks with the caller (stage `talking`); `comesBack`: nobody
   * was there, and `by` is rung again. null: not so, also when the caller waits in a queue they were passed on to.
   */
  passing: {
    by: string;
    to:
      | { kind: 'agent'; agent: string }
      | { kind: 'queue'; queue: string }
      | { kind: 'outside'; number: string };
    reason: string;
    comesBack: boolean;
  } | null;
};
