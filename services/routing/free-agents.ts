import type { AgentId } from '../events/ids.ts';
import type { MarkSets } from './mark-sets.ts';
import { MaskedTree } from './masked-tree.ts';
import type { ServiceClass } from './service-classes.ts';
import type { Strategy } from './serving-plan.ts';

/** What the strategies go by. */
export type AgentRecord = {
  /** Since when without work. */
  readonly idleSince: number;
  /** Calls answered in this shift. */
  readonly calls: number;
  /** When the agent's phone rang last; minus infinity for never. */
  readonly lastRungAt: number;
};

/** An agent who is free, as the trees know them. */
export type FreeAgent = AgentRecord & {
  readonly id: AgentId;
  /** 1, 2, …: this agent's number in the trees. */
  readonly item: number;
  readonly reserve: boolean;
};

type Order = 'idle' | 'calls' | 'turn';

/** The agents who are free now, in the order of each strategy that is in use. */
export class FreeAgents {
  readonly #trees: Record<Order, MaskedTree | null>;
  readonly #idle: MaskedTree;
  readonly #agents: (FreeAgent | undefined)[] = [];
  readonly #marks: MarkSets;
  readonly #withMark: Int32Array;

  /** @param marks what each agent can do; it stays as it is while the agent is free */
  constructor(marks: MarkSets, strategies: ReadonlySet<Strategy>) {
    this.#marks = marks;
    this.#idle = new MaskedTree(marks);
    this.#trees = {
      idle: this.#idle,
      calls: strategies.has('fewest-calls') ? new MaskedTree(marks) : null,
      turn: strategies.has('round-robin') ? new MaskedTree(marks) : null,
    };
    this.#withMark = new Int32Array(marks.words * 32);
  }

  add(agent: FreeAgent): void {
    const { item, id, idleSince, calls, lastRungAt } = agent;
    this.#idle.add(item, idleSince, 0, id);
    this.#trees.calls?.add(item, calls, idleSince, id);
    this.#trees.turn?.add(item, lastRungAt, idleSince, id);
    this.#agents[item] = agent;
    this.#marks.countInto(this.#withMark, item, 1);
  }

  remove(agent: FreeAgent): void {
    this.#idle.remove(agent.item);
    this.#trees.calls?.remove(agent.item);
    this.#trees.turn?.remove(agent.item);
    this.#agents[agent.item] = undefined;
    this.#marks.countInto(this.#withMark, agent.item, -1);
  }

  get size(): number {
    return this.#idle.size;
  }

  /** Everything that anybody free can do, into the given words. */
  marksInto(target: Uint32Array): void {
    this.#idle.marksInto(target);
  }

  /** How many free agents may serve this class. */
  countOf({ firstMark, tiers }: ServiceClass): number {
    let count = 0;
    for (let tier = 0; tier < tiers; tier++) count += this.#withMark[firstMark + tier] as number;
    return count;
  }

  /** The one to be rung for this class, and the tier they are in; null when nobody can be. */
  choose(one: ServiceClass): { agent: FreeAgent; tier: number } | null {
    const tree = this.#trees[orderOf(one.strategy)] ?? this.#idle;
    for (let tier = 0; tier < one.tiers; tier++) {
      if (this.#withMark[one.firstMark + tier] === 0) continue;
      const agent = this.#agents[tree.firstWithMark(one.firstMark + tier)];
      if (agent) return { agent, tier };
    }
    return null;
  }

  /** All to be rung for this class, the first choice first, at most so many. */
  chooseAll(one: ServiceClass, limit: number): FreeAgent[] {
    const chosen: FreeAgent[] = [];
    for (let tier = 0; tier < one.tiers && chosen.length < limit; tier++)
      for (const item of this.#idle.firstFewWith(one.firstMark + tier, limit - chosen.length))
        chosen.push(this.#agents[item] as FreeAgent);
    return chosen;
  }
}

function orderOf(strategy: Strategy): Order {
  switch (strategy) {
    case 'longest-idle':
    case 'best-skill':
    case 'ring-all':
      return 'idle';
    case 'fewest-calls':
      return 'calls';
    case 'round-robin':
      return 'turn';
    default:
      return strategy satisfies never;
  }
}
