import type { AgentId, QueueId, SkillId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';

/** From beginner to expert. */
export const skillLevels = [1, 2, 3, 4, 5] as const;
export type SkillLevel = (typeof skillLevels)[number];

/** A skill that an agent holds. */
export type Certificate = {
  readonly skill: SkillId;
  readonly level: SkillLevel;
  /** From this moment on it counts no longer (PPL-01); null never expires. */
  readonly expiresAt: Instant | null;
};

/** What the router knows of an agent's abilities: what may be asked of them, whoever they are talking to now. */
export type AgentProfile = {
  readonly id: AgentId;
  readonly queues: readonly QueueId[];
  readonly certificates: readonly Certificate[];
  /** Called in when a queue's overflow says so, and not before (KPI-05). */
  readonly reserve: boolean;
};

/** A level of a skill that must be there. */
export type SkillNeed = { readonly skill: SkillId; readonly level: SkillLevel };

/** What an agent must be to serve a visit. */
export type Requirement = {
  /** Of which queue the agent must be; one of several is enough. */
  readonly queues: readonly QueueId[];
  /** All of these. */
  readonly needs: readonly SkillNeed[];
  /** Whether the reserve may be called in. */
  readonly reserve: boolean;
};

/** The agent's level in a skill now: the highest of the certificates that are valid, 0 without one. */
export function levelOf(profile: AgentProfile, skill: SkillId, now: Instant): number {
  let level = 0;
  for (const certificate of profile.certificates)
    if (certificate.skill === skill && isValid(certificate, now)) level = Math.max(level, certificate.level);
  return level;
}

export const isValid = ({ expiresAt }: Certificate, now: Instant): boolean =>
  expiresAt === null || now < expiresAt;

export const canServe = (profile: AgentProfile, requirement: Requirement, now: Instant): boolean =>
  (requirement.reserve || !profile.reserve) &&
  requirement.queues.some((queue) => profile.queues.includes(queue)) &&
  requirement.needs.every(({ skill, level }) => levelOf(profile, skill, now) >= level);

/** When the next of the agent's certificates expires; null when none does any more. */
export function nextExpiry(profile: AgentProfile, now: Instant): Instant | null {
  let next: Instant | null = null;
  for (const { expiresAt } of profile.certificates)
    if (expiresAt !== null && expiresAt > now && (next === null || expiresAt < next)) next = expiresAt;
  return next;
}
