import { type Outage, touched } from './kills.ts';
import type { Served } from './staff.ts';

/** A visit as recorded, times in epoch ms. */
export type Visit = {
  call_id: string;
  caller: string;
  queue: string;
  priority: number;
  queuedAt: number;
  leftAt: number;
  degraded: boolean;
};

/** A ring as the service ordered it, times in epoch ms; how soon after that a phone rings is Asterisk's affair. */
export type AskedRing = { caller: string; askedAt: number; overAt: number | null };

/** An order of two events closer than this cannot be told from outside. */
const sameMomentMs = 700;

/**
 * Where a phone rang for a caller although one who had come earlier to the same queue waited, and no phone rang for that one.
 *
 * The rule: within one queue, whom the controller serves it serves by priority, then in the order in which they came, from the
 * key press on, across all outages. Callers whom Asterisk serves alone (degraded) are a line of their own: they came while nobody
 * was there, the two lines share the agents, and neither waits for the other. Phones tell when they rang, records who waited. Rings
 * at the moment of a kill, or until another controller was there, are passed over: of two that were ordered together one may have
 * been sent, and the other, of the caller before, is ordered anew when the controller is back. Of two that were ordered together on a
 * busy machine one phone may ring a second after the other: an order counts as a ring.
 */
export function outOfOrder(
  visits: readonly Visit[],
  served: readonly Served[],
  asked: readonly AskedRing[],
  outages: readonly Outage[],
): string[] {
  const own = visits.filter(({ degraded }) => !degraded);
  const ringsOf = Map.groupBy(served, ({ caller }) => caller);
  const askedOf = Map.groupBy(asked, ({ caller }) => caller);
  const around = (at: number, from: number, to: number | null) =>
    from <= at + sameMomentMs && (to ?? Number.POSITIVE_INFINITY) >= at - sameMomentMs;
  const wrong: string[] = [];
  for (const later of own) {
    for (const ring of ringsOf.get(later.caller) ?? []) {
      const at = ring.rangAt;
      if (at < later.queuedAt || at > later.leftAt + sameMomentMs) continue;
      if (touched(outages, at, at, sameMomentMs)) continue;
      for (const earlier of own) {
        if (earlier.queue !== later.queue || earlier.priority < later.priority) continue;
        if (earlier.priority === later.priority && earlier.queuedAt >= later.queuedAt - 1) continue;
        if (earlier.queuedAt > at - sameMomentMs || earlier.leftAt < at + sameMomentMs) continue;
        const rungToo =
          (ringsOf.get(earlier.caller) ?? []).some(({ rangAt, overAt }) => around(at, rangAt, overAt)) ||
          (askedOf.get(earlier.caller) ?? []).some(({ askedAt, overAt }) => around(at, askedAt, overAt));
        if (!rungToo)
          wrong.push(
            `${ring.agent} rang for ${later.caller} at ${iso(at)}, who came at ${iso(later.queuedAt)}; ${earlier.caller} waited since ${iso(earlier.queuedAt)}, until ${iso(earlier.leftAt)}`,
          );
      }
    }
  }
  return wrong;
}

const iso = (at: number): string => new Date(at).toISOString().slice(11, 23);
