import { type Agent, stateOf } from '../agents/agent.ts';
import type { HotlineEvent } from '../events/events.ts';
import type { AgentId, CallId, QueueId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import type { Waiting } from '../queueing/queue.ts';
import { RoutingIndex } from '../routing/routing-index.ts';
import type { ServingPlan } from '../routing/serving-plan.ts';
import type { Centre } from './centre.ts';
import { isLost, type World } from './world.ts';

/** So much waiting as one point of priority is worth where priority always wins: longer than anybody waits. */
const strictlyByPriorityMs = 1e12;

/** The plans of a centre whose queues say nothing of skills, strategy or overflow: longest idle, strictly by priority. */
export const plainPlans = (centre: Pick<Centre, 'queues'>): ReadonlyMap<QueueId, ServingPlan> =>
  new Map(
    [...centre.queues.keys()].map((queue): [QueueId, ServingPlan] => [
      queue,
      {
        queue,
        strategy: 'longest-idle',
        needs: [],
        preferred: null,
        ageingMsPerPriority: strictlyByPriorityMs,
        stickyWaitMs: null,
        ringAllLimit: 1,
        overflow: [],
      },
    ]),
  );

/**
 * Keeps a routing index in step with the world: told of every event after `evolve`, it knows who waits and who is free. It is no part of the
 * world and of no snapshot: a new one is made of the world at any time. What a node's outage keeps in doubt is not offered.
 */
export class RoutingMemory {
  readonly index: RoutingIndex;
  readonly #centre: Pick<Centre, 'agents'>;
  readonly #defined = new Set<AgentId>();

  constructor(
    centre: Pick<Centre, 'agents' | 'queues'>,
    world: World,
    now: Instant,
    plans = plainPlans(centre),
  ) {
    this.#centre = centre;
    this.index = new RoutingIndex(plans);
    for (const agent of world.agents.values()) this.#agentIs(agent, now);
    for (const line of world.lines.values())
      for (const visit of line) {
        this.#joins(visit, now);
        this.#offer(world, visit.callId);
      }
  }

  /** What an event, already in the world, means to the router. */
  follow(event: HotlineEvent, world: World): void {
    if (event.witness) return;
    switch (event.type) {
      case 'AgentStateChanged': {
        const agent = world.agents.get(event.agent);
        if (agent) this.#agentIs(agent, event.at);
        return;
      }
      case 'CallQueued': {
        const { visitId, queue, priority } = event;
        this.#joins({ visitId, queue, priority, queuedAt: event.at }, event.at);
        return this.#offer(world, event.callId);
      }
      case 'AgentRingRequested':
      case 'AgentRingEnded':
        return this.#offer(world, event.callId);
      case 'VisitEnded':
        return this.index.visitLeft(event.visitId);
      case 'NodeLost':
      case 'NodeConnected':
      case 'ControllerStarted':
        for (const id of world.calls.keys()) this.#offer(world, id);
        return;
      default:
        // Nothing else makes anybody wait, ring or be free.
        return;
    }
  }

  #agentIs(agent: Agent, now: Instant): void {
    const { id, idleSince } = agent;
    if (!this.#defined.has(id)) {
      this.#defined.add(id);
      const queues = this.#centre.agents.get(id)?.queues ?? [];
      this.index.agentDefined({ id, queues, certificates: [], reserve: false }, now);
    }
    switch (stateOf(agent)) {
      case 'available':
        return this.index.agentFree(id, { idleSince, calls: 0, lastRungAt: Number.NEGATIVE_INFINITY });
      case 'ringing':
      case 'on-call':
      case 'on-hold':
      case 'wrapping-up':
        return this.index.agentBusy(id);
      case 'signed-out':
      case 'not-ready':
      case 'unreachable':
        return this.index.agentAway(id);
    }
  }

  #joins(visit: Pick<Waiting, 'visitId' | 'queue' | 'priority' | 'queuedAt'>, now: Instant): void {
    const { visitId, queue, priority, queuedAt } = visit;
    this.index.visitJoined(
      { visitId, queue, priority, queuedAt, step: 0, stepBecause: '', needs: [], lastAgent: null },
      now,
    );
  }

  #offer(world: World, id: CallId): void {
    const call = world.calls.get(id);
    if (call?.stage.kind !== 'waiting') return;
    this.index.visitOffered(call.stage.visitId, !call.stage.ring && !isLost(world, call.nodeId));
  }
}
