import { type AgentId, asId, type QueueId, type SkillId, type VisitId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import { RoutingIndex } from '../../services/routing/routing-index.ts';
import { type ServingPlan, type Strategy, strategies } from '../../services/routing/serving-plan.ts';
import { type SkillLevel, skillLevels } from '../../services/routing/skills.ts';
import { Chance } from '../support/seeded.ts';

export const skills = 50;
/** Everybody knows a few skills. Of the last ones nobody ever asks, so there are always free agents while others wait. */
const skillsOfAnAgent = 4;
const quietSkills = 5;
export const seed = 20_261_122;

/** What one input cost, from telling it to the last answer; `paired`: somebody was to be rung, and both were taken. */
export type Sample = { readonly us: number; readonly paired: boolean };

/** Callers wait for busy agents, or free agents for callers. */
export type Kind = 'crowded' | 'idle';

/** A centre of one size, and what the router is told there. */
export class RoutingWorld {
  readonly #chance = new Chance(seed);
  readonly #index: RoutingIndex;
  readonly #plans = new Map<QueueId, ServingPlan>();
  readonly #agents: { readonly id: AgentId; readonly known: readonly number[] }[] = [];
  /** Who was rung last. */
  readonly #taken: AgentId[] = [];
  readonly #kind: Kind;
  #visits = 0;
  #at = 0;

  constructor(waiting: number, kind: Kind) {
    this.#kind = kind;
    for (let n = 0; n < skills; n++) {
      const plan = planOf(n);
      this.#plans.set(plan.queue, plan);
    }
    this.#index = new RoutingIndex(this.#plans);
    for (let n = 0; n < agentsFor(waiting); n++) {
      const id = asId<AgentId>(String(100_000 + n));
      const known = Array.from({ length: skillsOfAnAgent }, () => this.#chance.below(skills));
      const certificates = known.map((skill) => ({
        skill: skillName(skill),
        level: this.#chance.one(skillLevels),
        expiresAt: null,
      }));
      this.#index.agentDefined(
        { id, queues: known.map(queueName), certificates, reserve: n % 20 === 0 },
        instant(0),
      );
      this.#agents.push({ id, known });
    }
    for (const { id } of this.#agents) {
      this.#at += 20;
      if (kind === 'idle') this.#free(id);
      else this.#index.agentBusy(id);
    }
    if (kind === 'crowded') for (let n = 0; n < waiting; n++) this.#join(this.#chance.below(asked));
  }

  /** Callers and agents come, as `kind` says, until there are so many inputs. */
  serve(inputs: number): Sample[] {
    const samples: Sample[] = [];
    while (samples.length < inputs) samples.push(...this.serveOne());
    return samples;
  }

  /** What it takes until somebody is served, or in vain might have been. */
  serveOne(): Sample[] {
    const samples: Sample[] = [];
    this.#at += 20;
    if (this.#kind === 'crowded') this.#agentComes(samples);
    else this.#callerComes(samples);
    return samples;
  }

  /**
   * An agent becomes free and takes a caller; another joins. In a small centre those who wait may want others: then somebody comes whom this
   * agent may serve.
   */
  #agentComes(samples: Sample[]): void {
    const agent = this.#chance.one(this.#agents);
    const calls = this.#chance.below(40);
    const rung = this.#timed(samples, () =>
      this.#index.agentFree(agent.id, { idleSince: this.#at, calls, lastRungAt: this.#at - 1_000 }),
    );
    for (const visit of rung) this.#index.visitLeft(visit);
    const queue = rung.length > 0 ? this.#chance.below(asked) : this.#chance.one(agent.known);
    const joined = this.#timed(samples, () => this.#join(queue));
    for (const visit of joined) this.#index.visitLeft(visit);
    if (rung.length > 0 || joined.length > 0) return;
    // Not even that one: both go again.
    this.#index.visitLeft(asId(`n1-${this.#visits}`));
    this.#index.agentBusy(agent.id);
  }

  /** A caller joins and takes an agent, who comes back. */
  #callerComes(samples: Sample[]): void {
    const queue = this.#chance.below(asked);
    const rung = this.#timed(samples, () => this.#join(queue));
    this.#index.visitLeft(asId(`n1-${this.#visits}`));
    if (rung.length > 0) for (const agent of this.#taken) this.#free(agent);
  }

  #timed(samples: Sample[], tell: () => void): VisitId[] {
    const begun = performance.now();
    tell();
    const rung = this.#decide();
    samples.push({ us: (performance.now() - begun) * 1_000, paired: rung.length > 0 });
    return rung;
  }

  #free(agent: AgentId): void {
    const record = { idleSince: this.#at, calls: this.#chance.below(40), lastRungAt: this.#at - 500 };
    this.#index.agentFree(agent, record);
  }

  /** Takes all who can be paired. */
  #decide(): VisitId[] {
    const rung: VisitId[] = [];
    this.#taken.length = 0;
    for (;;) {
      const decision = this.#index.next(instant(this.#at));
      if (!decision) return rung;
      for (const agent of decision.agents) {
        this.#index.agentBusy(agent);
        this.#taken.push(agent);
      }
      this.#index.visitOffered(decision.visitId, false);
      rung.push(decision.visitId);
    }
  }

  #join(n: number): void {
    this.#index.visitJoined(
      {
        visitId: asId(`n1-${++this.#visits}`),
        queue: queueName(n),
        queuedAt: instant(this.#at++),
        priority: this.#chance.below(4),
        step: this.#chance.below(3),
        stepBecause: '',
        needs: [],
        lastAgent: this.#chance.below(5) === 0 ? this.#chance.one(this.#agents).id : null,
      },
      instant(this.#at),
    );
  }
}

/** Of which skills callers ask. */
const asked = skills - quietSkills;
export const agentsFor = (waiting: number): number => Math.round(waiting * 0.4);

const queueName = (n: number): QueueId => asId(`queue-${n}`);
const skillName = (n: number): SkillId => asId(`skill-${n}`);

function planOf(n: number): ServingPlan {
  const usual = strategies.filter(
    (strategy): strategy is Exclude<Strategy, 'ring-all'> => strategy !== 'ring-all',
  );
  const level = (1 + (n % 3)) as SkillLevel;
  const step = (afterMs: number, needs: ServingPlan['needs'], reserve: boolean) => ({
    afterMs,
    fromWaiting: null,
    does: { kind: 'widen' as const, needs, alsoQueues: [queueName((n + 1) % skills)], reserve },
  });
  return {
    queue: queueName(n),
    strategy: usual[n % usual.length] ?? 'longest-idle',
    needs: [{ skill: skillName(n), level }],
    preferred: null,
    ageingMsPerPriority: 60_000,
    stickyWaitMs: 0,
    ringAllLimit: 10,
    overflow: [step(60_000, [{ skill: skillName(n), level: 1 }], false), step(120_000, [], true)],
  };
}
