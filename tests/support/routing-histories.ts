import fc from 'fast-check';
import { type AgentId, asId, type QueueId, type SkillId, type VisitId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import type { RoutingIndex } from '../../services/routing/routing-index.ts';
import { type OverflowStep, type ServingPlan, strategies } from '../../services/routing/serving-plan.ts';
import type { Certificate, SkillLevel, SkillNeed } from '../../services/routing/skills.ts';

/** What may happen to a router, in small numbers, so that everything meets everything. Times are ms after `passMs` of the steps before. */
export type RouterStep = { passMs: number; does: RouterChange };
type RouterChange =
  | {
      kind: 'define';
      agent: number;
      profile: { queues: number[]; certificates: Certificate[]; reserve: boolean };
    }
  | { kind: 'forget' | 'busy' | 'away'; agent: number }
  | { kind: 'free'; agent: number; calls: number; idleMs: number; rungMs: number | null }
  | {
      kind: 'join';
      visit: number;
      queue: number;
      priority: number;
      step: number;
      needs: SkillNeed[];
      lastAgent: number | null;
    }
  | { kind: 'leave' | 'ring' | 'offer' | 'release'; visit: number }
  | { kind: 'step'; visit: number; step: number }
  | { kind: 'reserve'; queue: number; on: boolean };

const skill = fc.constantFrom('billing', 'faults', 'english').map((name) => asId<SkillId>(name));
const level = fc.constantFrom<SkillLevel>(1, 2, 3, 5);
const queueIds = ['q0', 'q1', 'q2'].map((name) => asId<QueueId>(name));
const need = fc.record({ skill, level });
const needs = fc.array(need, { maxLength: 2 });
const agent = fc.nat({ max: 6 });
const visit = fc.nat({ max: 11 });
const certificate = fc.record({
  skill,
  level,
  expiresAt: fc.option(fc.nat({ max: 400 }).map(instant), { freq: 2 }),
});

const widen = fc.record({
  kind: fc.constant('widen' as const),
  needs,
  alsoQueues: fc.subarray(queueIds, { maxLength: 2 }),
  reserve: fc.boolean(),
});
const overflow = fc.array(
  widen.map((does): OverflowStep => ({ afterMs: 0, fromWaiting: null, does })),
  { maxLength: 2 },
);
const plan = (queue: QueueId) =>
  fc.record({
    queue: fc.constant(queue),
    strategy: fc.constantFrom(...strategies),
    needs,
    preferred: fc.option(skill),
    ageingMsPerPriority: fc.constantFrom(0, 10, 25),
    stickyWaitMs: fc.constantFrom(null, 0, 30),
    ringAllLimit: fc.constantFrom(1, 2, 10),
    overflow,
  });
export const anyPlans = fc
  .tuple(...queueIds.map(plan))
  .map((plans): ReadonlyMap<QueueId, ServingPlan> => new Map(plans.map((p) => [p.queue, p])));

const change: fc.Arbitrary<RouterChange> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('define' as const),
      agent,
      profile: fc.record({
        queues: fc.subarray([0, 1, 2], { minLength: 1 }),
        certificates: fc.array(certificate, { maxLength: 3 }),
        reserve: fc.boolean(),
      }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('forget', 'away'), agent }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('busy'), agent }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('free' as const),
      agent,
      calls: fc.nat({ max: 3 }),
      idleMs: fc.nat({ max: 5 }),
      rungMs: fc.option(fc.nat({ max: 5 })),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('join' as const),
      visit,
      queue: fc.nat({ max: 2 }),
      priority: fc.nat({ max: 3 }),
      step: fc.nat({ max: 2 }),
      needs: fc.oneof({ weight: 3, arbitrary: fc.constant<SkillNeed[]>([]) }, needs),
      lastAgent: fc.option(agent),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('leave', 'ring', 'offer', 'release'), visit }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('step' as const), visit, step: fc.nat({ max: 2 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('reserve' as const),
      queue: fc.nat({ max: 2 }),
      on: fc.boolean(),
    }),
  },
);

export const anyHistory: fc.Arbitrary<RouterStep[]> = fc.array(
  fc.record({ passMs: fc.nat({ max: 10 }), does: change }),
  { maxLength: 120, size: 'max' },
);

export type Router = Pick<
  RoutingIndex,
  | 'agentDefined'
  | 'agentForgotten'
  | 'agentFree'
  | 'agentBusy'
  | 'agentAway'
  | 'visitJoined'
  | 'visitLeft'
  | 'visitOffered'
  | 'visitAtStep'
  | 'visitReleased'
  | 'reserveCalledIn'
>;

export const agentName = (n: number): AgentId => asId(`100${n}`);
export const visitName = (n: number): VisitId => asId(`v${n}`);

/** Who is known and who waits: what may be told. */
export type Known = { agents: Set<number>; visits: Set<number> };

/** Tells a change to every router, unless it makes no sense for who is known. */
export function tell(
  routers: readonly Router[],
  known: Known,
  plans: ReadonlyMap<QueueId, ServingPlan>,
  does: RouterChange,
  at: number,
): void {
  const now = instant(at);
  const all = (f: (router: Router) => void) => routers.forEach(f);
  switch (does.kind) {
    case 'define': {
      const { queues, certificates, reserve } = does.profile;
      known.agents.add(does.agent);
      const profile = {
        id: agentName(does.agent),
        queues: queues.map((q) => queueIds[q] as QueueId),
        certificates,
        reserve,
      };
      return all((r) => r.agentDefined(profile, now));
    }
    case 'forget':
    case 'busy':
    case 'away':
    case 'free': {
      if (!known.agents.has(does.agent)) return;
      const id = agentName(does.agent);
      if (does.kind === 'busy') return all((r) => r.agentBusy(id));
      if (does.kind === 'away') return all((r) => r.agentAway(id));
      if (does.kind === 'free') {
        const lastRungAt = does.rungMs === null ? Number.NEGATIVE_INFINITY : at - does.rungMs;
        return all((r) => r.agentFree(id, { idleSince: at - does.idleMs, calls: does.calls, lastRungAt }));
      }
      known.agents.delete(does.agent);
      return all((r) => r.agentForgotten(id));
    }
    case 'join': {
      if (known.visits.has(does.visit)) return;
      known.visits.add(does.visit);
      const queue = queueIds[does.queue] as QueueId;
      const step = Math.min(does.step, plans.get(queue)?.overflow.length ?? 0);
      const joining = {
        visitId: visitName(does.visit),
        queue,
        queuedAt: now,
        priority: does.priority,
        step,
        stepBecause: '',
        needs: does.needs,
        lastAgent: does.lastAgent === null ? null : agentName(does.lastAgent),
      };
      return all((r) => r.visitJoined(joining, now));
    }
    case 'leave':
      known.visits.delete(does.visit);
      return all((r) => r.visitLeft(visitName(does.visit)));
    case 'ring':
    case 'offer':
      return all((r) => r.visitOffered(visitName(does.visit), does.kind === 'offer'));
    case 'release':
      return all((r) => r.visitReleased(visitName(does.visit)));
    case 'step': {
      // Which queue it is in does not matter: every queue's last step is as good.
      const steps = Math.min(...[...plans.values()].map((p) => p.overflow.length));
      const reached = { step: Math.min(does.step, steps), because: `step ${does.step}` };
      return all((r) => r.visitAtStep(visitName(does.visit), reached, now));
    }
    case 'reserve':
      return all((r) => r.reserveCalledIn(queueIds[does.queue] as QueueId, does.on, now));
    default:
      return does satisfies never;
  }
}
