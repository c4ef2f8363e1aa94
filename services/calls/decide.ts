import type { CommandResult } from '../agents/commands.ts';
import { phonesChanged } from './agent-requests.ts';
import { arrive, pickedUp } from './arrive.ts';
import { carryOutCommand } from './commands.ts';
import { agentHeld, agentResumed } from './conversation.ts';
import { keyPressed, lookupEnded, playbackFinished } from './in-flow.ts';
import type { Input } from './input.ts';
import { legEnded, takenToFallback } from './leg-ended.ts';
import { endAsTheyDid, nodeDown, nodeUp, notBeforeKnown } from './node.ts';
import { orderFailed } from './order-failed.ts';
import { outgoingAnswered } from './outgoing.ts';
import { tellWhoIsLetGo } from './overflow.ts';
import { offerWaitingCalls, ringAnswered, ringStarted } from './ringing.ts';
import type { TelephonyFact } from './telephony.ts';
import { timerDue } from './timer-due.ts';
import { transferAnswered } from './transfer.ts';
import { transferKeyPressed } from './transfer-key.ts';
import type { Turn } from './turn.ts';
import { recordingFinished } from './voicemail.ts';

/**
 * Handles one input: emits what follows from it, then offers waiting callers to agents who became free. Facts about
 * legs or calls we no longer know are late, not wrong: they change nothing.
 */
export function decide(turn: Turn, input: Input): CommandResult {
  let result: CommandResult = { ok: true };
  switch (input.kind) {
    case 'fact':
      decideFact(turn, input.fact);
      break;
    case 'command':
      result = carryOutCommand(turn, input.command);
      break;
    case 'lookup-ended':
      lookupEnded(turn, input);
      break;
    case 'timer':
      timerDue(turn, input.timer);
      break;
    default:
      input satisfies never;
  }
  tellWhoIsLetGo(turn);
  offerWaitingCalls(turn);
  return result;
}

function decideFact(turn: Turn, fact: TelephonyFact): void {
  switch (fact.kind) {
    case 'arrived':
      return turn.asOf(fact.at ?? turn.now, (then) => arrive(then, fact));
    case 'leg-answered': {
      const leg = turn.world.legs.get(fact.legId);
      if (leg && outgoingAnswered(turn, leg)) return;
      if (leg?.role === 'caller') pickedUp(turn, leg.callId);
      if (leg?.role === 'agent') ringAnswered(turn, leg);
      if (leg?.role === 'outside') transferAnswered(turn, leg);
      return;
    }
    case 'leg-ringing': {
      const leg = turn.world.legs.get(fact.legId);
      if (leg?.role === 'agent') ringStarted(turn, leg);
      return;
    }
    case 'leg-ended':
      return turn.asOf(notBeforeKnown(turn, fact.legId, fact.at ?? turn.now), (then) =>
        legEnded(then, fact.legId, fact.reason),
      );
    case 'digit': {
      const leg = turn.world.legs.get(fact.legId);
      if (leg?.role === 'caller') keyPressed(turn, leg.callId, fact.digit);
      return;
    }
    case 'playback-finished': {
      const leg = turn.world.legs.get(fact.legId);
      if (leg) playbackFinished(turn, leg.callId, fact.playbackId, fact.ok);
      return;
    }
    case 'leg-held':
      return agentHeld(turn, fact.legId);
    case 'leg-resumed':
      return agentResumed(turn, fact.legId);
    case 'transfer-asked':
      return transferKeyPressed(turn, fact);
    case 'recording-finished':
      return recordingFinished(turn, fact);
    case 'order-failed':
      return orderFailed(turn, fact);
    case 'node-up':
      return nodeUp(turn, fact);
    case 'taken-to-fallback':
      return turn.asOf(notBeforeKnown(turn, fact.legId, fact.at ?? turn.now), (then) =>
        takenToFallback(then, fact.legId),
      );
    case 'missed':
      return endAsTheyDid(turn, fact.fates);
    case 'node-down':
      return nodeDown(turn, fact.nodeId, fact.because, fact.silentMs ?? 0);
    case 'phones':
      return phonesChanged(turn, fact.agent, fact.devices);
    default:
      fact satisfies never;
  }
}
