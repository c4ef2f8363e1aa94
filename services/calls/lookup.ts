import type { LookupId } from '../events/ids.ts';

/** What the outside is asked because of a LookupRequested. Asked again with the same id after a restart. */
export type LookupOrder = {
  readonly kind: 'look-up';
  readonly lookupId: LookupId;
  /** Its name in `dialplans/lookups.yaml`. */
  readonly lookup: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** How long an answer is of any use. */
  readonly timeoutMs: number;
};

/** What became of it. Exactly one per order, also when its source is away, within `timeoutMs` and a little. */
export type LookupAnswer = {
  readonly kind: 'lookup-ended';
  readonly lookupId: LookupId;
  readonly result: 'found' | 'not-found' | 'failed' | 'timed-out';
  /** All declared results when found; empty otherwise. */
  readonly values: Readonly<Record<string, string>>;
  /** In words, without any of the caller's data. */
  readonly because: string;
};
