import {
  type AgentId,
  asId,
  type CallbackId,
  type CallId,
  type LegId,
  type NodeId,
  type TimerId,
  type VisitId,
} from '../events/ids.ts';
import { after } from '../events/instant.ts';
import { wrapUpIsOver } from './agent-requests.ts';
import type { Call } from './call.ts';
import { hangUpLeg } from './closing.ts';
import { flowOut, listenedInVain, lookupEnded, playbackFinished } from './in-flow.ts';
import { legEnded } from './leg-ended.ts';
import { openLookup } from './lookups.ts';
import { mayCallNow } from './make-callback.ts';
import { writeOff } from './node-away.ts';
import { lastAgentDue, overflowDue } from './overflow.ts';
import { ringFailed, ringOf } from './ringing.ts';
import { limitsMs, parseTimerId, type TimerKind, timerId } from './timers.ts';
import type { Turn } from './turn.ts';
import { recordingOverdue } from './voicemail.ts';
import { announceWait } from './wait-announcement.ts';
import { isLost, type World } from './world.ts';

/**
 * A timer fell due. It is cleared first: whatever follows may set it anew. Clearing is no event, so after a restart a timer that
 * fired just before may fire again: every handler does nothing when there is nothing left to do.
 */
export function timerDue(turn: Turn, timer: TimerId): void {
  const dueAt = turn.world.timers.get(timer);
  if (dueAt === undefined || dueAt > turn.now) return;
  turn.world.timers.delete(timer);
  const { kind, subject } = parseTimerId(timer);
  const call = callOf(turn.world, kind, subject);
  if (call && isLost(turn.world, call.nodeId)) {
    // What it waits for may have happened already: nothing is decided until the node is back.
    turn.world.timers.set(timer, after(turn.now, limitsMs.inDoubtRest));
    return;
  }
  switch (kind) {
    case 'wrap-up':
      return wrapUpIsOver(turn, asId<AgentId>(subject));
    case 'listen':
      return listenedInVain(turn, asId<CallId>(subject));
    case 'lookup': {
      const open = openLookup(call);
      const because = 'the data source never reported back';
      if (open) lookupEnded(turn, { lookupId: open.id, result: 'timed-out', values: {}, because });
      return;
    }
    case 'wait-announcement':
      return announceWait(turn, asId<CallId>(subject));
    case 'max-wait':
      return waitedLongEnough(turn, asId<VisitId>(subject));
    case 'overflow-step':
      return overflowDue(turn, asId<VisitId>(subject));
    case 'last-agent':
      return lastAgentDue(turn, asId<VisitId>(subject));
    case 'playback':
      if (call?.playback) playbackFinished(turn, call.id, call.playback, false);
      return;
    case 'ring':
      return ringOverdue(turn, asId<LegId>(subject));
    case 'pick-up':
      return hangUpLeg(turn, asId<LegId>(subject), 'could not be picked up in time');
    case 'recording':
      return recordingOverdue(turn, asId<CallId>(subject));
    case 'callback':
      return callbackDue(turn, asId<CallbackId>(subject));
    case 'hang-up':
      return hangUpOverdue(turn, asId<LegId>(subject));
    case 'longest-call':
      if (call) hangUpLeg(turn, call.legId, 'longest call time reached');
      return;
    case 'node-away':
      return writeOff(turn, asId<NodeId>(subject));
    default:
      kind satisfies never;
  }
}

/** The call a timer is about; none for what is about an agent or a node. */
function callOf(world: World, kind: TimerKind, subject: string): Call | undefined {
  switch (kind) {
    case 'wrap-up':
    case 'node-away':
    case 'callback':
      return undefined;
    case 'listen':
    case 'lookup':
    case 'recording':
    case 'wait-announcement':
    case 'playback':
    case 'longest-call':
      return world.calls.get(asId<CallId>(subject));
    case 'ring':
    case 'pick-up':
    case 'hang-up': {
      const leg = world.legs.get(asId<LegId>(subject));
      return leg && world.calls.get(leg.callId);
    }
    case 'max-wait':
    case 'overflow-step':
    case 'last-agent':
      return [...world.calls.values()].find(
        ({ stage }) => stage.kind === 'waiting' && stage.visitId === subject,
      );
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
    else flowOut(turn, call.id, { why: 'max-wait', gets: { kind: 'exit' } });
    return;
  }
}

function ringOverdue(turn: Turn, legId: LegId): void {
  const leg = turn.world.legs.get(legId);
  if (leg && leg.role !== 'agent') return hangUpLeg(turn, legId, 'rang for too long');
  const call = leg && turn.world.calls.get(leg.callId);
  if (leg && (call?.consult?.legId === legId || call?.stage.kind === 'outgoing'))
    return hangUpLeg(turn, legId, 'rang for too long');
  const found = leg && ringOf(turn, leg);
  if (!leg || !found) return;
  // Of a phone that was never heard to ring nothing is known but that the order to ring it came to nothing: nobody has missed it.
  ringFailed(turn, leg, found.ring.rings ? 'no-answer' : 'failed');
  hangUpLeg(turn, legId, 'rang for too long');
}

/** Customers are called when an agent is free, which is looked for after each step; here only at night is put off. */
function callbackDue(turn: Turn, id: CallbackId): void {
  const callback = turn.world.callbacks.get(id);
  if (callback && !mayCallNow(turn, callback))
    turn.world.timers.set(timerId('callback', id), after(turn.now, limitsMs.callbackRest));
}

/** Asterisk did not report the end of a leg that we hung up: ask again, and after some attempts take it for gone. */
function hangUpOverdue(turn: Turn, legId: LegId): void {
  const leg = turn.world.legs.get(legId);
  if (!leg) return;
  if (leg.hangUpAttempts >= limitsMs.hangUpAttempts) return legEnded(turn, legId, 'failed');
  turn.emit({ type: 'LegHangUpRequested', callId: leg.callId, legId, because: 'asked again' });
}
