import type { LegId, PlaybackId, PromptId } from '../events/ids.ts';
import type { CallOutcome } from '../events/vocabulary.ts';
import { languageOf } from '../ivr/context.ts';
import type { Call } from './call.ts';
import { contextOf } from './flow-context.ts';
import type { Turn } from './turn.ts';

/** Ends a call politely: plays what there is to say, then hangs up. */
export function closeWith(
  turn: Turn,
  call: Call,
  how: { prompts: readonly PromptId[]; outcome: CallOutcome; because: string },
): void {
  const { outcome, because } = how;
  turn.emit({ type: 'CallClosing', callId: call.id, outcome, because });
  if (how.prompts.length > 0) play(turn, call, how.prompts);
  else hangUpLeg(turn, call.legId, because);
}

/** Who hears what is played: the caller; the agent, while a customer is being called back. */
export const hearerOf = ({ stage, legId }: Call): LegId =>
  stage.kind === 'calling' && stage.agent !== null ? stage.agent.legId : legId;

/** Starts prompts to the caller; what was playing is cut short. */
export function play(turn: Turn, call: Call, prompts: readonly PromptId[]): void {
  cutPromptShort(turn, call);
  turn.emit({
    type: 'PromptStarted',
    callId: call.id,
    legId: hearerOf(turn.world.calls.get(call.id) ?? call),
    playbackId: turn.ids.next('playback') as PlaybackId,
    prompts: [...prompts],
    language: languageNow(turn, call),
  });
}

export function cutPromptShort(
  turn: Turn,
  call: Call,
  result: 'interrupted' | 'caller-left' = 'interrupted',
): void {
  const playbackId = turn.world.calls.get(call.id)?.playback ?? null;
  if (playbackId === null) return;
  turn.emit({
    type: 'PromptFinished',
    callId: call.id,
    legId: hearerOf(turn.world.calls.get(call.id) ?? call),
    playbackId,
    result,
    listenUntil: null,
  });
}

/** Asks for a leg's end once; the guard timer repeats it when Asterisk stays silent. */
export function hangUpLeg(turn: Turn, legId: LegId, because: string, how: { elsewhere?: true } = {}): void {
  const leg = turn.world.legs.get(legId);
  if (!leg || leg.hangUpAttempts > 0) return;
  turn.emit({ type: 'LegHangUpRequested', callId: leg.callId, legId, because, ...how });
}

const languageNow = (turn: Turn, call: Call) =>
  languageOf(contextOf(turn, turn.world.calls.get(call.id) ?? call));
