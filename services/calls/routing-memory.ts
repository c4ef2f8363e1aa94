import { type Agent, stateOf } from '../agents/agent.ts';
import type { HotlineEvent } from '../events/events.ts';
import type { AgentId, CallId, VisitId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import type { Waiting } from '../queueing/queue.ts';
import { RoutingIndex } from '../routing/routing-index.ts';
import type { Centre } from './centre.ts';
import { needsOf, servingPlansOf } from './serving-plans.ts';
import { isLost, type World } from './world.ts';

type PlaceInLine = Pick<
  Waiting,
  'visitId' | 'queue' | 'priority' | 'queuedAt' | 'skills' | 'step' | 'lastAgent' | 'lastAgentUntil'
>;

/**
 * Keeps a routing index in step with the world: told of every event after `evolve`, it knows who waits and who is free. It is no part of the
 * world and of no snapshot: a new one is made of the world at any time. What a node's outage keeps in doubt is not offered.
 */
export class RoutingMemory {
  readonly index: RoutingIndex;
  readonly #centre: Pick<Centre, 'agents' | 'queues'>;
  readonly #defined = new Set<AgentId>();
  /** Promised callbacks that stand in line now. */
  #promised = new Set<VisitId>();
  /** Visits for which nothing can be done in this step, and the calls they belong to. */
  readonly #setAside = new Map<VisitId, CallId | null>();

  constructor(
    centre: Pick<Centre, 'agents' | 'queues'>,
    world: World,
    now: Instant,
    plans = servingPlansOf(centre),
  ) {
    this.#centre = centre;
    this.index = new RoutingIndex(plans);
    for (const queue of world.reserves.keys()) this.index.reserveCalledIn(queue, true, now);
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
        const { visitId, queue } = event;
        const visit = world.lines.get(queue)?.find((one) => one.visitId === visitId);
        if (visit) this.#joins(visit, event.at);
        return this.#offer(world, event.callId);
      }
      case 'AgentRingRequested':
      case 'AgentRingEnded':
        return this.#offer(world, event.callId);
      case 'VisitEnded':
        return this.index.visitLeft(event.visitId);
      case 'VisitStepReached':
        return this.index.visitAtStep(event.visitId, event, event.at);
      case 'LastAgentWaitEnded':
        return this.index.visitReleased(event.visitId);
      case 'ReserveCalledIn':
        return this.index.reserveCalledIn(event.queue, event.on, event.at);
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

  /** These promised callbacks stand in line from now on, and no others. */
  promise(callbacks: readonly PlaceInLine[], now: Instant): void {
    if (callbacks.length === 0 && this.#promised.size === 0) return;
    const wanted = new Set(callbacks.map(({ visitId }) => visitId));
    for (const id of this.#promised) if (!wanted.has(id)) this.index.visitLeft(id);
    for (const place of callbacks) if (!this.#promised.has(place.visitId)) this.#joins(place, now);
    this.#promised = wanted;
  }

  /** A decision that cannot be carried out now: until `takeBack` it is not made again. */
  setAside(visitId: VisitId, callId: CallId | null): void {
    this.#setAside.set(visitId, callId);
    this.index.visitOffered(visitId, false);
  }

  /** The step is over: in the next one everything may be possible. */
  takeBack(world: World): void {
    for (const [visitId, callId] of this.#setAside)
      if (callId === null) this.index.visitOffered(visitId, true);
      else this.#offer(world, callId);
    this.#setAside.clear();
  }

  #agentIs(agent: Agent, now: Instant): void {
    const { id, idleSince, callsInShift: calls, lastRungAt } = agent;
    if (!this.#defined.has(id)) {
      this.#defined.add(id);
      // Whoever the centre does not name any more serves nobody.
      const { queues = [], skills: certificates = [], reserve = false } = this.#centre.agents.get(id) ?? {};
      this.index.agentDefined({ id, queues, certificates, reserve }, now);
    }
    switch (stateOf(agent)) {
      case 'available':
        return this.index.agentFree(id, {
          idleSince,
          calls,
          lastRungAt: lastRungAt ?? Number.NEGATIVE_INFINITY,
        });
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

  #joins(place: PlaceInLine, now: Instant): void {
    const { visitId, queue, priority, queuedAt, skills, lastAgent = null, lastAgentUntil } = place;
    // The centre may have lost a queue since: whoever waits there is served by nobody, and goes on when the wait is over.
    if (!this.#centre.queues.has(queue)) return;
    const { step = 0, because: stepBecause = '' } = place.step ?? {};
    const needs = needsOf(skills);
    this.index.visitJoined({ visitId, queue, priority, queuedAt, step, stepBecause, needs, lastAgent }, now);
    // The time for that one agent is over, or was never given; a timer that is about to tell so changes nothing.
    if (lastAgentUntil === undefined || lastAgentUntil <= now) this.index.visitReleased(visitId);
  }

  #offer(world: World, id: CallId): void {
    const call = world.calls.get(id);
    if (call?.stage.kind !== 'waiting') return;
    this.index.visitOffered(call.stage.visitId, !call.stage.ring && !isLost(world, call.nodeId));
  }
}
