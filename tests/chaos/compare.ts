import { numberOf } from '../support/caller.ts';
import { outagesOf, touched } from './kills.ts';
import type { Shift } from './shift.ts';
import { callersOf } from './traffic.ts';
import type { Recorded } from './verdict.ts';

const sameMomentMs = 700;

/**
 * What differs between two days with the same callers, one of them with kills, beyond what the outages themselves explain; in words.
 *
 * The rule: whoever stays on the line is answered on both days. Whoever leaves by themselves, at a time that is in their script, may
 * end otherwise only if an outage touched their call (it kept them waiting longer than they were willing to, or Asterisk, which has
 * no menu, had them in its queue when they left), or if their waits tell why: on the day on which they left they had waited at least as
 * long as it took to serve them on the other, for instance behind those whom an outage had kept waiting. So every KPI is that of the
 * undisturbed day but for these callers and their waits.
 */
export function differences(seed: number, disturbed: Shift, calm: Shift): string[] {
  const outages = outagesOf(disturbed.kills);
  const callers = callersOf(seed, disturbed.figures.calls ?? 0);
  const of = ({ records }: Shift) => new Map(records.map((record) => [record.caller_number, record]));
  const [withKills, without] = [of(disturbed), of(calm)];
  return callers.flatMap(({ kind }, i) => {
    const [a, b] = [withKills.get(numberOf(i)), without.get(numberOf(i))];
    if (!a || !b) return [`${numberOf(i)} has no record on one of the days`];
    if (a.outcome === b.outcome) return [];
    const byThemselves = kind !== 'stays';
    const excused =
      byThemselves &&
      (touched(outages, a.started_at.getTime(), a.ended_at.getTime()) || leftBeforeServed(a, b));
    return excused ? [] : [`${numberOf(i)} (${kind}): ${a.outcome} with kills, ${b.outcome} without`];
  });
}

/** Served on one of the days; on the other they left the queue after at least as long, as well as two clocks can tell. */
function leftBeforeServed(one: Recorded, other: Recorded): boolean {
  const [served, left] = one.outcome === 'answered' ? [one, other] : [other, one];
  return (
    served.outcome === 'answered' &&
    left.outcome === 'abandoned_in_queue' &&
    left.wait_ms >= served.wait_ms - sameMomentMs
  );
}
