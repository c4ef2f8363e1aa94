import {
  type AgentId,
  asId,
  type CallId,
  type LegId,
  type NodeId,
  type TimerId,
  type VisitId,
} from '../events/ids.ts';
import { after } from '../events/instant.ts';
import { wrapUpIsOver } from './agent-requests.ts';
import { hangUpLeg } from './closing.ts';
import { flowOut, listenedInVain, playbackFinished } from './in-flow.ts';
import { legEnded } from './leg-ended.ts';
import { ringFailed, ringOf } from './ringing.ts';
import { limitsMs, parseTimerId, type TimerKind, timerId } from './timers.ts';
import type { Turn } from './turn.ts';
import type { World } from './world.ts';

/**
 * A timer fell due. It is cleared first: whatever follows may set it anew. Clearing is no event, so after a restart a timer that
 * fired just before may fire again: every handler does nothing when there is nothing left to do.
 */
export function timerDue(turn: Turn, timer: TimerId): void {
  const dueAt = turn.world.timers.get(timer);
  if (dueAt === undefined || dueAt > turn.now) return;
  const { kind, subject } = parseTimerId(timer);
  const nodeId = nodeOf(turn.world, kind, subject);
  if (nodeId !== null && turn.world.nodes.get(nodeId)?.connected !== true) {
    turn.world.timers.set(timer, after(turn.now, lookAgainMs));
    return;
  }
  turn.world.timers.delete(timer);
  switch (kind) {
    case 'wrap-up':
      return wrapUpIsOver(turn, asId<AgentId>(subject));
    case 'listen':
      return listenedInVain(turn, asId<CallId>(subject));
    case 'max-wait':
      return waitedLongEnough(turn, asId<VisitId>(subject));
    case 'playback': {
      const call = turn.world.calls.get(asId<CallId>(subject));
      if (call?.playback) playbackFinished(turn, call.id, call.playback, false);
      return;
    }
    case 'ring':
      return ringOverdue(turn, asId<LegId>(subject));
    case 'pick-up':
      return hangUpLeg(turn, asId<LegId>(subject), 'could not be picked up in time');
    case 'hang-up':
      return hangUpOverdue(turn, asId<LegId>(subject));
    case 'longest-call': {
      const call = turn.world.calls.get(asId<CallId>(subject));
      if (call) hangUpLeg(turn, call.legId, 'longest call time reached');
      return;
    }
    default:
      kind satisfies never;
  }
}

/**
 * While nobody can say what lives on a node, as after a restart, nothing is concluded about its calls: what a timer guards against
 * may have been averted meanwhile. So often it is looked whether the node is back.
 */
const lookAgainMs = 200;

/** The node whose calls or legs the timer is about; null when it is about none, or about one that is gone. */
function nodeOf(world: World, kind: TimerKind, subject: string): NodeId | null {
  switch (kind) {
    case 'wrap-up':
      return null;
    case 'pick-up':
    case 'ring':
    case 'hang-up':
      return world.legs.get(asId<LegId>(subject))?.nodeId ?? null;
    case 'listen':
    case 'playback':
    case 'longest-call':
      return world.calls.get(asId<CallId>(subject))?.nodeId ?? null;
    case 'max-wait':
      for (const call of world.calls.values())
        if (call.stage.kind === 'waiting' && call.stage.visitId === asId<VisitId>(subject))
          return call.nodeId;
      return null;
    default:
      return kind satisfies never;
  }
}

/** A caller whose turn has come at this very moment is not sent away: while a phone rings, the wait goes on for the ring's length. */
function waitedLongEnough(turn: Turn, visitId: VisitId): void {
  for (const call of turn.world.calls.values()) {
    if (call.stage.kind !== 'waiting' || call.stage.visitId !== visitId) continue;
    if (call.stage.ring)
      turn.world.timers.set(timerId('max-wait', visitId), after(turn.now, limitsMs.ringGrace));
    else flowOut(turn, call.id, 'max-wait');
    return;
  }
}

function ringOverdue(turn: Turn, legId: LegId): void {
  const leg = turn.world.legs.get(legId);
  if (leg?.role !== 'agent' || !ringOf(turn, leg)) return;
  ringFailed(turn, leg, 'no-answer');
  hangUpLeg(turn, legId, 'rang for too long');
}

/** Asterisk did not report the end of a leg that we hung up: ask again, and after some attempts take it for gone. */
function hangUpOverdue(turn: Turn, legId: LegId): void {
  const leg = turn.world.legs.get(legId);
  if (!leg) return;
  if (leg.hangUpAttempts >= limitsMs.hangUpAttempts) return legEnded(turn, legId, 'failed');
  turn.emit({ type: 'LegHangUpRequested', callId: leg.callId, legId, because: 'asked again' });
}
