import type { AgentId, QueueId, VisitId } from '../../services/events/ids.ts';
import type { Instant } from '../../services/events/instant.ts';
import type { AgentRecord } from '../../services/routing/free-agents.ts';
import { requirementAt, type ServingPlan } from '../../services/routing/serving-plan.ts';
import type { AgentProfile } from '../../services/routing/skills.ts';
import type { RoutingVisit } from '../../services/routing/waiting-visits.ts';

type Presence = 'away' | 'busy' | 'free';
type Agent = AgentRecord & { profile: AgentProfile; presence: Presence };
type Waiting = { visit: RoutingVisit; offered: boolean; heldFor: AgentId | null };

/** The router's specification: no index and no cleverness. It looks at everything, sorts it, and takes the first. */
export class NaiveRouter {
  readonly #plans: ReadonlyMap<QueueId, ServingPlan>;
  readonly #agents = new Map<AgentId, Agent>();
  readonly #visits = new Map<VisitId, Waiting>();
  readonly #reserves = new Set<QueueId>();
  #now = Number.NEGATIVE_INFINITY;

  constructor(plans: ReadonlyMap<QueueId, ServingPlan>) {
    this.#plans = plans;
  }

  agentDefined(profile: AgentProfile, now: Instant): void {
    this.#pass(now);
    const record = { idleSince: 0, calls: 0, lastRungAt: Number.NEGATIVE_INFINITY };
    const known = this.#agents.get(profile.id) ?? { ...record, presence: 'away' as const };
    this.#agents.set(profile.id, { ...known, profile });
    this.#letGo();
  }

  agentForgotten(id: AgentId): void {
    this.agentAway(id);
    this.#agents.delete(id);
  }

  agentFree(id: AgentId, record: AgentRecord): void {
    Object.assign(this.#agent(id), record, { presence: 'free' });
  }

  agentBusy(id: AgentId): void {
    this.#agent(id).presence = 'busy';
  }

  agentAway(id: AgentId): void {
    this.#agent(id).presence = 'away';
    for (const waiting of this.#visits.values()) if (waiting.heldFor === id) waiting.heldFor = null;
  }

  visitJoined(visit: RoutingVisit, now: Instant): void {
    this.#pass(now);
    const waiting: Waiting = { visit, offered: true, heldFor: null };
    const last = visit.lastAgent === null ? undefined : this.#agents.get(visit.lastAgent);
    const keeps = (this.#plan(visit).stickyWaitMs ?? 0) > 0;
    if (keeps && last && last.presence !== 'away' && this.#serves(last, visit))
      waiting.heldFor = last.profile.id;
    this.#visits.set(visit.visitId, waiting);
  }

  visitLeft(id: VisitId): void {
    this.#visits.delete(id);
  }

  visitOffered(id: VisitId, offered: boolean): void {
    const waiting = this.#visits.get(id);
    if (waiting) waiting.offered = offered;
  }

  visitAtStep(id: VisitId, { step, because }: { step: number; because: string }, now: Instant): void {
    this.#pass(now);
    const waiting = this.#visits.get(id);
    if (waiting) waiting.visit = { ...waiting.visit, step, stepBecause: because };
    this.#letGo();
  }

  reserveCalledIn(queue: QueueId, on: boolean, now: Instant): void {
    this.#pass(now);
    if (on) this.#reserves.add(queue);
    else this.#reserves.delete(queue);
    this.#letGo();
  }

  visitReleased(id: VisitId): void {
    const waiting = this.#visits.get(id);
    if (waiting) waiting.heldFor = null;
  }

  next(now: Instant): { visitId: VisitId; agents: AgentId[] } | null {
    this.#pass(now);
    const waiting = [...this.#visits.values()]
      .filter((w) => w.offered)
      .sort((a, b) => this.#order(a.visit, b.visit));
    for (const one of waiting) {
      const agents = this.#agentsFor(one);
      if (agents.length > 0) return { visitId: one.visit.visitId, agents };
    }
    return null;
  }

  #agentsFor({ visit, heldFor }: Waiting): AgentId[] {
    const plan = this.#plan(visit);
    const free = [...this.#agents.values()].filter((a) => a.presence === 'free' && this.#serves(a, visit));
    const sticky = free.filter((a) => a.profile.id === visit.lastAgent && plan.stickyWaitMs !== null);
    const candidates = sticky.length > 0 ? sticky : heldFor === null ? free : [];
    const limit = plan.strategy === 'ring-all' && sticky.length === 0 ? plan.ringAllLimit : 1;
    return candidates
      .sort((a, b) => this.#preference(plan, visit, a, b))
      .slice(0, limit)
      .map((a) => a.profile.id);
  }

  #preference(plan: ServingPlan, visit: RoutingVisit, a: Agent, b: Agent): number {
    const { needs } = requirementAt(plan, visit.step, visit.needs);
    const best = plan.strategy === 'best-skill';
    const skill = plan.preferred ?? (best ? needs[0]?.skill : undefined);
    const worth = (agent: Agent) => {
      const level = skill === undefined ? 0 : this.#level(agent, skill);
      return best ? level : Math.min(level, 1);
    };
    const byStrategy =
      plan.strategy === 'fewest-calls'
        ? a.calls - b.calls
        : plan.strategy === 'round-robin' && a.lastRungAt !== b.lastRungAt
          ? a.lastRungAt - b.lastRungAt
          : 0;
    return (
      worth(b) - worth(a) || byStrategy || a.idleSince - b.idleSince || (a.profile.id < b.profile.id ? -1 : 1)
    );
  }

  #order(a: RoutingVisit, b: RoutingVisit): number {
    const arrival = (v: RoutingVisit) => v.queuedAt - v.priority * this.#plan(v).ageingMsPerPriority;
    return arrival(a) - arrival(b) || a.queuedAt - b.queuedAt || (a.visitId < b.visitId ? -1 : 1);
  }

  #serves({ profile }: Agent, visit: RoutingVisit): boolean {
    const { queues, needs, reserve } = requirementAt(this.#plan(visit), visit.step, visit.needs);
    if (profile.reserve && !reserve && !this.#reserves.has(visit.queue)) return false;
    if (!queues.some((queue) => profile.queues.includes(queue))) return false;
    return needs.every((need) => this.#level({ profile }, need.skill) >= need.level);
  }

  #level({ profile }: Pick<Agent, 'profile'>, skill: string): number {
    const valid = profile.certificates.filter(
      (c) => c.skill === skill && (c.expiresAt === null || this.#now < c.expiresAt),
    );
    return Math.max(0, ...valid.map((c) => c.level));
  }

  #pass(now: number): void {
    this.#now = Math.max(this.#now, now);
    this.#letGo();
  }

  /** Nobody waits for an agent alone who may not serve them any more. */
  #letGo(): void {
    for (const waiting of this.#visits.values())
      if (waiting.heldFor !== null && !this.#serves(this.#agent(waiting.heldFor), waiting.visit))
        waiting.heldFor = null;
  }

  #plan(visit: RoutingVisit): ServingPlan {
    const plan = this.#plans.get(visit.queue);
    if (!plan) throw new Error(`no queue ${visit.queue}`);
    return plan;
  }

  #agent(id: AgentId): Agent {
    const agent = this.#agents.get(id);
    if (!agent) throw new Error(`no agent ${id}`);
    return agent;
  }
}
