import type { CallId, QueueId, VisitId } from '../events/ids.ts';
import { after, elapsedMs } from '../events/instant.ts';
import type { FlowOutReason } from '../events/vocabulary.ts';
import { positionOf, type Waiting, waitsSince } from '../queueing/queue.ts';
import { type FlowOutTarget, leavesTo, nextStepAt, stepAfter } from '../routing/serving-plan.ts';
import type { Call } from './call.ts';
import { flowOf } from './flow-context.ts';
import { flowOut } from './in-flow.ts';
import { limitsMs, timerId } from './timers.ts';
import type { Turn } from './turn.ts';

/** Why a queue sends a caller away, and what the caller gets instead. */
export type SentAway = {
  readonly why: Extract<FlowOutReason, 'max-wait' | 'queue-full' | 'closed' | 'overflow'>;
  readonly gets: FlowOutTarget | { readonly kind: 'exit' };
};

/** A visit's overflow comes to its next step: more agents may serve it, or it leaves the queue. */
export function overflowDue(turn: Turn, visitId: VisitId): void {
  const found = waitingOf(turn, visitId);
  const plan = found && turn.rules.centre.queues.get(found.visit.queue)?.serving.plan;
  if (!found || !plan) return;
  const { call, visit, ringing } = found;
  const { queue } = visit;
  const since = waitsSince(visit);
  const before = visit.step?.step ?? 0;
  const again = (ms: number): void => {
    turn.world.timers.set(timerId('overflow-step', visitId), after(turn.now, ms));
  };
  const reached = stepAfter(plan, before, elapsedMs(since, turn.now));
  if (!reached) {
    // The clock was set back, or the centre's definition has changed.
    const nextAt = nextStepAt(plan, before, since);
    if (nextAt !== null) again(Math.max(limitsMs.ringGrace, nextAt - turn.now));
    return;
  }
  const to = leavesTo(plan, reached.step);
  // A caller whose turn has come at this very moment is not sent away.
  if (to && ringing) return again(limitsMs.ringGrace);
  const hindrance =
    to === null ? null : to.kind === 'queue' ? hindranceOf(turn, to.queue) : noFlow(turn, call);
  turn.emit({
    type: 'VisitStepReached',
    callId: call.id,
    visitId,
    queue,
    step: reached.step,
    nextStepAt: nextStepAt(plan, reached.step, since),
    because: [reached.because, ...(to ? [hindrance ?? `on to ${nameOf(to)}`] : [])].join('; '),
  });
  if (to && hindrance === null) flowOut(turn, call.id, { why: 'overflow', gets: to });
}

/** A customer whom we called back is in no flow that could offer anything else: sent away they would be hung up on. */
const noFlow = (turn: Turn, call: Call): string | null =>
  flowOf(turn, call) === null ? 'who was called back waits on' : null;

/** A visit has waited long enough for the agent who helped this caller last. */
export function lastAgentDue(turn: Turn, visitId: VisitId): void {
  const found = waitingOf(turn, visitId);
  const agent = turn.router.index.waitsFor(visitId);
  if (!found || agent === null) return;
  turn.emit({
    type: 'LastAgentWaitEnded',
    callId: found.call.id,
    visitId,
    queue: found.visit.queue,
    agent,
    because: `waited ${Math.round(elapsedMs(waitsSince(found.visit), turn.now) / 1_000)} s for ${agent}, who last helped this caller`,
  });
}

/** Whoever helped last has gone, or cannot serve the visit any more: it waits for others too. Told, so that a restart knows. */
export function tellWhoIsLetGo(turn: Turn): void {
  for (const { visitId, agent } of turn.router.takeLetGo()) {
    const found = waitingOf(turn, visitId);
    if (!found) continue;
    const because = `${agent}, who last helped this caller, cannot take the call`;
    const { queue } = found.visit;
    turn.emit({ type: 'LastAgentWaitEnded', callId: found.call.id, visitId, queue, agent, because });
  }
}

/** Why nobody can be sent on to a queue now; null when they can. */
export function hindranceOf(turn: Turn, queue: QueueId): string | null {
  const definition = turn.rules.centre.queues.get(queue);
  if (!definition) return `there is no queue ${queue}`;
  if (isClosed(turn, queue)) return `${queue} is closed`;
  const waiting = turn.world.lines.get(queue)?.length ?? 0;
  return waiting >= definition.maxWaiting ? `${queue} is full` : null;
}

export function isClosed(turn: Turn, queue: QueueId): boolean {
  const hours = turn.rules.centre.queues.get(queue)?.serving.hours ?? null;
  return hours !== null && !turn.rules.calendar(turn.now).inHours(hours);
}

const nameOf = (to: FlowOutTarget): string => (to.kind === 'queue' ? to.queue : to.kind);

function waitingOf(turn: Turn, visitId: VisitId): { call: Call; visit: Waiting; ringing: boolean } | null {
  for (const line of turn.world.lines.values()) {
    const visit = line[positionOf(line, visitId) - 1];
    const call = visit && turn.world.calls.get(visit.callId as CallId);
    if (visit && call?.stage.kind === 'waiting' && call.stage.visitId === visitId)
      return { call, visit, ringing: call.stage.ring !== null };
  }
  return null;
}
