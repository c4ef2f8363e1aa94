import type { VisitId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import type { KpiThresholds } from '../kpi/kpi.ts';
import type { ServingPlan } from '../routing/serving-plan.ts';
import type { AgentProfile } from '../routing/skills.ts';
import type { Distribution } from './distribution.ts';

/** A day, or any time, of a centre: what comes in, who is there, how long things take. */
export type Scenario = {
  readonly name: string;
  readonly startsAt: Instant;
  /** No call comes from then on; those under way are brought to their end. */
  readonly endsAt: Instant;
  /** KPIs are counted for each interval of this length. */
  readonly intervalMs: number;
  readonly queues: readonly SimulatedQueue[];
  readonly agents: readonly SimulatedAgent[];
};

export type SimulatedQueue = {
  readonly plan: ServingPlan;
  readonly thresholds: KpiThresholds;
  readonly arrivals: Arrivals;
  readonly priority: number;
  /** How long callers wait until they give up, from joining the queue; null: they never do. */
  readonly patience: Distribution | null;
  /** This share of them has no end of patience: to see how long the others would have waited. */
  readonly patientShare?: number;
  readonly talk: Distribution;
  readonly wrapUp: Distribution;
  /** How long agents let it ring until they pick up. */
  readonly ring: Distribution;
  /** Longer than this nobody's phone rings: the caller is offered to others, and the agent is away for `missedRingAwayMs`. */
  readonly ringTimeoutMs: number;
  readonly missedRingAwayMs: number;
  /** Who has waited so long flows out; infinity for no limit. */
  readonly maxWaitMs: number;
  /** Who finds so many waiting flows out at once. */
  readonly maxWaiting: number;
};

export type Arrivals =
  /** Expected number in each interval from the start on; at random within it (Poisson). */
  | { readonly kind: 'expected'; readonly perInterval: readonly number[] }
  /** At these moments, in order; of some, more may be known (`callers`, one for each moment). */
  | { readonly kind: 'given'; readonly at: readonly Instant[]; readonly callers?: readonly KnownCaller[] };

/** A caller of the records. What is not known is drawn. */
export type KnownCaller = {
  readonly visit: VisitId;
  readonly priority: number;
  /** How long they stayed: those who gave up do so after it, the others would have stayed longer. */
  readonly waitedMs: number;
  readonly gaveUp: boolean;
  readonly ringMs: number | null;
  readonly talkMs: number | null;
  readonly wrapUpMs: number | null;
};

export type SimulatedAgent = {
  readonly profile: AgentProfile;
  /** When they are there to take calls; breaks are the gaps. In order, apart from each other. */
  readonly shifts: readonly { readonly from: Instant; readonly to: Instant }[];
};
