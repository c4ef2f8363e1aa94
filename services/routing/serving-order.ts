import type { VisitId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';

/** What decides a visit's place among all who wait, in whatever queue. */
export type Place = {
  readonly visitId: VisitId;
  readonly queuedAt: Instant;
  readonly priority: number;
};

/**
 * When this visit would have come if it had no priority: a point of priority is worth so much waiting. It does not depend on now, so
 * the order of two visits never changes while they wait (linear ageing: both age equally fast). Nobody starves: who has waited
 * `p × ageing` longer than another comes before them though their priority be p points higher.
 */
export const virtualArrival = (
  { queuedAt, priority }: Pick<Place, 'queuedAt' | 'priority'>,
  ageingMsPerPriority: number,
): number => queuedAt - priority * ageingMsPerPriority;

/**
 * The order in which visits are served, across all queues: an agent of several queues takes whoever came first, so no queue is
 * neglected for another. Then who really came first; then by id, so that every run agrees.
 */
export function servedFirst(
  a: Place & { readonly ageingMsPerPriority: number },
  b: Place & { readonly ageingMsPerPriority: number },
): number {
  return (
    virtualArrival(a, a.ageingMsPerPriority) - virtualArrival(b, b.ageingMsPerPriority) ||
    a.queuedAt - b.queuedAt ||
    (a.visitId < b.visitId ? -1 : a.visitId > b.visitId ? 1 : 0)
  );
}
