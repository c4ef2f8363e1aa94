import type { LegId, NodeId } from '../events/ids.ts';
import { applyIntent } from './agent-requests.ts';
import { hangUpLeg } from './closing.ts';
import { enterFlow, playbackFinished } from './in-flow.ts';
import { legEnded } from './leg-ended.ts';
import type { Turn } from './turn.ts';

/** The connection to a node is gone: its calls go on without us; nothing is decided until it is back or declared dead. */
export function nodeDown(turn: Turn, nodeId: NodeId, because: string): void {
  if (turn.world.nodes.get(nodeId)?.connected === false) return;
  turn.emit({ type: 'NodeLost', nodeId, because });
}

/**
 * Connected, for the first time or again. Asterisk replays nothing, so what may have happened meanwhile is made good: legs that
 * died are ended, and callers whose prompt or key we may have missed hear their node once more.
 */
export function nodeUp(turn: Turn, nodeId: NodeId, liveLegs: readonly LegId[]): void {
  turn.emit({ type: 'NodeConnected', nodeId });
  signOutWhoLeft(turn);
  const live = new Set(liveLegs);
  const ours = [...turn.world.legs.values()].filter((leg) => leg.nodeId === nodeId);
  for (const leg of ours) if (!live.has(leg.id)) legEnded(turn, leg.id, 'failed');
  for (const call of [...turn.world.calls.values()]) {
    if (call.nodeId !== nodeId || call.callerGone) continue;
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
