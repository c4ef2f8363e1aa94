import type { AgentId } from '../events/ids.ts';
import type { ServiceClass } from './service-classes.ts';
import { type Requirement, skillLevels } from './skills.ts';

/** Why this agent, in words, such as "longest idle of 3 with billing≥2; overflow step 1 after 60 s". */
export function whyAgent(
  one: ServiceClass,
  chosen: { readonly tier: number; readonly calls: number; readonly candidates: number },
  stepBecause: string,
): string {
  return [`${choice(one, chosen)} of ${chosen.candidates}${having(one.requirement)}`, stepBecause]
    .filter((part) => part !== '')
    .join('; ');
}

export const whyLastHelped = (stepBecause: string): string =>
  ['last helped this caller', stepBecause].filter((part) => part !== '').join('; ');

/** Why a visit still waits, for the question "why did this caller wait". */
export function whyWaiting(
  one: ServiceClass,
  now: {
    readonly free: number;
    readonly atWork: number;
    readonly waitsFor: AgentId | null;
    readonly offered: boolean;
  },
): string {
  if (!now.offered) return 'a phone is ringing for this caller';
  if (now.waitsFor !== null) return `waits for ${now.waitsFor}, who last helped this caller`;
  if (now.free > 0) return 'others are served first';
  const who = having(one.requirement);
  if (now.atWork === 0) return `nobody${who} is at work`;
  return now.atWork === 1 ? `the only one${who} is busy` : `all ${now.atWork}${who} are busy`;
}

function choice(one: ServiceClass, { tier, calls }: { tier: number; calls: number }): string {
  switch (one.strategy) {
    case 'longest-idle':
      return `longest idle${among(one, tier)}`;
    case 'fewest-calls':
      return `fewest calls (${calls})${among(one, tier)}`;
    case 'round-robin':
      return `next in turn${among(one, tier)}`;
    case 'ring-all':
      return `rings all${among(one, tier)}`;
    case 'best-skill':
      return one.preferred === null
        ? 'longest idle'
        : `best at ${one.preferred} (${skillLevels.length - tier})`;
    default:
      return one.strategy satisfies never;
  }
}

const among = ({ preferred }: ServiceClass, tier: number): string =>
  preferred !== null && tier === 0 ? ` who knows ${preferred},` : '';

const having = ({ needs }: Requirement): string =>
  needs.length === 0 ? '' : ` with ${needs.map(({ skill, level }) => `${skill}≥${level}`).join(', ')}`;
