import type { AgentDefinition, Centre } from '../../services/calls/centre.ts';
import { type FallbackPlace, fallbackPlaces } from '../../services/calls/fallback-places.ts';
import type { QueueId } from '../../services/events/ids.ts';
import type { Instant } from '../../services/events/instant.ts';

/**
 * What the dialplan does when an agent signs in by phone and there is no controller to ask: it adds them to the queues that they may serve,
 * those who are rung first with the lowest penalty. This is written down for months, so it says what changes with the end of certificates,
 * too. Whose reserve a lead has called in it cannot know: the reserve joins by overflow steps alone.
 */
export const signInSteps = (centre: Centre, agent: AgentDefinition, now: Instant): string[] =>
  placesInTime(centre, agent, now).flatMap(({ queue, penalty, from, to }) => {
    const add = `AddQueueMember(${queue},PJSIP/\${HOTLINE_ACCOUNT},${penalty},,\${HOTLINE_AGENT})`;
    const tooSoon = from === null ? [] : [`(\${EPOCH} < ${seconds(from)})`];
    const tooLate = to === null ? [] : [`(\${EPOCH} >= ${seconds(to)})`];
    const never = [...tooSoon, ...tooLate].join(' | ');
    // Over the next step. (ExecIf would be shorter, but comes with Exec, which we leave out.)
    return never === '' ? [add] : [`GotoIf($[${never}]?$[\${PRIORITY} + 2])`, add];
  });

/** What it does when they sign out: out of every queue in which they may be by now, with either phone. */
export function signOutSteps(centre: Centre, agent: AgentDefinition, now: Instant): string[] {
  const queues = new Set(
    moments(agent, now).flatMap((at) =>
      [nobodysReserve, everybodysReserve].flatMap((reserves) =>
        fallbackPlaces(centre, agent.id, reserves, at).map(({ queue }) => queue),
      ),
    ),
  );
  return [...queues].flatMap((queue) =>
    ['', '-web'].map((phone) => `RemoveQueueMember(${queue},PJSIP/\${HOTLINE_AGENT}${phone})`),
  );
}

/** A place of an agent, and while it is so; null: from now, and for ever. */
type PlaceInTime = FallbackPlace & { from: Instant | null; to: Instant | null };

const nobodysReserve: { has(queue: QueueId): boolean } = { has: () => false };
const everybodysReserve: typeof nobodysReserve = { has: () => true };

function placesInTime(centre: Centre, agent: AgentDefinition, now: Instant): PlaceInTime[] {
  const all = moments(agent, now).map((at, i) => ({
    from: i === 0 ? null : at,
    places: fallbackPlaces(centre, agent.id, nobodysReserve, at),
  }));
  const inTime: PlaceInTime[] = [];
  all.forEach(({ from, places }, i) => {
    const to = all[i + 1]?.from ?? null;
    for (const { queue, penalty } of places) {
      const before = inTime.findLast((one) => one.queue === queue);
      if (from !== null && before?.penalty === penalty && before.to === from) before.to = to;
      else inTime.push({ queue, penalty, from, to });
    }
  });
  return inTime;
}

/** Now, and whenever a certificate of the agent's ends. */
const moments = ({ skills }: AgentDefinition, now: Instant): Instant[] => [
  now,
  ...new Set(
    skills
      .flatMap(({ expiresAt }) => (expiresAt !== null && expiresAt > now ? [expiresAt] : []))
      .toSorted((a, b) => a - b),
  ),
];

/** A certificate ends with the day, in whole seconds. */
const seconds = (at: Instant): number => Math.ceil(at / 1000);
