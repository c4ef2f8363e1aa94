import type { CallId } from '../events/ids.ts';
import { after } from '../events/instant.ts';
import { languageOf } from '../ivr/context.ts';
import { speakExpectedWait, speakPlace } from '../ivr/speak/waiting.ts';
import { speakAll } from '../ivr/speak.ts';
import { positionOf } from '../queueing/queue.ts';
import { play } from './closing.ts';
import { expectedWaitOf } from './expected-wait.ts';
import { contextOf, flowOf } from './flow-context.ts';
import { limitsMs, timerId } from './timers.ts';
import type { Turn } from './turn.ts';

/** Tells a waiting caller how it stands, as the flow wants it. */
export function announceWait(turn: Turn, callId: CallId): void {
  const call = turn.world.calls.get(callId);
  if (call?.stage.kind !== 'waiting' || call.node === null) return;
  const node = flowOf(turn, call)?.nodes.get(call.node);
  if (node?.kind !== 'enqueue' || !node.whileWaiting) return;
  if (call.playback !== null || call.stage.ring) {
    // Something is being said, or an agent is about to answer.
    turn.world.timers.set(timerId('wait-announcement', callId), after(turn.now, limitsMs.announcementRest));
    return;
  }
  const { visitId, queue } = call.stage;
  const { everyMs, prompts, ...tells } = node.whileWaiting;
  const position = positionOf(turn.world.lines.get(queue) ?? [], visitId);
  const expectedWaitMs = tells.expectedWait ? expectedWaitOf(turn, queue, visitId) : null;
  turn.emit({
    type: 'WaitAnnounced',
    callId,
    visitId,
    queue,
    position,
    expectedWaitMs,
    nextAt: after(turn.now, everyMs),
  });
  const context = contextOf(turn, call);
  const language = languageOf(context);
  const words = [
    ...(tells.position ? speakPlace(position, language) : []),
    ...(expectedWaitMs === null ? [] : speakExpectedWait(expectedWaitMs, language)),
    ...speakAll(prompts, context.values, language, context).prompts,
  ];
  if (words.length > 0) play(turn, call, words);
}
