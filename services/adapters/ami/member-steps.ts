import type { FallbackPlace } from '../../calls/fallback-places.ts';
import type { AgentId } from '../../events/ids.ts';
import type { FallbackAgent } from '../../runtime/fallback-port.ts';
import type { AmiAction, AmiMessage } from './message.ts';
import { text } from './message.ts';

/** One phone as a member of one of Asterisk's queues. */
export type Member = {
  readonly queue: string;
  readonly phone: string;
  readonly paused: boolean;
  /** Lower ones are rung first. */
  readonly penalty: number;
};

/** The members in a listing of all queues (QueueStatus). Those set in the configuration are not ours to change. */
export function readMembers(listed: readonly AmiMessage[]): Member[] {
  return listed
    .filter((item) => text(item, 'event') === 'QueueMember' && text(item, 'membership') === 'dynamic')
    .map((item) => ({
      queue: text(item, 'queue'),
      phone: text(item, 'location'),
      paused: text(item, 'paused') === '1',
      penalty: Number(text(item, 'penalty')),
    }));
}

/** Whose phone it is: `PJSIP/1001` and `PJSIP/1001-web` are agent 1001's. */
export const agentOfPhone = (phone: string) => phone.replace(/^PJSIP\//, '').replace(/-web$/, '') as AgentId;

/**
 * What to tell Asterisk so that an agent's memberships become what is wanted, in order: a phone joins before another leaves, so that
 * no queue is ever without the agent. Nothing when all is well; pausing is one action whatever the number of queues.
 */
export function memberSteps(
  wanted: FallbackAgent,
  places: readonly FallbackPlace[],
  members: readonly Member[],
): AmiAction[] {
  const phone = phoneOf(wanted, members);
  const paused = wanted.intent === 'not-ready';
  const staffed = wanted.intent === 'signed-out' ? [] : places;
  const mine = new Map(
    members.filter((member) => member.phone === phone).map((member) => [member.queue, member]),
  );
  const added = staffed.filter(({ queue }) => !mine.has(queue));
  const kept = staffed.flatMap(({ queue }) => mine.get(queue) ?? []);
  const moved = staffed.filter(({ queue, penalty }) => (mine.get(queue)?.penalty ?? penalty) !== penalty);
  const left = members.filter((member) => !kept.includes(member));
  return [
    ...added.map(({ queue, penalty }) => ({
      action: 'QueueAdd',
      Queue: queue,
      Interface: phone,
      MemberName: wanted.agent,
      Penalty: String(penalty),
      Paused: String(paused),
    })),
    ...moved.map(({ queue, penalty }) => ({
      action: 'QueuePenalty',
      Queue: queue,
      Interface: phone,
      Penalty: String(penalty),
    })),
    ...(kept.some((member) => member.paused !== paused)
      ? [{ action: 'QueuePause', Interface: phone, Paused: String(paused), Reason: wanted.intent }]
      : []),
    ...left.map((member) => ({ action: 'QueueRemove', Queue: member.queue, Interface: member.phone })),
  ];
}

function phoneOf({ agent, device }: FallbackAgent, members: readonly Member[]): string {
  if (device === 'web') return `PJSIP/${agent}-web`;
  return device === null ? (members[0]?.phone ?? `PJSIP/${agent}`) : `PJSIP/${agent}`;
}

/** The members after an action that Asterisk has carried out. */
export function afterStep(members: readonly Member[], step: AmiAction): Member[] {
  const phone = step.Interface ?? '';
  const paused = step.Paused === 'true';
  const penalty = Number(step.Penalty ?? 0);
  const others = members.filter((member) => member.queue !== step.Queue || member.phone !== phone);
  switch (step.action) {
    case 'QueueAdd':
      return [...others, { queue: step.Queue ?? '', phone, paused, penalty }];
    case 'QueuePenalty':
      return members.map((member) => (others.includes(member) ? member : { ...member, penalty }));
    case 'QueueRemove':
      return others;
    default:
      return members.map((member) => (member.phone === phone ? { ...member, paused } : member));
  }
}
