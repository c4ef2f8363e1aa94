import type { CallId } from '../events/ids.ts';
import { hangUpLeg } from './closing.ts';
import { playbackFinished } from './in-flow.ts';
import { legEnded } from './leg-ended.ts';
import type { TelephonyFact } from './telephony.ts';
import type { Turn } from './turn.ts';
import { recordingRefused } from './voicemail.ts';
import { isLost } from './world.ts';

/** They do not hear each other. Whoever the caller is left with is not there: the target of a consultation goes first, then the agent. */
function joinFailed(turn: Turn, callId: CallId): void {
  const call = turn.world.calls.get(callId);
  if (call?.consult) return hangUpLeg(turn, call.consult.legId, 'join failed');
  if (call?.stage.kind === 'talking') hangUpLeg(turn, call.stage.agentLegId, 'join failed');
}

type OrderFailedFact = Extract<TelephonyFact, { kind: 'order-failed' }>;

/**
 * An order did not do what it should. Recorded for the timeline, then handled by what the caller needs: a prompt that
 * cannot be played is skipped, a phone that cannot be rung is a failed ring, a caller we cannot pick up or connect is not
 * left in silence. A leg reported gone will also be reported ended; nothing more is done for it here.
 */
export function orderFailed(turn: Turn, fact: OrderFailedFact): void {
  const leg = turn.world.legs.get(fact.legId);
  turn.emit({
    type: 'OrderFailed',
    callId: leg?.callId ?? null,
    order: fact.order,
    target: fact.playbackId ?? fact.legId,
    reason: `${fact.reason}: ${fact.detail}`,
  });
  // Whether it was carried out is in doubt until the node is back; then what should hold is ordered anew.
  if (!leg || isLost(turn.world, leg.nodeId)) return;
  switch (fact.order) {
    case 'play':
      if (fact.playbackId) playbackFinished(turn, leg.callId, fact.playbackId, false);
      return;
    case 'ring-agent':
      return legEnded(turn, leg.id, 'failed'); // instead of `leg-ended`: there is no such leg, or there will be none
    case 'answer': // mostly a caller who is just leaving; one who is not is let go by the pick-up timer
      return;
    case 'connect':
      if (fact.reason !== 'gone') hangUpLeg(turn, leg.id, 'connect failed');
      return;
    case 'join':
      if (fact.reason !== 'gone') joinFailed(turn, leg.callId);
      return;
    case 'hang-up': // its guard timer tries again
    case 'stop-playback':
    case 'wait-with-music':
    case 'stop-recording':
    case 'answer-transfer': // the phone waits, and then hears of its leg's end
      return;
    case 'record':
      return recordingRefused(turn, leg.callId);
    case 'dial-out':
      return legEnded(turn, leg.id, 'failed');
    default:
      fact.order satisfies never;
  }
}
