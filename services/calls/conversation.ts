import type { HoldPromise } from '../events/events.ts';
import type { AgentId, CallId, LegId, QueueId } from '../events/ids.ts';
import { after, elapsedMs } from '../events/instant.ts';
import type { LegEndReason, ReleaseParty } from '../events/vocabulary.ts';
import type { Call } from './call.ts';
import type { Turn } from './turn.ts';

export function agentHeld(turn: Turn, legId: LegId): void {
  const call = conversationOf(turn, legId);
  if (call?.stage.kind !== 'talking' || call.stage.heldSince !== null) return;
  turn.emit({ type: 'CallHeld', callId: call.id, agent: call.stage.agent, by: 'phone' });
  markHeld(turn, call.stage.agent, true);
}

export function agentResumed(turn: Turn, legId: LegId): void {
  const call = conversationOf(turn, legId);
  // One that was ordered from the desk, or for a consultation, is not the phone's to end.
  if (call?.stage.kind !== 'talking' || !call.stage.heldByPhone) return;
  resumed(turn, call);
}

/**
 * The caller hears music from here on, for the record; the sound is arranged by whoever decides it (sound.ts).
 * @param promise what the caller was told; nothing for a consultation, whose reason stands elsewhere
 */
export function held(turn: Turn, call: Call, promise?: HoldPromise): void {
  if (call.stage.kind !== 'talking' || call.stage.heldSince !== null) return;
  turn.emit({
    type: 'CallHeld',
    callId: call.id,
    agent: call.stage.agent,
    ...(promise && { promise }),
  });
  markHeld(turn, call.stage.agent, true);
}

/** The agent speaks with the caller again. */
export function resumed(turn: Turn, call: Call): void {
  if (call.stage.kind !== 'talking' || call.stage.heldSince === null) return;
  const heldMs = elapsedMs(call.stage.heldSince, turn.now);
  turn.emit({ type: 'CallResumed', callId: call.id, agent: call.stage.agent, heldMs });
  markHeld(turn, call.stage.agent, false);
}

/** Agent and caller are apart; the agent's wrap-up begins. A hold that was never taken back counts as hold to the end. */
export function endConversation(turn: Turn, call: Call, releasedBy: ReleaseParty, cause: LegEndReason): void {
  if (call.stage.kind !== 'talking') return;
  const { agent, agentLegId, visitId, queue, since, heldSince } = call.stage;
  const holdMs = call.stage.holdMs + (heldSince === null ? 0 : elapsedMs(heldSince, turn.now));
  const conversationMs = elapsedMs(since, turn.now);
  turn.emit({
    type: 'ConversationEnded',
    callId: call.id,
    visitId,
    queue,
    agent,
    agentLegId,
    talkMs: Math.max(0, conversationMs - holdMs),
    holdMs,
    releasedBy,
    cause,
  });
  wrapUp(turn, agent, { callId: call.id, queue, conversationMs }, `conversation ended by ${releasedBy}`);
}

/** The work after a conversation begins; `queue` is null after a call that the agent made. */
export function wrapUp(
  turn: Turn,
  agent: AgentId,
  of: { callId: CallId; queue: QueueId | null; conversationMs: number },
  because: string,
): void {
  const { queues, outbound } = turn.rules.centre;
  const wrapUpMs = of.queue === null ? outbound.wrapUpMs : (queues.get(of.queue)?.wrapUpMs ?? 0);
  const until = after(turn.now, wrapUpMs);
  turn.changeAgent(agent, { work: { kind: 'wrapping-up', ...of, since: turn.now, until } }, because);
}

function conversationOf(turn: Turn, legId: LegId): Call | null {
  const leg = turn.world.legs.get(legId);
  const call = leg && turn.world.calls.get(leg.callId);
  return call?.stage.kind === 'talking' && call.stage.agentLegId === legId ? call : null;
}

function markHeld(turn: Turn, id: AgentId, held: boolean): void {
  const work = turn.world.agents.get(id)?.work;
  if (work?.kind === 'talking')
    turn.changeAgent(
      id,
      { work: { ...work, held } },
      held ? 'put the caller on hold' : 'took the caller back',
    );
}
