import type { Agent } from '../agents/agent.ts';
import type {
  AgentId,
  CallbackId,
  CallId,
  HotlineId,
  LegId,
  NodeId,
  PlaybackId,
  QueueId,
  RecordingId,
} from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import type { Line } from '../queueing/queue.ts';
import type { Call, Leg } from './call.ts';
import type { Timers } from './timers.ts';

/**
 * Everything that is so now, and nothing else: the fold of all events. One writer owns it; `evolve` replaces values in its maps and
 * never changes a value in place, so a reader within the same step sees one consistent picture.
 */
export type World = {
  readonly calls: Map<CallId, Call>;
  readonly legs: Map<LegId, Leg>;
  readonly agents: Map<AgentId, Agent>;
  readonly lines: Map<QueueId, Line>;
  readonly nodes: Map<NodeId, NodeLink>;
  readonly timers: Timers;
  /** What leads have turned on or off; what was never touched is off. */
  readonly switches: Map<SwitchKey, SwitchState>;
  /** Promised callbacks that are not done with. */
  readonly callbacks: Map<CallbackId, Callback>;
  /** How long the queue's newest conversations took, wrap-up included, in ms. */
  readonly handleTimes: Map<QueueId, readonly number[]>;
  /** How long phones rang for the queue's newest conversations, in ms. */
  readonly ringTimes: Map<QueueId, readonly number[]>;
  /** How the queue's newest visits ended, for how patient its callers are. */
  readonly waits: Map<QueueId, readonly EndedWait[]>;
  /** Who helped a caller last, by the caller's number; the oldest first. */
  readonly helpers: Map<string, Helper>;
  /** Reserves that leads have called in; what is not there is not called in. */
  readonly reserves: Map<QueueId, { readonly by: string; readonly since: Instant }>;
};

/** How long a caller waited, and whether they gave up. */
export type EndedWait = { readonly waitMs: number; readonly gaveUp: boolean };

export type Helper = { readonly agent: AgentId; readonly at: Instant; readonly until: Instant };

/** A promised callback. */
export type Callback = {
  readonly id: CallbackId;
  readonly hotline: HotlineId;
  readonly queue: QueueId;
  readonly number: string;
  readonly priority: number;
  readonly skills: readonly string[];
  /** When the waiting began: the place in line. */
  readonly queuedAt: Instant;
  readonly requestedBy: CallId;
  /** Calls to the customer that came to nothing. */
  readonly attempts: number;
  readonly notBefore: Instant;
  /** The call by which it is being made. */
  readonly call: CallId | null;
};

export type SwitchKey = `${HotlineId}/${string}`;
export type SwitchState = { readonly on: boolean; readonly by: string; readonly since: Instant };
export const switchKey = (hotline: HotlineId, name: string): SwitchKey => `${hotline}/${name}`;

/** The connection to one Asterisk, and the last outage of it: from the last contact until it was back. */
export type NodeLink = {
  readonly connected: boolean;
  readonly lostAt?: Instant | null;
  readonly backAt?: Instant | null;
};

/** Whether something that began then and goes on was held up by the node's last outage. */
export const heldUp = (world: Pick<World, 'nodes'>, nodeId: NodeId, since: Instant): boolean =>
  since < (world.nodes.get(nodeId)?.backAt ?? Number.NEGATIVE_INFINITY);

/** Whether nothing can be known or done on this node now: what its calls do is in doubt. */
export const isLost = (world: Pick<World, 'nodes'>, nodeId: NodeId): boolean =>
  world.nodes.get(nodeId)?.connected === false;

/** There are nodes, and none can be reached: no phone can be rung. */
export const allLost = (world: Pick<World, 'nodes'>): boolean =>
  world.nodes.size > 0 && [...world.nodes.values()].every(({ connected }) => !connected);

export const emptyWorld = (): World => ({
  calls: new Map(),
  legs: new Map(),
  agents: new Map(),
  lines: new Map(),
  nodes: new Map(),
  timers: new Map(),
  switches: new Map(),
  callbacks: new Map(),
  handleTimes: new Map(),
  ringTimes: new Map(),
  waits: new Map(),
  helpers: new Map(),
  reserves: new Map(),
});

/** What is being recorded of a caller's leg, as far as we know. */
export function recordingOf(world: World, legId: LegId): RecordingId | null {
  const leg = world.legs.get(legId);
  if (leg?.role !== 'caller') return null;
  return world.calls.get(leg.callId)?.recording?.id ?? null;
}

/** What is being played to a caller's leg, as far as we know. */
export function playbackOf(world: World, legId: LegId): PlaybackId | null {
  const leg = world.legs.get(legId);
  if (leg?.role !== 'caller') return null;
  return world.calls.get(leg.callId)?.playback ?? null;
}
