import type { Day, Money, TimeOfDay } from './readings.ts';

/** A day beside today. */
export type NearDay = 'yesterday' | 'today' | 'tomorrow';

/**
 * How one language says values: as the ids of fragments, which are prompts themselves (dialplans/prompts/fragments), so that every word
 * a caller can hear exists, and can be recorded in a studio, before anyone calls.
 */
export type Tongue = {
  /** Yuan and fen; every value below a million million yuan. */
  amount(money: Money): string[];
  /** One by one, as telephone and account numbers are. */
  digits(digits: string): string[];
  /** A whole number; `measured`: a measure word follows. */
  count(value: number, measured: boolean): string[];
  /** `sayYear`: it is not this year's. */
  day(day: Day, sayYear: boolean): string[];
  nearDay(day: NearDay): string[];
  time(time: TimeOfDay): string[];
  /** Every fragment the others may name. */
  readonly fragments: readonly string[];
};

export const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
