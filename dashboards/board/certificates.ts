import type { LiveAgentView } from '../../services/adapters/http/contract/live.ts';

/** Time enough to train for a skill and take the test again. */
const soonMs = 30 * 24 * 3600_000;

export type Expiring = LiveAgentView['skills'][number] & { expiresAt: number; expired: boolean };

/** The agent's skills that are about to expire within 30 days, or have expired; the earliest first. */
export function expiringSkills({ skills }: Pick<LiveAgentView, 'skills'>, now: number): Expiring[] {
  return skills
    .flatMap((one) =>
      one.expiresAt !== null && one.expiresAt - now < soonMs
        ? [{ ...one, expiresAt: one.expiresAt, expired: one.expiresAt <= now }]
        : [],
    )
    .toSorted((a, b) => a.expiresAt - b.expiresAt);
}
