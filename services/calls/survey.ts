import type { TaskId } from '../events/ids.ts';
import type { FlowAction } from '../ivr/interpreter.ts';
import type { Call } from './call.ts';
import type { Turn } from './turn.ts';

/** The caller's score of the contact; one that is too low is for a person to follow up. */
export function surveyAnswered(
  turn: Turn,
  call: Call,
  { score, dissatisfied }: Extract<FlowAction, { kind: 'survey-answered' }>,
): void {
  const about = { hotline: call.hotline, queue: call.lastQueue, agent: call.lastAgent };
  turn.emit({ type: 'SurveyAnswered', callId: call.id, ...about, score });
  if (!dissatisfied) return;
  turn.emit({
    type: 'TaskOpened',
    taskId: turn.ids.next('task') as TaskId,
    kind: 'dissatisfied',
    callId: call.id,
    ...about,
    number: call.callerNumber,
    because: `score ${score}`,
  });
}
