import { type Agent, stateOf } from '../agents/agent.ts';
import type { CallTarget } from '../agents/call-commands.ts';
import type { CommandResult } from '../agents/commands.ts';
import type { AgentId, QueueId } from '../events/ids.ts';
import type { Device } from '../events/vocabulary.ts';
import { standInRank } from '../routing/stand-in.ts';
import { mayCall } from './outside-number.ts';
import { isClosed } from './overflow.ts';
import { profileOf } from './serving-plans.ts';
import type { Turn } from './turn.ts';

export type Refused = Extract<CommandResult, { ok: false }>;

/** Who is to be rung: somebody with a free phone, or a number that may be called. */
export type Reached =
  | { kind: 'agent'; agent: AgentId; device: Device }
  | { kind: 'queue'; queue: QueueId }
  | { kind: 'outside'; number: string };

const refused = (code: Refused['code'], message: string): Refused => ({ ok: false, code, message });

/** Whether the caller can be passed on there at all now. A queue need have nobody free, but somebody who may serve it, its hours, and room. */
export function passable(turn: Turn, by: AgentId, to: CallTarget): Reached | Refused {
  switch (to.kind) {
    case 'agent':
      return colleague(turn, by, to.agent);
    case 'queue': {
      const definition = turn.rules.centre.queues.get(to.queue);
      if (!definition) return refused('unknown-target', `there is no queue ${to.queue}`);
      if (!servers(turn, to.queue).some(({ id, intent }) => id !== by && intent.kind !== 'signed-out'))
        return refused('target-unavailable', `nobody else who may serve ${to.queue} is signed in`);
      if (isClosed(turn, to.queue)) return refused('target-unavailable', `queue ${to.queue} is closed`);
      if ((turn.world.lines.get(to.queue)?.length ?? 0) >= definition.maxWaiting)
        return refused('target-unavailable', `queue ${to.queue} is full`);
      return to;
    }
    case 'outside':
      return outside(turn, to.number);
    default:
      return to satisfies never;
  }
}

/** The same for advice: of a queue, whom the router would ring for it, needs and reserve considered; nobody waits in line for it. */
export function consultable(
  turn: Turn,
  by: AgentId,
  to: CallTarget,
): Exclude<Reached, { kind: 'queue' }> | Refused {
  switch (to.kind) {
    case 'agent':
      return colleague(turn, by, to.agent);
    case 'queue': {
      if (!turn.rules.centre.queues.has(to.queue))
        return refused('unknown-target', `there is no queue ${to.queue}`);
      // Who asks is in a conversation, and so is not free.
      const first = turn.router.index.firstFree(to.queue, turn.now);
      const device = first === null ? undefined : turn.world.agents.get(first)?.devices[0];
      if (first === null || !device)
        return refused('target-unavailable', `nobody who may serve ${to.queue} is free`);
      return { kind: 'agent', agent: first, device };
    }
    case 'outside':
      return outside(turn, to.number);
    default:
      return to satisfies never;
  }
}

function colleague(turn: Turn, by: AgentId, agent: AgentId): Extract<Reached, { kind: 'agent' }> | Refused {
  if (!turn.rules.centre.agents.has(agent)) return refused('unknown-target', `there is no agent ${agent}`);
  const found = turn.world.agents.get(agent);
  const device = found?.devices[0];
  if (agent === by || !found || !device || stateOf(found) !== 'available')
    return refused(
      'target-unavailable',
      `agent ${agent} is ${agent === by ? 'the one who asks' : found ? stateOf(found) : 'signed-out'}`,
    );
  return { kind: 'agent', agent, device };
}

function outside(turn: Turn, number: string): Extract<Reached, { kind: 'outside' }> | Refused {
  if (!turn.rules.dialsOut)
    return refused('no-trunk', 'there is no trunk for calls of ours (HOTLINE_OUTBOUND_TRUNK)');
  if (!mayCall(turn, number))
    return refused(
      'number-not-allowed',
      'no pattern of outbound.numbers in the centre file lets this number be called',
    );
  return { kind: 'outside', number };
}

/** Whoever may serve the queue, at once or when its overflow has come to some step. */
function servers({ world, rules, now }: Turn, queue: QueueId): Agent[] {
  const plan = rules.centre.queues.get(queue)?.serving.plan;
  return [...world.agents.values()].filter(({ id }) => {
    const definition = rules.centre.agents.get(id);
    if (!plan || !definition) return false;
    return standInRank(plan, profileOf(definition), world.reserves.has(queue), now) !== null;
  });
}
