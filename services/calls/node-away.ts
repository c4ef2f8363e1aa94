import type { NodeId } from '../events/ids.ts';
import { later } from '../events/instant.ts';
import { type Call, ringsOf } from './call.ts';
import { callbackCallOver } from './callback-ended.ts';
import { cutPromptShort, hangUpLeg } from './closing.ts';
import { releaseTarget } from './consult.ts';
import { endConversation } from './conversation.ts';
import { leaveQueue } from './leg-ended.ts';
import { endLookup } from './lookups.ts';
import { outcomeOf } from './outcome.ts';
import { outgoingCallEnded, outgoingOver } from './outgoing.ts';
import { agentWasCaller } from './own-call.ts';
import { passingGivenUp } from './pass-on.ts';
import { releaseAfterRing } from './ringing.ts';
import { giveUpTransfer } from './transfer.ts';
import type { Turn } from './turn.ts';
import { keepWhatWasSaid } from './voicemail.ts';
import { isLost } from './world.ts';

/**
 * A node has been away for so long that its calls are not waited for any more: they are closed as of the last contact, and their
 * agents are free. Their legs stay known until the node is back: those that live then are hung up, so that no call is recorded twice.
 */
export function writeOff(turn: Turn, nodeId: NodeId): void {
  if (!isLost(turn.world, nodeId)) return;
  const lostAt = turn.world.nodes.get(nodeId)?.lostAt ?? turn.now;
  for (const call of [...turn.world.calls.values()]) {
    if (call.nodeId !== nodeId || call.callerGone) continue;
    turn.asOf(later(call.stageSince, lostAt), (then) => close(then, call));
  }
}

function close(turn: Turn, call: Call): void {
  keepWhatWasSaid(turn, call);
  const outcome = outcomeOf(turn.world.calls.get(call.id) ?? call, 'system');
  cutPromptShort(turn, call, 'caller-left');
  passingGivenUp(turn, call, 'the telephone system was away for too long');
  giveUpTransfer(turn, call, 'the telephone system was away for too long');
  endLookup(turn, call.id, 'caller-left', 'the telephone system was away for too long');
  const { stage } = call;
  if (call.outgoing) return closeOutgoing(turn, call);
  leaveQueue(turn, call, 'system');
  for (const { agent, legId } of ringsOf(stage)) releaseAfterRing(turn, agent, legId, 'caller-left');
  releaseTarget(turn, call, 'caller-left', 'the telephone system was away for too long');
  if (call.consult?.party.kind === 'agent')
    releaseAfterRing(turn, call.consult.party.agent, call.consult.legId, 'caller-left');
  if (stage.kind === 'talking') {
    endConversation(turn, call, 'system', 'failed');
    hangUpLeg(turn, stage.agentLegId, 'the telephone system was away for too long');
  }
  callbackCallOver(turn, call, 'failed');
  agentWasCaller(turn, call);
  if (stage.kind === 'calling' && stage.agent) {
    hangUpLeg(turn, stage.agent.legId, 'the telephone system was away for too long');
    turn.changeAgent(stage.agent.agent, { work: { kind: 'none' } }, 'the customer was not reached');
  }
  turn.emit({
    type: 'CallEnded',
    callId: call.id,
    hotline: call.hotline,
    outcome,
    releaseParty: 'system',
    startedAt: call.startedAt,
    ...(call.source === 'callback' && { source: call.source }),
  });
}

function closeOutgoing(turn: Turn, call: Call): void {
  outgoingOver(turn, call, 'failed');
  for (const agent of [...turn.world.agents.values()]) {
    const { work, id } = agent;
    if ((work.kind === 'ringing' || work.kind === 'talking') && work.callId === call.id)
      turn.changeAgent(id, { work: { kind: 'none' } }, 'the telephone system was away for too long');
  }
  outgoingCallEnded(turn, call, 'system');
}
