import type { QueueId, VisitId } from '../events/ids.ts';
import { after, elapsedMs, type Instant } from '../events/instant.ts';
import type { FlowAction } from '../ivr/interpreter.ts';
import { type Line, positionOf, waitsSince } from '../queueing/queue.ts';
import { leavesTo, stepOnJoining } from '../routing/serving-plan.ts';
import type { Call } from './call.ts';
import { callbacksIn } from './callback.ts';
import { hindranceOf, isClosed, type SentAway } from './overflow.ts';
import { ringGivenUp } from './ringing.ts';
import { servedAs } from './served-as.ts';
import type { Turn } from './turn.ts';

/** Puts a caller into a queue. @returns what they get instead if they cannot wait there: then the visit is to leave again at once */
export function queueUp(
  turn: Turn,
  call: Call,
  { to }: Extract<FlowAction, { kind: 'enqueue' }>,
): SentAway | null {
  const definition = turn.rules.centre.queues.get(to.queue);
  if (!definition || call.hotline === null)
    throw new Error(`flow ${call.flow?.id} queues into ${to.queue}, which is not there`);
  const before = turn.world.lines.get(to.queue) ?? [];
  // Who was promised a callback stands in line, too.
  const promised = callbacksIn(turn.world, to.queue);
  const away = sentAwayOnJoining(turn, to.queue);
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
    ...servedAs(turn, to.queue, call, to.skills),
    ...(to.whileWaiting && { announceAt: after(turn.now, to.whileWaiting.afterMs) }),
    because: `flow ${call.flow?.id}, ${call.node}`,
  });
  return away;
}

function sentAwayOnJoining(turn: Turn, queue: QueueId): SentAway | null {
  const definition = turn.rules.centre.queues.get(queue);
  if (!definition) return null;
  const { serving, maxWaiting } = definition;
  const waiting = turn.world.lines.get(queue)?.length ?? 0;
  if (isClosed(turn, queue)) return { why: 'closed', gets: { kind: serving.whenClosed } };
  if (waiting >= maxWaiting) return { why: 'queue-full', gets: { kind: serving.whenFull } };
  const to = leavesTo(serving.plan, stepOnJoining(serving.plan, waiting).step);
  // Where one cannot be sent on to, one waits here.
  if (to === null || (to.kind === 'queue' && hindranceOf(turn, to.queue) !== null)) return null;
  return { why: 'overflow', gets: to };
}

/** The overflow sends a caller on to another queue, where they keep their priority and their place in line: as if having come there first. */
export function queueOn(turn: Turn, call: Call, queue: QueueId): void {
  const { leftQueue } = call;
  if (!leftQueue) return;
  const { priority, placeSince = leftQueue.queuedAt, skills } = leftQueue;
  queueAnew(turn, call, queue, { priority, placeSince, skills, because: `overflow of ${leftQueue.queue}` });
}

/**
 * Puts a caller who has been with an agent into a queue. Of whoever has waited once the priority and the place in line are kept: those who
 * came later do not get ahead of somebody whom we send from one to the next. The wait is counted anew, as it is this queue's.
 */
export function queueUpAgain(turn: Turn, call: Call, queue: QueueId, because: string): void {
  const { priority = 0, placeSince = call.startedAt } = call.served ?? {};
  // What another queue asked for is not asked of this one.
  const skills = call.served?.queue === queue ? call.served.skills : [];
  queueAnew(turn, call, queue, { priority, placeSince, skills, because });
}

function queueAnew(
  turn: Turn,
  call: Call,
  queue: QueueId,
  as: { priority: number; placeSince: Instant; skills: readonly string[]; because: string },
): void {
  const definition = turn.rules.centre.queues.get(queue);
  if (!definition || call.hotline === null) return;
  const { priority, placeSince, skills, because } = as;
  const line = turn.world.lines.get(queue) ?? [];
  turn.emit({
    type: 'CallQueued',
    callId: call.id,
    legId: call.legId,
    visitId: turn.ids.next('visit') as VisitId,
    queue,
    hotline: call.hotline,
    priority,
    position: aheadOf(line, priority, placeSince) + 1,
    waitUntil: after(turn.now, definition.maxWaitMs),
    placeSince,
    ...(skills.length > 0 && { skills: [...skills] }),
    ...servedAs(turn, queue, call, skills),
    because,
  });
}

const aheadOf = (line: Line, priority: number, placeSince: Instant): number =>
  line.filter((one) => one.priority > priority || (one.priority === priority && one.queuedAt <= placeSince))
    .length;

/** Takes a waiting caller out of the queue unserved. @returns whether there was one to take out */
export function leaveUnserved(turn: Turn, call: Call, why: SentAway['why'] | 'caller-chose'): boolean {
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
