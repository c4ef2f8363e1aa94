import type { CallId, LegId, NodeId } from '../events/ids.ts';
import { after, type Instant, later } from '../events/instant.ts';
import { applyIntent } from './agent-requests.ts';
import { hangUpLeg } from './closing.ts';
import { enterAgain, playbackFinished } from './in-flow.ts';
import { legEnded, takenToFallback } from './leg-ended.ts';
import { askAgain } from './lookups.ts';
import type { LegFate, TelephonyFact } from './telephony.ts';
import type { Turn } from './turn.ts';
import { allLost } from './world.ts';

/**
 * The connection to a node is gone since the last sign of life, `silentMs` ago. Its calls are in doubt: they go on without us, and
 * nothing is decided about them until it is back, or they are written off (node-away.ts). No phone can be rung meanwhile.
 */
export function nodeDown(turn: Turn, nodeId: NodeId, because: string, silentMs: number): void {
  const link = turn.world.nodes.get(nodeId);
  if (link?.connected === false && link.lostAt != null) return;
  turn.asOf(after(turn.now, -silentMs), (then) => {
    then.emit({ type: 'NodeLost', nodeId, because });
  });
  if (!allLost(turn.world)) return;
  for (const id of [...turn.world.agents.keys()])
    turn.changeAgent(id, { devices: [] }, 'the telephone system cannot be reached');
}

type NodeUp = Extract<TelephonyFact, { kind: 'node-up' }>;

/**
 * Connected, for the first time or again. Asterisk replays nothing, so what may have happened meanwhile is made good: legs that
 * died are ended, when and as they did as far as that is known. Callers who still hear their prompt hear it to its end; those whose
 * prompt has ended, or who may have pressed a key that we missed, hear their node once more.
 */
export function nodeUp(turn: Turn, { nodeId, liveLegs, fates = [], playing = [] }: NodeUp): void {
  const link = turn.world.nodes.get(nodeId);
  const lostAt = link?.connected === false ? link.lostAt : null;
  turn.emit({ type: 'NodeConnected', nodeId });
  signOutWhoLeft(turn);
  const live = new Set(liveLegs);
  const heard = new Set(playing);
  const missing = [...turn.world.legs.values()].filter((leg) => leg.nodeId === nodeId && !live.has(leg.id));
  endAsTheyDid(
    turn,
    fates.filter(({ legId }) => missing.some(({ id }) => id === legId)),
  );
  // Of the others nothing is known but that we have not heard of them since the connection was lost.
  for (const { id } of missing)
    turn.asOf(notBeforeKnown(turn, id, lostAt ?? turn.now), (then) =>
      legEnded(then, id, 'failed', { unseen: true }),
    );
  for (const leg of [...turn.world.legs.values()])
    if (leg.nodeId === nodeId && turn.world.calls.get(leg.callId)?.callerGone)
      hangUpLeg(turn, leg.id, 'its call is closed');
  // Whoever was led on by the end of the other leg hears what is said there once.
  const ledOn = new Set(turn.events.flatMap((one) => (one.type === 'FlowNodeEntered' ? [one.callId] : [])));
  for (const call of [...turn.world.calls.values()]) {
    if (call.nodeId !== nodeId || call.callerGone || ledOn.has(call.id)) continue;
    // They hear it still: its end comes as ever.
    if (call.playback !== null && heard.has(call.playback)) {
      askAgain(turn, call.id);
      continue;
    }
    if (call.stage.kind === 'closing') {
      hangUpLeg(turn, call.legId, 'closing when the connection came back');
    } else if (call.stage.kind === 'waiting' && call.playback !== null) {
      // What it said is lost or over; the music follows.
      playbackFinished(turn, call.id, call.playback, false);
    } else if (call.recording !== null || call.transfer !== null) {
      // It goes on; or its end has been told, or is told next.
    } else if (call.stage.kind === 'ivr') {
      enterAgain(turn, call);
    }
  }
}

/** Agents whom the centre does not name any more: a call they are in goes on, and afterwards they are signed out. */
function signOutWhoLeft(turn: Turn): void {
  for (const id of [...turn.world.agents.keys()]) {
    if (turn.rules.centre.agents.has(id)) continue;
    applyIntent(turn, id, { kind: 'signed-out' }, 'no longer in the centre', 'lead');
    turn.changeAgent(id, { devices: [] }, 'no longer in the centre');
  }
}

/**
 * In the order in which it happened. A caller whose agent was done or lost, and who was then taken to the fallback, is being served
 * there: the conversation ended when it did, and nothing is ordered for the caller.
 */
export function endAsTheyDid(turn: Turn, fates: readonly LegFate[]): void {
  const taken = new Set(fates.flatMap((fate) => (fate.kind === 'taken-to-fallback' ? [fate.legId] : [])));
  const takenFirst = (fate: LegFate) => (fate.kind === 'taken-to-fallback' ? 0 : 1);
  const inOrder = fates.toSorted((a, b) => a.at - b.at || takenFirst(a) - takenFirst(b));
  for (const fate of inOrder) {
    turn.asOf(notBeforeKnown(turn, fate.legId, fate.at), (then) => {
      if (fate.kind === 'taken-to-fallback') return takenToFallback(then, fate.legId);
      const callerLegId = then.world.calls.get(then.world.legs.get(fate.legId)?.callId as CallId)?.legId;
      const callerStays = callerLegId === undefined || !taken.has(callerLegId);
      legEnded(then, fate.legId, fate.reason, { callerStays });
    });
  }
}

/** Nothing ends before it began: not before what we know of the call's present stage, whatever another clock says. */
export function notBeforeKnown(turn: Turn, legId: LegId, at: Instant): Instant {
  const leg = turn.world.legs.get(legId);
  const since = leg && turn.world.calls.get(leg.callId)?.stageSince;
  return since === undefined ? at : later(since, at);
}
