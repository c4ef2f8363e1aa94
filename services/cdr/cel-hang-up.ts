import type { Instant } from '../events/instant.ts';
import type { LegEndReason } from '../events/vocabulary.ts';
import type { CelRecord } from './cel-record.ts';
import type { CelEnd, CelLeg } from './from-cel.ts';
import { jsonObject } from './json-object.ts';

/** A channel with what Asterisk says of its end: `hangUp` is null while it lives, or when only its end is told, not how. */
export type HungUp = Omit<CelLeg, 'ended'> & { hangUp: CelRecord | null; goneAt: Instant | null };

/** What else tells how a leg ended. */
export type AroundTheEnd = {
  /** All channels of the call. */
  readonly legs: readonly HungUp[];
  /** Asterisk's queue let this caller go unserved. */
  readonly letGo: boolean;
  /** Who answered while this caller was in Asterisk's queue for the last time. */
  readonly servedBy: HungUp | null;
};

/** An end and what followed from it, where the controller had to do it: the other leg's. */
const sameMomentMs = 1_000;

/**
 * Who hung up stands in `hangupsource`: the channel itself when its other side did. Of a caller whose agent had hung up before, and
 * who was not let go then, it goes on naming that agent's channel. Then the caller left, unless another agent hung up: Asterisk's
 * queue lets the caller go with the agent, whenever that is and whichever of the two it tells of first; a controller, a moment later.
 */
export function endOf(
  leg: HungUp,
  { at, extra }: CelRecord,
  { legs, letGo, servedBy }: AroundTheEnd,
): CelEnd {
  const { hangupcause: cause, hangupsource: source } = jsonObject(extra);
  const endedAgo = (other: HungUp) => (other.goneAt === null ? 0 : at - other.goneAt);
  const named = legs.find((other) => other !== leg && other.channel === source);
  const stale = named !== undefined && endedAgo(named) > sameMomentMs;
  const afterAnother = legs.some(
    (other) => other !== leg && left(other) && endedAgo(other) >= 0 && endedAgo(other) <= sameMomentMs,
  );
  const withAgent = servedBy !== null && left(servedBy);
  const by = source === leg.channel || (stale && !afterAnother && !withAgent && !letGo) ? 'party' : 'us';
  if (cause === 44) return { at, by: 'us', reason: 'media-lost' };
  if (leg.answeredAt !== null || by === 'party') return { at, by, reason: 'normal' };
  return { at, by, reason: typeof cause === 'number' ? (unansweredReasons[cause] ?? 'cancelled') : 'failed' };
}

/** Had been connected, and its other side hung up. */
const left = ({ answeredAt, hangUp, channel }: HungUp): boolean =>
  answeredAt !== null && jsonObject(hangUp?.extra ?? '').hangupsource === channel;

/** Q.850 causes of phones that were never answered. */
const unansweredReasons: Readonly<Record<number, LegEndReason>> = {
  1: 'unreachable',
  3: 'unreachable',
  17: 'busy',
  18: 'unreachable',
  19: 'no-answer',
  20: 'unreachable',
  21: 'declined',
};
