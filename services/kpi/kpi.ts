import type { Language } from '../events/vocabulary.ts';
import type { KpiCounts } from './counts.ts';

export const kpiIds = [
  'service_level',
  'answer_rate',
  'abandon_rate',
  'average_speed_of_answer',
  'average_abandon_wait',
  'average_talk_time',
  'average_wrap_up_time',
  'average_handle_time',
] as const;
export type KpiId = (typeof kpiIds)[number];

/** What decides whether an answer was in time and an abandonment short; set per queue. */
export type KpiThresholds = {
  /** Answered after at most this wait counts as in time. */
  serviceLevelThresholdMs: number;
  /** Abandoned before this wait counts as short. */
  shortAbandonMs: number;
};

/** A numerator over a denominator; both are kept, so that intervals and queues can be added before dividing. */
export type Fraction = { numerator: number; denominator: number };

/** One KPI: what it means, in which version, and how it is made of counts. One file each. */
export type KpiFormula = {
  readonly kpi: KpiId;
  /** A changed meaning is a new version, never a changed formula under the old one. */
  readonly version: number;
  /** `visit`: one row per entry into a queue. `call`: one row per caller's call. */
  readonly level: 'visit' | 'call';
  readonly unit: 'ratio' | 'ms';
  readonly name: Readonly<Record<Language, string>>;
  /** The definition in a sentence. */
  readonly text: Readonly<Record<Language, string>>;
  /** Which of the thresholds its value depends on. */
  readonly dependsOn: readonly (keyof KpiThresholds)[];
  readonly fraction: (counts: KpiCounts) => Fraction;
};

/** A KPI's value with all that is needed to check it. */
export type Kpi = {
  kpi: KpiId;
  version: number;
  /** The thresholds it was made with, such as `T=15s, short<5s`; '' when it has none. */
  definition: string;
  level: 'visit' | 'call';
  /** A ratio 0…1, or milliseconds; null when nothing has been counted yet. Never NaN. */
  value: number | null;
  unit: 'ratio' | 'ms';
  numerator: number;
  denominator: number;
};

/** `numerator ÷ denominator`; null when there is nothing to divide by. */
export const ratioOf = ({ numerator, denominator }: Fraction): number | null =>
  denominator > 0 ? numerator / denominator : null;
