import type { QueueId, VisitId } from '../events/ids.ts';
import { after, elapsedMs } from '../events/instant.ts';
import type { FlowOutReason } from '../events/vocabulary.ts';
import type { FlowAction } from '../ivr/interpreter.ts';
import { positionOf, waitsSince } from '../queueing/queue.ts';
import type { Call } from './call.ts';
import { callbacksIn } from './callback.ts';
import { ringGivenUp } from './ringing.ts';
import type { Turn } from './turn.ts';

/** Puts a caller into a queue. @returns whether there is room; if not, the visit is to leave again at once. */
export function queueUp(turn: Turn, call: Call, { to }: Extract<FlowAction, { kind: 'enqueue' }>): boolean {
  const definition = turn.rules.centre.queues.get(to.queue);
  if (!definition || call.hotline === null)
    throw new Error(`flow ${call.flow?.id} queues into ${to.queue}, which is not there`);
  const before = turn.world.lines.get(to.queue) ?? [];
  // Who was promised a callback stands in line, too.
  const promised = callbacksIn(turn.world, to.queue);
  const ahead = [...before, ...promised].filter((v) => v.priority >= to.priority).length;
  turn.emit({
    type: 'CallQueued',
    callId: call.id,
    legId: call.legId,
    visitId: turn.ids.next('visit') as VisitId,
    queue: to.queue,
    hotline: call.hotline,
    priority: to.priority,
    position: ahead + 1,
    waitUntil: after(turn.now, definition.maxWaitMs),
    ...(to.skills.length > 0 && { skills: [...to.skills] }),
    ...(to.whileWaiting && { announceAt: after(turn.now, to.whileWaiting.afterMs) }),
    because: `flow ${call.flow?.id}, ${call.node}`,
  });
  return before.length < definition.maxWaiting;
}

/**
 * Puts a caller who has been with an agent into a queue. Of whoever has waited once the priority and the place in line are kept: those who
 * came later do not get ahead of somebody whom we send from one to the next. The wait is counted anew, as it is this queue's.
 */
export function queueUpAgain(turn: Turn, call: Call, queue: QueueId, because: string): void {
  const definition = turn.rules.centre.queues.get(queue);
  if (!definition || call.hotline === null) return;
  const priority = call.served?.priority ?? 0;
  const placeSince = call.served?.placeSince ?? call.startedAt;
  const line = turn.world.lines.get(queue) ?? [];
  const ahead = line.filter(
    (one) => one.priority > priority || (one.priority === priority && one.queuedAt <= placeSince),
  ).length;
  turn.emit({
    type: 'CallQueued',
    callId: call.id,
    legId: call.legId,
    visitId: turn.ids.next('visit') as VisitId,
    queue,
    hotline: call.hotline,
    priority,
    position: ahead + 1,
    waitUntil: after(turn.now, definition.maxWaitMs),
    placeSince,
    // What another queue asked for is not asked of this one.
    ...(call.served?.queue === queue && call.served.skills.length > 0 && { skills: [...call.served.skills] }),
    because,
  });
}

/** Takes a waiting caller out of the queue unserved. @returns whether there was one to take out */
export function leaveUnserved(
  turn: Turn,
  call: Call,
  why: Extract<FlowOutReason, 'max-wait' | 'queue-full' | 'caller-chose'>,
): boolean {
  if (call.stage.kind !== 'waiting' || call.hotline === null) return false;
  ringGivenUp(turn, call);
  const { visitId, queue } = call.stage;
  const line = turn.world.lines.get(queue) ?? [];
  const visit = line[positionOf(line, visitId) - 1];
  if (!visit) return false;
  turn.emit({
    type: 'VisitEnded',
    callId: call.id,
    visitId,
    queue,
    hotline: call.hotline,
    outcome: 'flow_out',
    flowOutReason: why,
    queuedAt: waitsSince(visit),
    waitMs: elapsedMs(waitsSince(visit), turn.now),
    agent: null,
    priority: visit.priority,
    ...(visit.callback !== undefined && { callback: visit.callback }),
  });
  return true;
}
