import type { AgentId, QueueId, VisitId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import { type AgentRecord, type FreeAgent, FreeAgents } from './free-agents.ts';
import { MarkSets } from './mark-sets.ts';
import { whyAgent, whyLastHelped, whyWaiting } from './reasons.ts';
import { markOf, marksOfClass, type ServiceClass, ServiceClasses } from './service-classes.ts';
import { servedFirst, virtualArrival } from './serving-order.ts';
import type { ServingPlan } from './serving-plan.ts';
import { type AgentProfile, nextExpiry } from './skills.ts';
import { TimeHeap } from './time-heap.ts';
import { type RoutingVisit, type WaitingVisit, WaitingVisits } from './waiting-visits.ts';

/** Whom to ring for whom, and why. More than one agent only where a queue rings all. */
export type Decision = {
  readonly visitId: VisitId;
  readonly queue: QueueId;
  readonly agents: readonly [AgentId, ...AgentId[]];
  readonly because: string;
};

type Presence = 'away' | 'busy' | 'free';
type Agent = {
  id: AgentId;
  item: number;
  profile: AgentProfile;
  reserve: boolean;
  presence: Presence;
  expiresAt: Instant | null;
  /** Visits that wait for this agent alone. */
  held: Set<WaitingVisit> | null;
} & { -readonly [K in keyof AgentRecord]: AgentRecord[K] };

/**
 * The router's memory of who waits and who is free, kept so that a decision costs O(log n). It has one owner, who tells it every change and
 * asks `next` until it answers null. It can be made anew from the state of the world at any time, so no snapshot holds it. Everything it
 * decides follows from what it was told and from the latest `now`.
 *
 * The specification it is held against, in words: of all visits that are offered, take the one served first (serving-order.ts) that has
 * a free agent who may serve it; ring the one the queue's strategy says, ties to the longest idle, then to the lower number.
 */
export class RoutingIndex {
  readonly #plans: ReadonlyMap<QueueId, ServingPlan>;
  readonly #onLetGo: (visit: VisitId, agent: AgentId) => void;
  readonly #classes: ServiceClasses;
  readonly #agents = new Map<AgentId, Agent>();
  readonly #agentAt: (Agent | undefined)[] = [];
  readonly #visits = new Map<VisitId, WaitingVisit>();
  /** Queues whose reserve a lead has called in. */
  readonly #reserves = new Set<QueueId>();
  readonly #freeItems: number[] = [];
  readonly #expiries = new TimeHeap();
  #lastAgentItem = 0;
  #lastVisitItem = 0;
  /** What each agent can do now, by their number. */
  #marks: MarkSets;
  #free: FreeAgents;
  #waiting: WaitingVisits;
  #atWork: Int32Array;
  #freeMarks: Uint32Array;
  #now = Number.NEGATIVE_INFINITY as Instant;

  /** @param onLetGo told of a visit that waits no longer for one agent alone, as that one went away or may not serve it any more */
  constructor(
    plans: ReadonlyMap<QueueId, ServingPlan>,
    onLetGo: (visit: VisitId, agent: AgentId) => void = () => undefined,
  ) {
    this.#plans = plans;
    this.#onLetGo = onLetGo;
    this.#classes = new ServiceClasses(plans.values());
    const words = Math.ceil(this.#classes.markCount / 32) + 1;
    this.#marks = new MarkSets(words);
    this.#free = this.#noAgents();
    this.#waiting = new WaitingVisits(words);
    this.#atWork = new Int32Array(words * 32);
    this.#freeMarks = new Uint32Array(words);
  }

  /** An agent is known, or has other skills, queues, or certificates than before. New ones are away. */
  agentDefined(profile: AgentProfile, now: Instant): void {
    this.#advance(now);
    const known = this.#agents.get(profile.id);
    if (known) {
      known.profile = profile;
      known.reserve = profile.reserve;
      this.#remark(known);
      return;
    }
    const item = ++this.#lastAgentItem;
    const agent: Agent = {
      id: profile.id,
      item,
      profile,
      reserve: profile.reserve,
      presence: 'away',
      expiresAt: null,
      held: null,
      idleSince: 0,
      calls: 0,
      lastRungAt: Number.NEGATIVE_INFINITY,
    };
    this.#agents.set(profile.id, agent);
    this.#agentAt[item] = agent;
    this.#remark(agent);
  }

  /** An agent exists no longer. */
  agentForgotten(id: AgentId): void {
    const agent = this.#agents.get(id);
    if (!agent) return;
    this.agentAway(id);
    this.#agents.delete(id);
    this.#agentAt[agent.item] = undefined;
  }

  /** The agent's phone may be rung. Told again, it takes over what has changed. @throws {RangeError} for an agent it does not know */
  agentFree(id: AgentId, record: AgentRecord): void {
    const agent = this.#known(id);
    this.#become(agent, 'busy');
    agent.idleSince = record.idleSince;
    agent.calls = record.calls;
    agent.lastRungAt = record.lastRungAt;
    this.#become(agent, 'free');
  }

  /** At work, but not to be rung now: ringing, talking, wrapping up. */
  agentBusy(id: AgentId): void {
    this.#become(this.#known(id), 'busy');
  }

  /** Signed out, not ready, unreachable. Who waits for this agent alone waits for others too from now on. */
  agentAway(id: AgentId): void {
    const agent = this.#known(id);
    this.#become(agent, 'away');
    for (const waiting of agent.held ?? []) this.#letGo(waiting);
  }

  /**
   * A visit waits. If its queue keeps it for the agent who helped last, and that one is at work but busy, it waits for them alone until
   * `visitReleased`.
   */
  visitJoined(visit: RoutingVisit, now: Instant): void {
    this.#advance(now);
    const plan = this.#plans.get(visit.queue);
    if (!plan) throw new RangeError(`visit ${visit.visitId}: there is no queue "${visit.queue}"`);
    if (this.#visits.has(visit.visitId)) throw new RangeError(`visit ${visit.visitId} waits already`);
    const waiting: WaitingVisit = {
      item: this.#freeItems.pop() ?? ++this.#lastVisitItem,
      plan,
      ageingMsPerPriority: plan.ageingMsPerPriority,
      arrival: virtualArrival(visit, plan.ageingMsPerPriority),
      visit,
      class: this.#classFor(plan, visit),
      offered: true,
      heldFor: null,
      place: 'none',
    };
    this.#visits.set(visit.visitId, waiting);
    if (plan.stickyWaitMs !== null && plan.stickyWaitMs > 0) this.#hold(waiting);
    this.#settle(waiting);
  }

  /** It was answered, gave up or flowed out. Of one it does not know nothing is done. */
  visitLeft(id: VisitId): void {
    const waiting = this.#visits.get(id);
    if (!waiting) return;
    this.#unhold(waiting);
    this.#waiting.put(waiting, 'none');
    this.#freeItems.push(waiting.item);
    this.#visits.delete(id);
  }

  /** Whether agents may be found for it: false while a phone rings for it, or while nothing can be known of its call. */
  visitOffered(id: VisitId, offered: boolean): void {
    const waiting = this.#visits.get(id);
    if (!waiting) return;
    waiting.offered = offered;
    this.#settle(waiting);
  }

  /** Its overflow has come to this step, for this reason. */
  visitAtStep(id: VisitId, reached: { step: number; because: string }, now: Instant): void {
    this.#advance(now);
    const waiting = this.#visits.get(id);
    if (waiting)
      this.#reclassify(waiting, { ...waiting.visit, step: reached.step, stepBecause: reached.because });
  }

  #reclassify(waiting: WaitingVisit, visit: RoutingVisit): void {
    // First, as a class never seen before may rebuild the trees, this visit among the others in them.
    const one = this.#classFor(waiting.plan, visit);
    this.#waiting.put(waiting, 'none');
    waiting.visit = visit;
    waiting.class = one;
    const holder = waiting.heldFor === null ? undefined : this.#agents.get(waiting.heldFor);
    if (holder && !this.#mayServe(holder, waiting.class)) this.#letGo(waiting);
    else this.#settle(waiting);
  }

  /** A lead calls a queue's reserve in, or lets it go: for all who wait there, and who will. */
  reserveCalledIn(queue: QueueId, on: boolean, now: Instant): void {
    this.#advance(now);
    if (this.#reserves.has(queue) === on) return;
    if (on) this.#reserves.add(queue);
    else this.#reserves.delete(queue);
    for (const waiting of this.#visits.values())
      if (waiting.plan.queue === queue) this.#reclassify(waiting, waiting.visit);
  }

  /** It has waited long enough for the agent who helped last. */
  visitReleased(id: VisitId): void {
    const waiting = this.#visits.get(id);
    if (waiting) this.#release(waiting);
  }

  get anybodyFree(): boolean {
    return this.#free.size > 0;
  }

  /** The next pairing, or null when nobody more can be served. It changes nothing: tell what became of it before asking again. */
  next(now: Instant): Decision | null {
    this.#advance(now);
    if (this.#free.size === 0) return null;
    this.#free.marksInto(this.#freeMarks);
    const waiting = this.#waiting.first(this.#freeMarks);
    return waiting && this.#decide(waiting);
  }

  /**
   * Whom this queue would ring now for somebody without needs of their own who has not waited yet; null when nobody who may serve it is free.
   * For a colleague who asks for advice: nobody waits for it, so nothing widens the choice.
   */
  firstFree(queue: QueueId, now: Instant): AgentId | null {
    this.#advance(now);
    const plan = this.#plans.get(queue);
    return (plan && this.#free.choose(this.#classFor(plan, { step: 0, needs: [] }))?.agent.id) ?? null;
  }

  /** Whether a visit that joins now could wait for this agent alone: at work, and one who may serve it. */
  canWaitFor(id: AgentId, visit: Pick<RoutingVisit, 'queue' | 'step' | 'needs'>, now: Instant): boolean {
    this.#advance(now);
    const agent = this.#agents.get(id);
    const plan = this.#plans.get(visit.queue);
    if (!agent || !plan || agent.presence === 'away') return false;
    return this.#mayServe(agent, this.#classFor(plan, visit));
  }

  /** The one agent for whom this visit waits, as they helped the caller last; null when it waits for whoever can. */
  waitsFor(id: VisitId): AgentId | null {
    return this.#visits.get(id)?.heldFor ?? null;
  }

  /** Why this visit waits, in words; null for one it does not know. */
  whyWaiting(id: VisitId, now: Instant): string | null {
    this.#advance(now);
    const waiting = this.#visits.get(id);
    if (!waiting) return null;
    return whyWaiting(waiting.class, {
      free: this.#free.countOf(waiting.class),
      atWork: this.#atWorkFor(waiting.class),
      waitsFor: waiting.heldFor,
      offered: waiting.offered,
    });
  }

  /** How many agents are at work and free who may serve an ordinary visit of this queue. */
  agentsFor(queue: QueueId, now: Instant): { atWork: number; free: number } {
    this.#advance(now);
    const plan = this.#plans.get(queue);
    if (!plan) return { atWork: 0, free: 0 };
    const one = this.#classFor(plan, { step: 0, needs: [] });
    return { atWork: this.#atWorkFor(one), free: this.#free.countOf(one) };
  }

  /**
   * How many agents are at work who may serve this visit, and how many others are served before it by some of them. It looks at everybody,
   * so it is for what callers are told now and then, not for decisions. Null for a visit it does not know.
   */
  standing(id: VisitId, now: Instant): { agents: number; ahead: number } | null {
    this.#advance(now);
    const waiting = this.#visits.get(id);
    if (!waiting) return null;
    const theirs = new Uint32Array(this.#marks.words);
    let agents = 0;
    for (const agent of this.#agents.values()) {
      if (agent.presence === 'away' || !this.#mayServe(agent, waiting.class)) continue;
      agents++;
      this.#marks.uniteInto(theirs, agent.item);
    }
    let ahead = 0;
    for (const other of this.#visits.values())
      if (other !== waiting && other.offered && before(other, waiting) && meets(other.class, theirs)) ahead++;
    return { agents, ahead };
  }

  #decide(waiting: WaitingVisit): Decision {
    const { visit, plan } = waiting;
    const decision = (agents: readonly [AgentId, ...AgentId[]], because: string): Decision => ({
      visitId: visit.visitId,
      queue: visit.queue,
      agents,
      because,
    });
    const last = this.#lastAgentOf(waiting);
    if (last?.presence === 'free') return decision([last.id], whyLastHelped(visit.stepBecause));
    const chosen = this.#free.choose(waiting.class);
    if (!chosen) throw new Error(`visit ${visit.visitId} was found for an agent who is not there`);
    const { agent, tier } = chosen;
    const candidates = this.#free.countOf(waiting.class);
    const because = [
      whyAgent(waiting.class, { tier, calls: agent.calls, candidates }, visit.stepBecause),
      ...(agent.reserve ? ['of the reserve'] : []),
    ].join('; ');
    if (plan.strategy !== 'ring-all') return decision([agent.id], because);
    const [, ...others] = this.#free.chooseAll(waiting.class, plan.ringAllLimit);
    return decision([agent.id, ...others.map(({ id }) => id)], because);
  }

  /** Who helped this caller last, if they may serve the visit and its queue cares. */
  #lastAgentOf({ visit, plan, class: one }: WaitingVisit): Agent | null {
    if (visit.lastAgent === null || plan.stickyWaitMs === null) return null;
    const agent = this.#agents.get(visit.lastAgent);
    return agent && this.#mayServe(agent, one) ? agent : null;
  }

  #hold(waiting: WaitingVisit): void {
    const agent = this.#lastAgentOf(waiting);
    if (!agent || agent.presence === 'away') return;
    agent.held ??= new Set();
    agent.held.add(waiting);
    waiting.heldFor = agent.id;
  }

  #unhold(waiting: WaitingVisit): void {
    if (waiting.heldFor === null) return;
    this.#agents.get(waiting.heldFor)?.held?.delete(waiting);
    waiting.heldFor = null;
  }

  #letGo(waiting: WaitingVisit): void {
    const agent = waiting.heldFor;
    this.#release(waiting);
    if (agent !== null) this.#onLetGo(waiting.visit.visitId, agent);
  }

  #release(waiting: WaitingVisit): void {
    this.#unhold(waiting);
    this.#settle(waiting);
  }

  #settle(waiting: WaitingVisit): void {
    const { offered, heldFor } = waiting;
    if (!offered) this.#waiting.put(waiting, 'none');
    else if (heldFor === null) this.#waiting.put(waiting, 'all');
    else this.#waiting.put(waiting, this.#agents.get(heldFor)?.presence === 'free' ? 'held' : 'none');
  }

  #become(agent: Agent, presence: Presence): void {
    if (agent.presence === presence) return;
    if (agent.presence === 'free') this.#free.remove(agent satisfies FreeAgent);
    if (agent.presence === 'away') this.#countAtWork(agent, 1);
    agent.presence = presence;
    if (presence === 'free') this.#free.add(agent);
    if (presence === 'away') this.#countAtWork(agent, -1);
    if (agent.held !== null) for (const waiting of agent.held) this.#settle(waiting);
  }

  /** What the agent may do is found out anew. */
  #remark(agent: Agent): void {
    const { presence } = agent;
    if (presence === 'free') this.#free.remove(agent);
    if (presence !== 'away') this.#countAtWork(agent, -1);
    this.#marks.replace(agent.item, this.#classes.marksOf(agent.profile, this.#now));
    if (presence !== 'away') this.#countAtWork(agent, 1);
    if (presence === 'free') this.#free.add(agent);
    agent.expiresAt = nextExpiry(agent.profile, this.#now);
    if (agent.expiresAt !== null) this.#expiries.put(agent.expiresAt, agent.item);
    for (const waiting of agent.held ?? []) if (!this.#mayServe(agent, waiting.class)) this.#letGo(waiting);
  }

  /** Time only goes forward here: what has expired stays expired. */
  #advance(now: Instant): void {
    if (now > this.#now) this.#now = now;
    while (this.#expiries.nextAt <= this.#now) {
      const agent = this.#agentAt[this.#expiries.take()];
      if (agent?.expiresAt != null && agent.expiresAt <= this.#now) this.#remark(agent);
    }
  }

  #classFor(plan: ServingPlan, visit: Pick<RoutingVisit, 'step' | 'needs'>): ServiceClass {
    const before = this.#classes.all.length;
    const one = this.#classes.of(plan, visit.step, visit.needs, this.#reserves.has(plan.queue));
    if (this.#classes.all.length > before) this.#admit(one);
    return one;
  }

  /** A requirement that was never there before: who can meet it? */
  #admit(one: ServiceClass): void {
    if (this.#classes.markCount > this.#marks.words * 32) this.#widen();
    for (const agent of this.#agents.values()) {
      const mark = markOf(one, agent.profile, this.#now);
      if (mark === null) continue;
      if (agent.presence === 'free') this.#free.remove(agent);
      this.#marks.mark(agent.item, mark);
      if (agent.presence !== 'away') this.#atWork[mark] = (this.#atWork[mark] as number) + 1;
      if (agent.presence === 'free') this.#free.add(agent);
    }
  }

  /** More marks than there is room for: everything moves into trees twice as wide. */
  #widen(): void {
    const words = Math.max(this.#marks.words * 2, Math.ceil(this.#classes.markCount / 32) + 1);
    this.#marks = this.#marks.widened(words);
    this.#freeMarks = new Uint32Array(words);
    this.#atWork = new Int32Array(words * 32);
    this.#free = this.#noAgents();
    for (const agent of this.#agents.values()) {
      if (agent.presence !== 'away') this.#countAtWork(agent, 1);
      if (agent.presence === 'free') this.#free.add(agent);
    }
    this.#waiting = new WaitingVisits(words);
    for (const waiting of this.#visits.values()) {
      waiting.place = 'none';
      this.#settle(waiting);
    }
  }

  #noAgents(): FreeAgents {
    return new FreeAgents(this.#marks, new Set([...this.#plans.values()].map(({ strategy }) => strategy)));
  }

  #countAtWork(agent: Agent, by: number): void {
    this.#marks.countInto(this.#atWork, agent.item, by);
  }

  #atWorkFor({ firstMark, tiers }: ServiceClass): number {
    return this.#atWork.subarray(firstMark, firstMark + tiers).reduce((sum, count) => sum + count, 0);
  }

  #mayServe({ item }: Agent, { firstMark, tiers }: ServiceClass): boolean {
    return this.#marks.hasAny(item, firstMark, tiers);
  }

  #known(id: AgentId): Agent {
    const agent = this.#agents.get(id);
    if (!agent) throw new RangeError(`there is no agent "${id}"`);
    return agent;
  }
}

const before = (a: WaitingVisit, b: WaitingVisit): boolean =>
  servedFirst(
    { ...a.visit, ageingMsPerPriority: a.ageingMsPerPriority },
    { ...b.visit, ageingMsPerPriority: b.ageingMsPerPriority },
  ) < 0;

const meets = (one: ServiceClass, words: Uint32Array): boolean =>
  marksOfClass(one).some((mark) => ((words[mark >>> 5] as number) & (1 << (mark & 31))) !== 0);
