import { recordWrapUp } from './agent-requests.ts';
import type { Call } from './call.ts';
import type { Turn } from './turn.ts';

/**
 * An agent has dialled a hotline of ours, and is its caller now. Their phone is in use: who is ready is not rung meanwhile, least of all for this
 * very call. A wrap-up is over with it, as with any other call that an agent makes. Whoever is signed out, or rung on another line, stays so.
 */
export function agentIsCaller(turn: Turn, call: Call): void {
  const { dialledBy: by } = call;
  const agent = by === null ? undefined : turn.world.agents.get(by);
  if (call.source !== 'agent' || !agent || agent.intent.kind === 'signed-out') return;
  if (agent.work.kind === 'ringing' || agent.work.kind === 'talking') return;
  recordWrapUp(turn, agent.id, 'agent-finished');
  const work = { kind: 'talking', callId: call.id, legId: call.legId, queue: null, held: false } as const;
  turn.changeAgent(agent.id, { work }, `dialled ${call.dialledNumber}`);
}

/** The call is over for the agent who was its caller. */
export function agentWasCaller(turn: Turn, call: Call): void {
  const agent = call.dialledBy === null ? undefined : turn.world.agents.get(call.dialledBy);
  if (agent?.work.kind === 'talking' && agent.work.legId === call.legId)
    turn.changeAgent(agent.id, { work: { kind: 'none' } }, 'the call is over');
}
