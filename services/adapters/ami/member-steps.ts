import type { AgentId, QueueId } from '../../events/ids.ts';
import type { FallbackAgent } from '../../runtime/fallback-port.ts';
import type { AmiAction, AmiMessage } from './message.ts';
import { text } from './message.ts';

/** One phone as a member of one of Asterisk's queues. */
export type Member = { readonly queue: string; readonly phone: string; readonly paused: boolean };

/** The members in a listing of all queues (QueueStatus). Those set in the configuration are not ours to change. */
export function readMembers(listed: readonly AmiMessage[]): Member[] {
  return listed
    .filter((item) => text(item, 'event') === 'QueueMember' && text(item, 'membership') === 'dynamic')
    .map((item) => ({
      queue: text(item, 'queue'),
      phone: text(item, 'location'),
      paused: text(item, 'paused') === '1',
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
  queues: readonly QueueId[],
  members: readonly Member[],
): AmiAction[] {
  const phone = phoneOf(wanted, members);
  const paused = wanted.intent === 'not-ready';
  const staffed = wanted.intent === 'signed-out' ? [] : queues;
  const mine = members.filter((member) => member.phone === phone);
  const added = staffed.filter((queue) => !mine.some((member) => member.queue === queue));
  const kept = mine.filter((member) => staffed.some((queue) => queue === member.queue));
  const left = members.filter((member) => !kept.includes(member));
  return [
    ...added.map((queue) => ({
      action: 'QueueAdd',
      Queue: queue,
      Interface: phone,
      MemberName: wanted.agent,
      Paused: String(paused),
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
  const others = members.filter((member) => member.queue !== step.Queue || member.phone !== phone);
  switch (step.action) {
    case 'QueueAdd':
      return [...others, { queue: step.Queue ?? '', phone, paused }];
    case 'QueueRemove':
      return others;
    default:
      return members.map((member) => (member.phone === phone ? { ...member, paused } : member));
  }
}
