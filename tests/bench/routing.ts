import { asId, type QueueId, type SkillId, type VisitId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import { RoutingIndex } from '../../services/routing/routing-index.ts';
import { type ServingPlan, type Strategy, strategies } from '../../services/routing/serving-plan.ts';
import { type SkillLevel, skillLevels } from '../../services/routing/skills.ts';
import { Chance } from '../support/seeded.ts';
import type { Benchmark, Figure } from './figure.ts';
import { rounded, spread } from './statistics.ts';

const skills = 50;
/** Everybody knows a few skills. Of the last ones nobody ever asks, so there are always free agents while others wait. */
const skillsOfAnAgent = 4;
const quietSkills = 5;
const budgetUs = 50;
const seed = 20_261_122;

/**
 * What one input costs the router, from telling it to the last answer: a caller joins, or an agent becomes free; then who is to be rung for whom,
 * and that both are taken. Two worlds of each size: callers wait for busy agents, and free agents wait for callers.
 */
export const routing: Benchmark = async ({ quick, say }) => {
  const inputs = quick ? 4_000 : 40_000;
  // The largest is what is asked for; the others are the curve.
  const sizes = [10, 100, 1_000, 5_000, 10_000];
  measure(1_000, inputs);
  const figures: Figure[] = [];
  for (const waiting of sizes) {
    const agents = Math.round(waiting * 0.4);
    const { crowded, idle } = measure(waiting, inputs);
    const all = spread([...crowded, ...idle], 2);
    const [p50Crowded, p50Idle] = [spread(crowded, 2).p50, spread(idle, 2).p50];
    const { p50 = 0, p90 = 0, p99 = 0, max = 0 } = all;
    say(`${waiting} waiting × ${agents} agents: p50 ${p50} µs, p99 ${p99} µs, max ${max} µs`);
    figures.push({
      what: `routing decision p99, ${waiting} waiting × ${agents} agents × ${skills} skills`,
      unit: 'µs',
      value: p99,
      ...(waiting === 5_000 && { budget: { atMost: budgetUs } }),
      detail: {
        inputs: crowded.length + idle.length,
        p50,
        p90,
        max,
        p50Crowded: p50Crowded ?? 0,
        p50Idle: p50Idle ?? 0,
        seed,
      },
    });
  }
  const curve = sizes.map((waiting, n) => ({ waiting, p50: Number(figures[n]?.detail.p50) }));
  figures.push(growth(curve, 100, 10_000), growth(curve, 10, 10_000));
  say(`median against the logarithm, 1 at ${sizes[0]}: ${inWords(curve)}`);
  return figures;
};

type Curve = readonly { readonly waiting: number; readonly p50: number }[];

/** From a hundred to ten thousand the logarithm doubles, from ten it grows fourfold; a cost that grows no faster stays below 1 here. */
function growth(curve: Curve, from: number, to: number): Figure {
  const medianOf = (waiting: number) => curve.find((one) => one.waiting === waiting)?.p50 ?? 0;
  const [p50Small, p50Large] = [medianOf(from), medianOf(to)];
  const logarithm = Math.log(to) / Math.log(from);
  return {
    what: `growth of the median decision from ${from} to ${to} waiting, against the logarithm`,
    unit: 'times',
    value: rounded(p50Large / p50Small / logarithm, 2),
    budget: { atMost: 1 },
    detail: { p50Small, p50Large, logarithm: rounded(logarithm, 2), curve: inWords(curve) },
  };
}

/** Each size with its median over the logarithm of the size, as times of the first. */
function inWords(curve: Curve): string {
  const perLog = ({ waiting, p50 }: Curve[number]) => p50 / Math.log(waiting);
  const [first] = curve;
  return curve
    .map((one) => `${one.waiting} ${one.p50} µs ×${rounded(first ? perLog(one) / perLog(first) : 0, 2)}`)
    .join(', ');
}

/** Microseconds of each input, in both worlds. */
function measure(waiting: number, inputs: number): { crowded: number[]; idle: number[] } {
  const world = new World(waiting, Math.round(waiting * 0.4));
  return { crowded: world.crowded(inputs / 2), idle: world.idle(inputs / 2) };
}

class World {
  readonly #chance = new Chance(seed);
  readonly #index: RoutingIndex;
  readonly #plans = new Map<QueueId, ServingPlan>();
  readonly #agents: ReturnType<typeof asId<never>>[] = [];
  readonly #waiting: number;
  #visits = 0;
  #at = 0;

  constructor(waiting: number, agents: number) {
    this.#waiting = waiting;
    for (let n = 0; n < skills; n++) {
      const plan = planOf(n);
      this.#plans.set(plan.queue, plan);
    }
    this.#index = new RoutingIndex(this.#plans);
    for (let n = 0; n < agents; n++) {
      const id = asId<never>(String(100_000 + n));
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
      this.#agents.push(id);
    }
  }

  /** Everybody is busy and many wait: an agent becomes free and takes a caller; another joins. */
  crowded(inputs: number): number[] {
    for (const agent of this.#agents) this.#index.agentBusy(agent);
    for (let n = 0; n < this.#waiting; n++) this.#join();
    const samples: number[] = [];
    for (let n = 0; n < inputs; n++) {
      const agent = this.#chance.one(this.#agents);
      const calls = this.#chance.below(40);
      this.#at += 20;
      const begun = performance.now();
      this.#index.agentFree(agent, { idleSince: this.#at, calls, lastRungAt: this.#at - 1_000 });
      const rung = this.#decide();
      samples.push((performance.now() - begun) * 1_000);
      for (const visit of rung) {
        this.#index.visitLeft(visit);
        const joined = performance.now();
        this.#join();
        this.#decide();
        samples.push((performance.now() - joined) * 1_000);
      }
    }
    return samples;
  }

  /** Nobody waits and most are free: a caller joins and takes an agent, who comes back. */
  idle(inputs: number): number[] {
    const [fresh] = [new World(this.#waiting, this.#agents.length)];
    return fresh.#serveJoining(inputs);
  }

  #serveJoining(inputs: number): number[] {
    const free = (agent: ReturnType<typeof asId<never>>) => {
      this.#index.agentFree(agent, {
        idleSince: this.#at,
        calls: this.#chance.below(40),
        lastRungAt: this.#at - 500,
      });
    };
    for (const agent of this.#agents) {
      this.#at += 20;
      free(agent);
    }
    const samples: number[] = [];
    for (let n = 0; n < inputs; n++) {
      this.#at += 20;
      const begun = performance.now();
      this.#join();
      const decision = this.#index.next(instant(this.#at));
      for (const agent of decision?.agents ?? []) this.#index.agentBusy(agent);
      if (decision) this.#index.visitOffered(decision.visitId, false);
      samples.push((performance.now() - begun) * 1_000);
      this.#index.visitLeft(asId(`n1-${this.#visits}`));
      for (const agent of decision?.agents ?? []) free(agent as never);
    }
    return samples;
  }

  #decide(): VisitId[] {
    const rung: VisitId[] = [];
    for (;;) {
      const decision = this.#index.next(instant(this.#at));
      if (!decision) return rung;
      for (const agent of decision.agents) this.#index.agentBusy(agent);
      this.#index.visitOffered(decision.visitId, false);
      rung.push(decision.visitId);
    }
  }

  #join(): void {
    const n = this.#chance.below(skills - quietSkills);
    this.#index.visitJoined(
      {
        visitId: asId(`n1-${++this.#visits}`),
        queue: queueName(n),
        queuedAt: instant(this.#at++),
        priority: this.#chance.below(4),
        step: this.#chance.below(3),
        stepBecause: '',
        needs: [],
        lastAgent: this.#chance.below(5) === 0 ? this.#chance.one(this.#agents) : null,
      },
      instant(this.#at),
    );
  }
}

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
