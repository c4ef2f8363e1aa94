import type { AgentId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import type { RoutingIndex } from '../routing/routing-index.ts';
import type { SimulatedAgent } from './scenario.ts';

/** One agent during a simulation. */
export type Working = {
  readonly id: AgentId;
  /** 0, 1, …: the place in the list. */
  readonly number: number;
  /** Within a shift: there to take calls. */
  onShift: boolean;
  doing: 'nothing' | 'ringing' | 'call' | 'away';
  idleSince: number;
  calls: number;
  lastRungAt: number;
  /** When the shift ended, while still with a caller. */
  staysSince: number | null;
};

/** The agents of a simulation, and what the router knows of them. */
export class SimulatedAgents {
  readonly all: readonly Working[];
  readonly #byId: ReadonlyMap<AgentId, Working>;
  readonly #index: RoutingIndex;
  #overtimeMs = 0;

  constructor(agents: readonly SimulatedAgent[], index: RoutingIndex, startsAt: Instant) {
    this.#index = index;
    this.all = agents.map(({ profile }, number) => ({
      id: profile.id,
      number,
      onShift: false,
      doing: 'nothing',
      idleSince: startsAt,
      calls: 0,
      lastRungAt: Number.NEGATIVE_INFINITY,
      staysSince: null,
    }));
    this.#byId = new Map(this.all.map((agent) => [agent.id, agent]));
    for (const { profile } of agents) index.agentDefined(profile, startsAt);
  }

  byId(id: AgentId): Working {
    const agent = this.#byId.get(id);
    if (!agent) throw new Error(`the router chose ${id}, who is not in the scenario`);
    return agent;
  }

  /** A shift begins or ends. Whoever is with a caller stays until that is done. */
  shift(agent: Working, begins: boolean, now: number): void {
    agent.onShift = begins;
    this.#stays(agent, now);
    if (agent.doing !== 'nothing') return;
    if (begins) this.free(agent, now);
    else this.#index.agentAway(agent.id);
  }

  /** The work is done; `idleSince` stays as it was for a ring that came to nothing through no fault of the agent's. */
  free(agent: Working, idleSince: number): void {
    agent.doing = 'nothing';
    agent.idleSince = idleSince;
    this.#stays(agent, idleSince);
    if (agent.onShift) this.#index.agentFree(agent.id, agent);
    else this.#index.agentAway(agent.id);
  }

  /** How long all agents together stayed with their last callers when their shifts had ended. */
  get overtimeMs(): number {
    return this.#overtimeMs;
  }

  #stays(agent: Working, now: number): void {
    if (agent.staysSince !== null) this.#overtimeMs += Math.max(0, now - agent.staysSince);
    agent.staysSince = agent.onShift || agent.doing !== 'call' ? null : now;
  }

  rung(agent: Working, now: number): void {
    agent.doing = 'ringing';
    agent.lastRungAt = now;
    this.#index.agentBusy(agent.id);
  }

  away(agent: Working): void {
    agent.doing = 'away';
    this.#index.agentAway(agent.id);
  }
}
