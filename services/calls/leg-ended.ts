import type { AgentId, LegId } from '../events/ids.ts';
import { elapsedMs } from '../events/instant.ts';
import type { LegEndReason, ReleaseParty } from '../events/vocabulary.ts';
import { positionOf, waitsSince } from '../queueing/queue.ts';
import { takeBack } from './back-to-queue.ts';
import type { Call, Leg } from './call.ts';
import { callbackCallOver } from './callback-ended.ts';
import { cutPromptShort, hangUpLeg } from './closing.ts';
import { completeConsult, consultLegEnded, releaseTarget } from './consult.ts';
import { endConversation } from './conversation.ts';
import { droppedCall } from './dropped-call.ts';
import { featureCallEnded } from './feature-codes.ts';
import { flowOf } from './flow-context.ts';
import { enterFlow } from './in-flow.ts';
import { endLookup } from './lookups.ts';
import { outcomeOf } from './outcome.ts';
import { freeFrom, outgoingLegEnded, outgoingOver } from './outgoing.ts';
import { agentWasCaller } from './own-call.ts';
import { passingGivenUp } from './pass-on.ts';
import { releaseAfterRing, ringFailed, ringGivenUp } from './ringing.ts';
import { giveUpTransfer, outsideLegEnded } from './transfer.ts';
import type { Turn } from './turn.ts';
import { keepWhatWasSaid } from './voicemail.ts';

/**
 * A leg is gone, for whatever reason. Everything that hung on it is brought to its end here. `callerStays`: false when the other
 * end of it is known to have been taken out of our hands since. `unseen`: nobody has seen it end; perhaps it never was.
 */
export function legEnded(
  turn: Turn,
  legId: LegId,
  reason: LegEndReason,
  { callerStays = true, unseen = false }: { callerStays?: boolean; unseen?: boolean } = {},
): void {
  const leg = turn.world.legs.get(legId);
  if (!leg || consultLegEnded(turn, leg, reason) || outgoingLegEnded(turn, leg, reason)) return;
  if (leg.role === 'agent') agentLegEnded(turn, leg, reason, callerStays);
  else if (leg.role === 'outside') outsideLegEnded(turn, leg, reason, unseen);
  else callerLegEnded(turn, leg, reason);
}

function agentLegEnded(
  turn: Turn,
  leg: Leg & { role: 'agent' },
  reason: LegEndReason,
  callerStays: boolean,
): void {
  const call = turn.world.calls.get(leg.callId);
  if (call?.stage.kind === 'talking' && call.stage.agentLegId === leg.id) {
    const lost = (leg.hangUpAttempts > 0 && !leg.letGo) || reason !== 'normal';
    const { consult } = call;
    if (consult?.answeredAt != null) {
      // Whoever was asked is on the line: the caller stays with them.
      completeConsult(turn, call, lost ? 'system' : 'agent', reason);
      turn.emit({ type: 'LegEnded', callId: leg.callId, legId: leg.id, reason });
      if (lost) turn.changeAgent(leg.agent, { devices: [] }, 'the phone was lost');
      return;
    }
    if (consult) releaseTarget(turn, call, 'agent-left', 'the agent who asked has left');
    endConversation(turn, turn.world.calls.get(call.id) ?? call, lost ? 'system' : 'agent', reason);
    turn.emit({ type: 'LegEnded', callId: leg.callId, legId: leg.id, reason });
    if (lost) phoneLost(turn, leg.agent, reason, elapsedMs(call.stage.since, turn.now));
    if (!callerStays) return;
    // Who hangs up while it rings wants the caller to be helped by somebody else.
    if (lost || consult) takeBack(turn, call, `the agent was lost: ${reason}`);
    else afterAgent(turn, call);
    return;
  }
  if (call?.stage.kind === 'calling' && call.stage.agent?.legId === leg.id)
    hangUpLeg(turn, call.legId, 'the agent was lost before the customer answered');
  ringFailed(turn, leg, reason);
  turn.emit({ type: 'LegEnded', callId: leg.callId, legId: leg.id, reason });
  releaseAfterRing(turn, leg.agent, leg.id, 'caller-left');
  releaseFromCallback(turn, leg);
}

/** A conversation lost for want of sound after no more than this had none from its beginning: 10 s are waited for (accounts.yaml, rtp_timeout). */
const neverHeardMs = 10_800;

/**
 * The phone counts as gone until it has been looked at again (effects.ts). One that is there all the while, but was never heard since it was
 * answered, is not rung again by itself: it would take one waiting caller after the other into silence.
 */
function phoneLost(turn: Turn, id: AgentId, reason: LegEndReason, talkedMs: number): void {
  const agent = turn.world.agents.get(id);
  const silent = reason === 'media-lost' && talkedMs <= neverHeardMs && (agent?.devices.length ?? 0) > 0;
  const notReady = silent && agent?.intent.kind === 'ready';
  turn.changeAgent(
    id,
    { devices: [], ...(notReady && { intent: { kind: 'not-ready', reason: 'phone-silent' } }) },
    silent ? 'the phone was never heard' : 'the phone was lost',
  );
}

/** An agent who was to be joined with a customer, whom we did not reach: there is nothing to wrap up. */
function releaseFromCallback(turn: Turn, leg: Leg & { role: 'agent' }): void {
  const work = turn.world.agents.get(leg.agent)?.work;
  if (work?.kind === 'talking' && work.legId === leg.id)
    turn.changeAgent(leg.agent, { work: { kind: 'none' } }, 'the customer was not reached');
}

/** The agent hung up first: the caller goes on where the flow says, or the call ends. */
function afterAgent(turn: Turn, before: Call): void {
  const call = turn.world.calls.get(before.id);
  const flow = call && flowOf(turn, call);
  if (call && flow?.afterAgent && !call.callerGone) enterFlow(turn, call.id, flow, flow.afterAgent);
  else hangUpLeg(turn, before.legId, 'the agent hung up');
}

/** The caller was taken out of our hands while we were away: here the call ends as if lost, but it has no end of its own yet. */
export function takenToFallback(turn: Turn, legId: LegId): void {
  const leg = turn.world.legs.get(legId);
  const call = leg?.role === 'caller' ? turn.world.calls.get(leg.callId) : undefined;
  if (!leg || !call) return;
  cutPromptShort(turn, call, 'caller-left');
  keepWhatWasSaid(turn, call);
  passingGivenUp(turn, call, 'the caller was taken to the fallback');
  giveUpTransfer(turn, call, 'the caller was taken to the fallback');
  endLookup(turn, call.id, 'caller-left', 'the caller was taken to the fallback');
  if (call.stage.kind === 'waiting') leaveQueue(turn, call, 'system');
  if (call.stage.kind === 'outgoing') {
    outgoingOver(turn, call, 'failed');
    if (call.stage.party) hangUpLeg(turn, call.stage.party.legId, 'the agent was taken to the fallback');
    // What Asterisk tells them there is no work of ours.
    freeFrom(turn, leg);
  }
  agentWasCaller(turn, call);
  releaseTarget(turn, call, 'caller-left', 'the caller was taken to the fallback');
  if (call.stage.kind === 'talking') {
    endConversation(turn, call, 'system', 'failed');
    hangUpLeg(turn, call.stage.agentLegId, 'the caller was taken to the fallback');
  }
  turn.emit({ type: 'CallTakenToFallback', callId: call.id, legId });
}

function callerLegEnded(turn: Turn, leg: Leg, reason: LegEndReason): void {
  const call = turn.world.calls.get(leg.callId);
  if (!call) return;
  if (call.callerGone) {
    // The call was closed while its node was away (node-away.ts).
    turn.emit({ type: 'LegEnded', callId: call.id, legId: leg.id, reason });
    return;
  }
  // An agent who is the caller may hang up from the desk: that is the caller's doing like any other.
  const weAskedFor = leg.hangUpAttempts > 0 && leg.letGo !== true;
  const endedBy = weAskedFor || reason === 'failed' ? 'system' : 'caller';
  keepWhatWasSaid(turn, call);
  const outcome = outcomeOf(turn.world.calls.get(call.id) ?? call, endedBy);
  cutPromptShort(turn, call, 'caller-left');
  passingGivenUp(turn, call, 'the caller left');
  giveUpTransfer(turn, call, 'the caller left');
  endLookup(turn, call.id, 'caller-left', 'the caller left');
  if (call.stage.kind === 'waiting') leaveQueue(turn, call, endedBy);
  releaseTarget(turn, call, 'caller-left', 'the caller left');
  if (call.stage.kind === 'talking') {
    endConversation(turn, call, endedBy, reason);
    if (!weAskedFor) droppedCall(turn, call, reason);
    hangUpLeg(turn, call.stage.agentLegId, 'the caller left');
  }
  callbackCallOver(turn, call, reason);
  if (call.stage.kind === 'calling' && call.stage.agent)
    hangUpLeg(turn, call.stage.agent.legId, 'the customer was not reached');
  turn.emit({ type: 'LegEnded', callId: call.id, legId: leg.id, reason });
  turn.emit({
    type: 'CallEnded',
    callId: call.id,
    hotline: call.hotline,
    outcome,
    releaseParty: releasedBy(call, weAskedFor, endedBy),
    startedAt: call.startedAt,
    ...(call.source === 'callback' && { source: call.source }),
  });
  agentWasCaller(turn, call);
  featureCallEnded(turn, call);
}

/** Who let go first: an agent who did stays the one, whatever the caller hears afterwards. */
function releasedBy(call: Call, weAskedFor: boolean, endedBy: 'caller' | 'system'): ReleaseParty {
  if (weAskedFor) return call.releasedBy ?? 'system';
  return call.releasedBy === 'agent' ? 'agent' : endedBy;
}

export function leaveQueue(turn: Turn, call: Call, endedBy: 'caller' | 'system'): void {
  if (call.stage.kind !== 'waiting' || call.hotline === null) return;
  ringGivenUp(turn, call);
  const { visitId, queue } = call.stage;
  const line = turn.world.lines.get(queue) ?? [];
  const visit = line[positionOf(line, visitId) - 1];
  if (!visit) return;
  turn.emit({
    type: 'VisitEnded',
    callId: call.id,
    visitId,
    queue,
    hotline: call.hotline,
    outcome: endedBy === 'caller' ? 'abandoned' : 'flow_out',
    flowOutReason: endedBy === 'caller' ? null : 'service-lost',
    queuedAt: waitsSince(visit),
    waitMs: elapsedMs(waitsSince(visit), turn.now),
    agent: null,
    priority: visit.priority,
    ...(visit.callback !== undefined && { callback: visit.callback }),
  });
}
