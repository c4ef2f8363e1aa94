import { type AgentId, asId, type QueueId, type VisitId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import { type Decision, RoutingIndex } from '../routing/routing-index.ts';
import { leavesTo, nextStepAt, stepAfter, stepOnJoining } from '../routing/serving-plan.ts';
import { TimeHeap } from '../routing/time-heap.ts';
import { type ArrivalStream, arrivalStream } from './arrivals.ts';
import { draw } from './distribution.ts';
import { type Random, seededRandom } from './random.ts';
import type { KnownCaller, Scenario, SimulatedQueue } from './scenario.ts';
import { SimulatedAgents, type Working } from './simulated-agents.ts';
import { type IntervalCounts, QueueTally } from './tally.ts';

export type SimulationResult = {
  readonly queues: readonly {
    readonly queue: QueueId;
    readonly intervals: readonly IntervalCounts[];
    readonly stillWaiting: number;
  }[];
  /** Visits that entered a queue. */
  readonly visits: number;
  /** When the last call was over. */
  readonly endedAt: Instant;
  /** How long agents stayed with their last callers after their shifts, all together. */
  readonly overtimeMs: number;
};

/** What may be watched while it runs, for the back-test of estimates. Whoever watches changes nothing. */
export type Watcher = {
  /**
   * A caller has joined and waits. `ahead` wait already in the queues that share agents with this one; `atWork` agents may serve it;
   * `patient`: has no end of patience.
   */
  waits(visit: VisitId, seen: { queue: QueueId; ahead: number; atWork: number; patient: boolean }): void;
  /** These agents' phones ring, for the reason the router gave. */
  rung?(visit: VisitId, agents: readonly AgentId[], because: string, at: Instant): void;
  answered(visit: VisitId, queue: QueueId, waitMs: number, agent: AgentId): void;
  gaveUp(visit: VisitId, queue: QueueId, waitMs: number): void;
  /** The queue let go of a caller unserved. */
  flowedOut?(visit: VisitId, queue: QueueId, waitMs: number): void;
  /** This agent has nothing to do with that caller any more. */
  free?(agent: AgentId): void;
  /** An agent has been occupied by a caller for so long: ringing, talking, wrapping up. */
  occupied(queue: QueueId, ms: number): void;
};

/** One visit of a caller to a queue. */
type Call = {
  readonly number: number;
  readonly visitId: VisitId;
  readonly queue: Queue;
  readonly queuedAt: number;
  readonly givesUpAt: number;
  readonly talkMs: number;
  readonly wrapUpMs: number;
  /** How long it rings until an agent picks up: the first one; another one's is drawn anew. */
  ringMs: number;
  /** How often overflow has sent this caller from queue to queue. */
  readonly moves: number;
  stage: 'waiting' | 'ringing' | 'talking' | 'wrapping-up';
  step: number;
  /** The one timer that counts; others that fall due are stale. */
  timerAt: number;
  rungAt: number;
  ringEndsAt: number;
  agents: Working[];
};

type Queue = SimulatedQueue & {
  readonly number: number;
  readonly tally: QueueTally;
  readonly next: ArrivalStream;
  readonly random: Random;
  /** A stream of its own: a missed ring changes no later caller. */
  readonly laterRings: Random;
  /** The queues that have agents in common with this one, itself among them, by their numbers. */
  readonly sharing: readonly number[];
  waiting: number;
  /** How many have come. */
  arrived: number;
};

/** What may fall due. Kept in the low bits of a number, with the number of a queue, call or agent above. */
const dues = [
  'arrival',
  'call-timer',
  'ring-ends',
  'talk-ends',
  'wrap-up-ends',
  'shift-begins',
  'shift-ends',
  'back',
] as const;
type Due = (typeof dues)[number];

/** What is not over by then, as nobody ever answers it, is left as it is. */
const maxAfterwardsMs = 86_400_000;

/** Queues that are all full must not send a caller round for ever. */
const maxMoves = 5;

/**
 * Runs a scenario on simulated time, with the production router (services/routing/) choosing every agent. Nothing but the scenario and the
 * seed decides what happens: the same ones give the same result to the byte. Each caller's patience and times are drawn on arrival from the
 * queue's own stream, so that two scenarios with the same seed differ by what was changed and not by luck.
 */
export function simulate(scenario: Scenario, seed: number, watcher?: Watcher): SimulationResult {
  return new Simulation(scenario, seed, watcher).run();
}

class Simulation {
  readonly #index: RoutingIndex;
  readonly #agents: SimulatedAgents;
  readonly #queues: readonly Queue[];
  readonly #byId: ReadonlyMap<QueueId, Queue>;
  /** By their numbers; gone when over. */
  readonly #calls: (Call | undefined)[] = [];
  readonly #byVisit = new Map<VisitId, Call>();
  readonly #heap = new TimeHeap();
  readonly #watcher: Watcher | undefined;
  #now: number;
  readonly #latest: number;

  constructor(scenario: Scenario, seed: number, watcher: Watcher | undefined) {
    this.#watcher = watcher;
    this.#now = scenario.startsAt;
    this.#latest = scenario.endsAt + maxAfterwardsMs;
    this.#index = new RoutingIndex(new Map(scenario.queues.map(({ plan }) => [plan.queue, plan])));
    this.#agents = new SimulatedAgents(scenario.agents, this.#index, scenario.startsAt);
    this.#queues = scenario.queues.map((queue, number) => ({
      ...queue,
      number,
      tally: new QueueTally(queue.plan.queue, queue.thresholds, scenario),
      next: arrivalStream(queue.arrivals, scenario, seededRandom(seed, `${queue.plan.queue} arrivals`)),
      random: seededRandom(seed, `${queue.plan.queue} callers`),
      laterRings: seededRandom(seed, `${queue.plan.queue} later rings`),
      sharing: queuesSharing(scenario, queue.plan.queue),
      waiting: 0,
      arrived: 0,
    }));
    this.#byId = new Map(this.#queues.map((queue) => [queue.plan.queue, queue]));
    scenario.agents.forEach(({ shifts }, agent) => {
      for (const { from, to } of shifts) {
        this.#put(from, 'shift-begins', agent);
        this.#put(to, 'shift-ends', agent);
      }
    });
    for (const queue of this.#queues) this.#nextArrival(queue);
  }

  run(): SimulationResult {
    const heap = this.#heap;
    while (heap.nextAt <= this.#latest) {
      this.#now = heap.nextAt;
      const item = heap.take();
      this.#happens(dues[item & 7] as Due, item >>> 3);
    }
    return {
      queues: this.#queues.map(({ plan, tally, waiting }) => ({
        queue: plan.queue,
        intervals: tally.intervals(),
        stillWaiting: waiting,
      })),
      visits: this.#calls.length,
      endedAt: this.#now as Instant,
      overtimeMs: this.#agents.overtimeMs,
    };
  }

  #happens(due: Due, number: number): void {
    switch (due) {
      case 'arrival':
        return this.#arrives(this.#queues[number] as Queue);
      case 'call-timer':
        return this.#timerDue(this.#calls[number]);
      case 'ring-ends':
        return this.#ringEnds(this.#calls[number]);
      case 'talk-ends':
        return this.#talkEnds(this.#calls[number] as Call);
      case 'wrap-up-ends':
        return this.#wrapUpEnds(this.#calls[number] as Call);
      case 'shift-begins':
      case 'shift-ends':
        this.#agents.shift(this.#agents.all[number] as Working, due === 'shift-begins', this.#now);
        return this.#route();
      case 'back':
        this.#frees(this.#agents.all[number] as Working, this.#now);
        return this.#route();
      default:
        return due satisfies never;
    }
  }

  #nextArrival(queue: Queue): void {
    const at = queue.next();
    if (at !== Number.POSITIVE_INFINITY) this.#put(at, 'arrival', queue.number);
  }

  #arrives(queue: Queue): void {
    this.#nextArrival(queue);
    const { random, patience, patientShare = 0, arrivals } = queue;
    const known = arrivals.kind === 'given' ? arrivals.callers?.[queue.arrived++] : undefined;
    const patient = patience === null || (patientShare > 0 && random() < patientShare);
    const patienceMs = patient ? Number.POSITIVE_INFINITY : draw(patience, random);
    // Whoever was served, or sent on, would have stayed longer than they had to.
    const stayMs = known === undefined ? patienceMs : known.waitedMs + (known.gaveUp ? 0 : patienceMs);
    this.#joins(queue, this.#now + stayMs, 0, known);
  }

  #joins(queue: Queue, givesUpAt: number, moves: number, known?: KnownCaller): void {
    const { plan, random } = queue;
    const number = this.#calls.length;
    const drawn = {
      talkMs: draw(queue.talk, random),
      wrapUpMs: draw(queue.wrapUp, random),
      ringMs: draw(queue.ring, random),
    };
    const call: Call = {
      number,
      visitId: known?.visit ?? asId<VisitId>(`v${number}`),
      queue,
      queuedAt: this.#now,
      givesUpAt,
      talkMs: known?.talkMs ?? drawn.talkMs,
      wrapUpMs: known?.wrapUpMs ?? drawn.wrapUpMs,
      ringMs: known?.ringMs ?? drawn.ringMs,
      moves,
      stage: 'waiting',
      step: 0,
      timerAt: 0,
      rungAt: 0,
      ringEndsAt: 0,
      agents: [],
    };
    this.#calls.push(call);
    queue.tally.offered(this.#now);
    const ahead = queue.waiting++;
    if (ahead >= queue.maxWaiting) return this.#flowsOut(call);
    const { step, because } = stepOnJoining(plan, ahead);
    call.step = step;
    if (leavesTo(plan, step)) return this.#flowsOut(call);
    this.#byVisit.set(call.visitId, call);
    this.#index.visitJoined(
      {
        visitId: call.visitId,
        queue: plan.queue,
        queuedAt: this.#now as Instant,
        priority: known?.priority ?? queue.priority,
        step,
        stepBecause: because,
        needs: [],
        lastAgent: null,
      },
      this.#now as Instant,
    );
    this.#route();
    if (call.stage === 'waiting') this.#watch(call);
    this.#setTimer(call);
  }

  #watch(call: Call): void {
    if (!this.#watcher) return;
    const { plan, sharing } = call.queue;
    const { atWork } = this.#index.agentsFor(plan.queue, this.#now as Instant);
    let ahead = -1;
    for (const number of sharing) ahead += this.#queues[number]?.waiting ?? 0;
    const patient = call.givesUpAt === Number.POSITIVE_INFINITY;
    this.#watcher.waits(call.visitId, { queue: plan.queue, ahead, atWork, patient });
  }

  /** Everything that can be decided now. */
  #route(): void {
    for (;;) {
      const decision = this.#index.next(this.#now as Instant);
      if (!decision) return;
      this.#ring(decision);
    }
  }

  #ring({ visitId, agents, because }: Decision): void {
    const call = this.#byVisit.get(visitId);
    if (!call) throw new Error(`the router chose ${visitId}, which does not wait`);
    call.stage = 'ringing';
    call.rungAt = this.#now;
    call.ringEndsAt = this.#now + Math.min(call.ringMs, call.queue.ringTimeoutMs);
    call.agents = agents.map((id) => this.#agents.byId(id));
    for (const agent of call.agents) this.#agents.rung(agent, this.#now);
    this.#watcher?.rung?.(visitId, agents, because, this.#now as Instant);
    this.#index.visitOffered(visitId, false);
    this.#put(call.ringEndsAt, 'ring-ends', call.number);
  }

  #ringEnds(call: Call | undefined): void {
    if (call?.stage !== 'ringing' || call.ringEndsAt !== this.#now) return;
    if (call.ringMs <= call.queue.ringTimeoutMs) return this.#answered(call);
    // Nobody picked up: these agents are not at their desks, the caller is offered to others.
    for (const agent of call.agents) {
      this.#agents.away(agent);
      this.#put(this.#now + call.queue.missedRingAwayMs, 'back', agent.number);
    }
    call.agents = [];
    call.ringMs = draw(call.queue.ring, call.queue.laterRings);
    call.stage = 'waiting';
    this.#index.visitOffered(call.visitId, true);
    this.#route();
    this.#setTimer(call);
  }

  /** The first picks up; the phones of the others, where all ring, fall silent. */
  #answered(call: Call): void {
    const [agent, ...others] = call.agents;
    if (!agent) throw new Error(`${call.visitId} rang nobody`);
    const waitMs = this.#now - call.queuedAt;
    this.#leaves(call);
    call.stage = 'talking';
    call.agents = [agent];
    call.queue.tally.answered(call.queuedAt, waitMs, this.#now - call.rungAt);
    this.#watcher?.answered(call.visitId, call.queue.plan.queue, waitMs, agent.id);
    agent.doing = 'call';
    agent.calls++;
    this.#put(this.#now + call.talkMs, 'talk-ends', call.number);
    for (const other of others) this.#frees(other, other.idleSince);
    if (others.length > 0) this.#route();
  }

  #talkEnds(call: Call): void {
    call.stage = 'wrapping-up';
    call.queue.tally.talked(call.queuedAt, call.talkMs);
    this.#put(this.#now + call.wrapUpMs, 'wrap-up-ends', call.number);
  }

  #wrapUpEnds(call: Call): void {
    const { queue, talkMs, wrapUpMs, agents } = call;
    queue.tally.wrappedUp(call.queuedAt, talkMs, wrapUpMs);
    this.#watcher?.occupied(queue.plan.queue, this.#now - call.rungAt);
    this.#calls[call.number] = undefined;
    for (const agent of agents) this.#frees(agent, this.#now);
    this.#route();
  }

  #timerDue(call: Call | undefined): void {
    if (!call || call.timerAt !== this.#now || (call.stage !== 'waiting' && call.stage !== 'ringing')) return;
    if (call.givesUpAt <= this.#now) return this.#givesUp(call);
    const { plan, maxWaitMs } = call.queue;
    // Whoever's agent is being rung is not sent away; the ring decides.
    if (call.stage === 'waiting' && call.queuedAt + maxWaitMs <= this.#now) return this.#flowsOut(call);
    const reached = stepAfter(plan, call.step, this.#now - call.queuedAt);
    if (reached && leavesTo(plan, reached.step)) {
      if (call.stage === 'waiting') {
        call.step = reached.step;
        return this.#flowsOut(call);
      }
    } else if (reached) {
      call.step = reached.step;
      this.#index.visitAtStep(call.visitId, reached, this.#now as Instant);
      this.#route();
    }
    this.#setTimer(call);
  }

  #givesUp(call: Call): void {
    const waitMs = this.#now - call.queuedAt;
    const freed = call.agents;
    this.#leaves(call);
    this.#calls[call.number] = undefined;
    call.queue.tally.abandoned(call.queuedAt, waitMs);
    this.#watcher?.gaveUp(call.visitId, call.queue.plan.queue, waitMs);
    for (const agent of freed) this.#frees(agent, agent.idleSince);
    if (freed.length > 0) this.#route();
  }

  /** The queue serves this caller no longer; the overflow may bring them to another. */
  #flowsOut(call: Call): void {
    this.#leaves(call);
    this.#calls[call.number] = undefined;
    call.queue.tally.flowedOut(call.queuedAt);
    this.#watcher?.flowedOut?.(call.visitId, call.queue.plan.queue, this.#now - call.queuedAt);
    const to = leavesTo(call.queue.plan, call.step);
    const other = to?.kind === 'queue' ? this.#byId.get(to.queue) : undefined;
    if (other && call.moves < maxMoves) this.#joins(other, call.givesUpAt, call.moves + 1);
  }

  #frees(agent: Working, idleSince: number): void {
    this.#watcher?.free?.(agent.id);
    this.#agents.free(agent, idleSince);
  }

  #leaves(call: Call): void {
    call.queue.waiting--;
    this.#byVisit.delete(call.visitId);
    this.#index.visitLeft(call.visitId);
  }

  /** When something happens to a caller who is left waiting: gives up, comes to the next step, has waited too long. */
  #setTimer(call: Call): void {
    if (call.stage !== 'waiting' && call.stage !== 'ringing') return;
    // While a phone rings only the caller's patience counts, and only if it ends before the ringing.
    if (call.stage === 'ringing') {
      if (call.givesUpAt < call.ringEndsAt) this.#timer(call, call.givesUpAt);
      return;
    }
    const step = nextStepAt(call.queue.plan, call.step, call.queuedAt as Instant) ?? Number.POSITIVE_INFINITY;
    const at = Math.min(call.givesUpAt, step, call.queuedAt + call.queue.maxWaitMs);
    if (at !== Number.POSITIVE_INFINITY) this.#timer(call, Math.max(at, this.#now));
  }

  #timer(call: Call, at: number): void {
    call.timerAt = at;
    this.#put(at, 'call-timer', call.number);
  }

  #put(at: number, due: Due, number: number): void {
    this.#heap.put(at, number * 8 + dues.indexOf(due));
  }
}

function queuesSharing({ queues, agents }: Scenario, queue: QueueId): number[] {
  const theirs = new Set(
    agents.flatMap(({ profile }) => (profile.queues.includes(queue) ? profile.queues : [])),
  );
  return queues.flatMap(({ plan }, number) => (plan.queue === queue || theirs.has(plan.queue) ? number : []));
}
