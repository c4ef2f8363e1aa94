import type { NodeId } from '../events/ids.ts';
import { applyIntent } from './agent-requests.ts';
import { hangUpLeg } from './closing.ts';
import { enterFlow, playbackFinished } from './in-flow.ts';
import { legEnded, takenToFallback } from './leg-ended.ts';
import type { LegFate, TelephonyFact } from './telephony.ts';
import type { Turn } from './turn.ts';

/** The connection to a node is gone: its calls go on without us; nothing is decided until it is back or declared dead. */
export function nodeDown(turn: Turn, nodeId: NodeId, because: string): void {
  if (turn.world.nodes.get(nodeId)?.connected === false) return;
  turn.emit({ type: 'NodeLost', nodeId, because });
}

type NodeUp = Extract<TelephonyFact, { kind: 'node-up' }>;

/**
 * Connected, for the first time or again. Asterisk replays nothing, so what may have happened meanwhile is made good: legs that
 * died are ended, when and as they did as far as that is known. Callers who still hear their prompt hear it to its end; those whose
 * prompt has ended, or who may have pressed a key that we missed, hear their node once more.
 */
export function nodeUp(turn: Turn, { nodeId, liveLegs, fates = [], playing = [] }: NodeUp): void {
  turn.emit({ type: 'NodeConnected', nodeId });
  signOutWhoLeft(turn);
  const live = new Set(liveLegs);
  const heard = new Set(playing);
  const missing = [...turn.world.legs.values()].filter((leg) => leg.nodeId === nodeId && !live.has(leg.id));
  endAsTheyDid(
    turn,
    fates.filter(({ legId }) => missing.some(({ id }) => id === legId)),
  );
  for (const leg of missing) legEnded(turn, leg.id, 'failed');
  for (const call of [...turn.world.calls.values()]) {
    if (call.nodeId !== nodeId || call.callerGone) continue;
    // They hear it still: its end comes as ever.
    if (call.playback !== null && heard.has(call.playback)) continue;
    if (call.stage.kind === 'closing') {
      hangUpLeg(turn, call.legId, 'closing when the connection came back');
    } else if (call.stage.kind === 'waiting' && call.playback !== null) {
      // What it said is lost or over; the music follows.
      playbackFinished(turn, call.id, call.playback, false);
    } else if (call.stage.kind === 'ivr' && call.node) {
      const flow = call.flow && turn.rules.flows.get(call.flow.id);
      // The node may be gone from the flow since.
      if (flow) enterFlow(turn, call.id, flow, flow.nodes.has(call.node) ? call.node : flow.start);
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

/** In the order in which it happened; a caller's leaving for the fallback comes before the end of the phone that rang for them. */
function endAsTheyDid(turn: Turn, fates: readonly LegFate[]): void {
  const takenFirst = (fate: LegFate) => (fate.kind === 'taken-to-fallback' ? 0 : 1);
  const inOrder = fates.toSorted((a, b) => takenFirst(a) - takenFirst(b) || a.at - b.at);
  for (const fate of inOrder) {
    turn.asOf(fate.at, (then) => {
      if (fate.kind === 'taken-to-fallback') takenToFallback(then, fate.legId);
      else legEnded(then, fate.legId, fate.reason);
    });
  }
}
