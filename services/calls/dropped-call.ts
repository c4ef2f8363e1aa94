import type { TaskId } from '../events/ids.ts';
import type { LegEndReason } from '../events/vocabulary.ts';
import type { Call } from './call.ts';
import type { Turn } from './turn.ts';

/**
 * A conversation broke off: the caller did not hang up, the line was lost. Somebody is to call back, at best the agent who knows
 * what it was about (CLS-05); it is given to that agent when it is stored.
 */
export function droppedCall(turn: Turn, call: Call, reason: LegEndReason): void {
  if (call.stage.kind !== 'talking' || (reason !== 'media-lost' && reason !== 'failed')) return;
  const { agent, queue } = call.stage;
  turn.emit({
    type: 'TaskOpened',
    taskId: turn.ids.next('task') as TaskId,
    kind: 'dropped-call',
    callId: call.id,
    hotline: call.hotline,
    queue,
    agent,
    number: call.callerNumber,
    because: reason === 'media-lost' ? "the caller's line went dead" : "the caller's line was lost",
  });
}
