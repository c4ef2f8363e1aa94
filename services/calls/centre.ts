import type { AgentId, FlowId, HotlineId, QueueId } from '../events/ids.ts';
import type { Language } from '../events/vocabulary.ts';
import type { ServingPlan } from '../routing/serving-plan.ts';
import type { Certificate } from '../routing/skills.ts';

/** The centre as configured: what hotlines, queues and agents there are. Loaded from `dialplans/centre.yaml`, validated, frozen. */
export type Centre = {
  readonly hotlines: ReadonlyMap<HotlineId, Hotline>;
  readonly queues: ReadonlyMap<QueueId, QueueDefinition>;
  readonly agents: ReadonlyMap<AgentId, AgentDefinition>;
  readonly users: readonly StaffUser[];
  readonly outbound: OutboundRules;
  /** Of what says who may serve whom (runtime/centre-fingerprint.ts); a centre that was not read from a file has none. */
  readonly fingerprint?: string;
  /** Whether schema `service` gets demo customers, bills and outages. */
  readonly demoData?: boolean;
};

/** Calls from here: what may be called, and what follows. */
export type OutboundRules = {
  /** Patterns of whole numbers; a number that none of them matches is never dialled, whoever asks for it. */
  readonly numbers: readonly RegExp[];
  /** The work after a call that an agent made; no queue says anything of it. */
  readonly wrapUpMs: number;
};

export type Hotline = {
  readonly id: HotlineId;
  readonly name: Readonly<Record<Language, string>>;
  /** Numbers that reach this hotline. */
  readonly numbers: readonly string[];
  readonly flow: FlowId;
  readonly language: Language;
};

export type QueueDefinition = {
  readonly id: QueueId;
  readonly name: Readonly<Record<Language, string>>;
  readonly ringTimeoutMs: number;
  readonly wrapUpMs: number;
  readonly maxWaitMs: number;
  readonly maxWaiting: number;
  /** Missed rings in a row after which an agent is made not ready. */
  readonly maxMissedRings: number;
  /** KPI: answered within this wait counts as in time (kpi.md house rules: 15 s). */
  readonly serviceLevelThresholdMs: number;
  /** KPI: abandonments before this wait are counted apart (house rule: 5 s). */
  readonly shortAbandonMs: number;
  readonly callbacks: CallbackRules;
  readonly serving: ServingRules;
};

/** How a queue is served. */
export type ServingRules = {
  /** Whom the router rings, and how that widens with the wait. */
  readonly plan: ServingPlan;
  /** How long ago an agent may have helped a caller and still be the one who "helped last". */
  readonly helpedWithinMs: number;
  /** What a caller gets for whom there is no room. */
  readonly whenFull: FlowExit;
  /** Callers may join within these opening hours only; null: at any hour. Whoever waits when they end is served. */
  readonly hours: string | null;
  /** What a caller gets outside of them. */
  readonly whenClosed: FlowExit;
  /** How long a wrap-up may be made; null: no longer than `wrapUpMs`. */
  readonly longestWrapUpMs: number | null;
};

/**
 * Where a caller goes on whom a queue does not serve: to what the flow's queue node names for it (`onOverflow`), and without such a name,
 * as with `exit`, to the node's `onFull` or `onTimeout`.
 */
export const flowExits = ['exit', 'callback', 'voicemail', 'message'] as const;
export type FlowExit = (typeof flowExits)[number];

/** How promised callbacks of a queue are made. */
export type CallbackRules = {
  /** Who is called first: an agent, who then hears the customer being called; or the customer, who is then first in line. */
  readonly first: 'agent' | 'caller';
  /** Calls to the customer before a person has to see to it. */
  readonly attempts: number;
  /** Between them. */
  readonly everyMs: number;
  /** Customers are called within these opening hours only; null: at any hour. */
  readonly hours: string | null;
  /** Open callbacks at most; then none is promised. */
  readonly most: number;
};

export type AgentDefinition = {
  readonly id: AgentId;
  readonly name: string;
  readonly queues: readonly QueueId[];
  /** What queues and flows may ask for, such as a language; each with its level, until it expires. */
  readonly skills: readonly Certificate[];
  /** Rung only for queues whose overflow, or a lead, has called in the reserve (KPI-05). */
  readonly reserve: boolean;
};

/** People who sign in and are not agents. */
export type StaffUser = { readonly user: string; readonly name: string; readonly role: 'lead' | 'admin' };
