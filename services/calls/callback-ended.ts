import type { Command, CommandResult } from '../agents/commands.ts';
import type { TaskId } from '../events/ids.ts';
import { after, type Instant } from '../events/instant.ts';
import type { CallbackEnded, CallbackResult } from '../events/outbound.ts';
import type { LegEndReason } from '../events/vocabulary.ts';
import type { Call } from './call.ts';
import { callbacksTo } from './callback.ts';
import { hangUpLeg } from './closing.ts';
import { ringGivenUp } from './ringing.ts';
import type { Turn } from './turn.ts';
import type { Callback } from './world.ts';

/** The customer is with an agent: what was promised is done. */
export function callbackServed(turn: Turn, call: Call): void {
  const callback = callbackOf(turn, call);
  if (!callback) return;
  endAttempt(turn, callback, call, 'served', callback.attempts + 1, null);
  end(turn, callback, 'served', 'the customer is with an agent', null);
}

/** The call that was made for a callback is over without an agent having spoken with the customer. */
export function callbackCallOver(turn: Turn, call: Call, reason: LegEndReason): void {
  const { stage } = call;
  // Rung for, or waiting after the answer: the customer was there.
  if (stage.kind !== 'calling')
    return attemptEnded(turn, call, reason === 'failed' ? 'failed' : 'customer-left');
  const lost = stage.agent !== null && !isThere(turn, stage.agent.legId);
  attemptEnded(turn, call, lost ? 'agent-lost' : resultOf(reason));
}

const isThere = ({ world }: Turn, legId: NonNullable<Call['legId']>): boolean =>
  world.legs.get(legId)?.hangUpAttempts === 0;

/**
 * Again later, at the same place in line; after the last attempt that counts a person is to see to it. One for which the agent was
 * not there costs the customer nothing.
 */
export function attemptEnded(turn: Turn, call: Call, result: CallbackResult): void {
  const callback = callbackOf(turn, call);
  const rules = callback && turn.rules.centre.queues.get(callback.queue)?.callbacks;
  if (!callback || callback.call !== call.id) return;
  const counts = result !== 'agent-missed' && result !== 'agent-lost';
  const attempts = callback.attempts + (counts ? 1 : 0);
  const givenUp = attempts >= (rules?.attempts ?? 1);
  const nextAt = givenUp ? null : counts ? after(turn.now, rules?.everyMs ?? 0) : turn.now;
  endAttempt(turn, callback, call, result, attempts, nextAt);
  if (!givenUp) return;
  turn.emit({
    type: 'TaskOpened',
    taskId: turn.ids.next('task') as TaskId,
    kind: 'callback-failed',
    callId: callback.requestedBy,
    hotline: callback.hotline,
    queue: callback.queue,
    agent: null,
    number: callback.number,
    because: `called back ${attempts} times in vain: ${result}`,
  });
  end(turn, callback, 'given-up', `called back ${attempts} times in vain`, null);
}

/** A callback that was not needed in the end, or is not wanted any more; one that is being made is broken off. */
export function cancelCallback(turn: Turn, callback: Callback, because: string, by: string | null): void {
  const call = callback.call === null ? undefined : turn.world.calls.get(callback.call);
  if (call) endAttempt(turn, callback, call, 'cancelled', callback.attempts, null);
  end(turn, callback, 'cancelled', because, by);
  if (!call || call.callerGone) return;
  if (turn.world.legs.has(call.legId)) return hangUpLeg(turn, call.legId, because);
  ringGivenUp(turn, call);
  endWithoutCustomer(turn, call);
}

/** A lead says that nobody is to call back. */
export function takeBackCallback(
  turn: Turn,
  { callbackId, by }: Extract<Command, { kind: 'cancel-callback' }>,
): CommandResult {
  const callback = turn.world.callbacks.get(callbackId);
  if (!callback)
    return { ok: false, code: 'unknown-callback', message: `there is no open callback ${callbackId}` };
  cancelCallback(turn, callback, `taken back by ${by}`, by);
  return { ok: true };
}

/** Whoever was promised a callback has called in again and been served: nobody needs to call back. */
export function callbackNotNeeded(turn: Turn, call: Call): void {
  if (call.hotline === null || call.callerNumber === '' || call.callback !== null) return;
  for (const callback of callbacksTo(turn, call.hotline, call.callerNumber))
    cancelCallback(turn, callback, 'called in again and was served', null);
}

/** The call is over before the customer was called. */
export function endWithoutCustomer(turn: Turn, call: Call): void {
  turn.emit({
    type: 'CallEnded',
    callId: call.id,
    hotline: call.hotline,
    outcome: 'failed',
    releaseParty: 'system',
    startedAt: call.startedAt,
    source: 'callback',
  });
}

const callbackOf = ({ world }: Turn, { callback }: Call): Callback | undefined =>
  callback === null ? undefined : world.callbacks.get(callback);

function endAttempt(
  turn: Turn,
  { id, queue }: Callback,
  call: Call,
  result: CallbackResult,
  attempts: number,
  nextAt: Instant | null,
): void {
  turn.emit({
    type: 'CallbackAttemptEnded',
    callId: call.id,
    callbackId: id,
    queue,
    result,
    attempts,
    nextAt,
  });
}

function end(
  turn: Turn,
  { id, requestedBy, hotline, queue, number }: Callback,
  result: CallbackEnded['result'],
  because: string,
  by: string | null,
): void {
  turn.emit({
    type: 'CallbackEnded',
    callId: requestedBy,
    callbackId: id,
    hotline,
    queue,
    number,
    result,
    by,
    because,
  });
}

function resultOf(reason: LegEndReason): CallbackResult {
  switch (reason) {
    case 'no-answer':
    case 'cancelled':
      return 'no-answer';
    case 'busy':
    case 'declined':
      return 'busy';
    case 'unreachable':
      return 'unreachable';
    case 'normal':
      return 'customer-left';
    case 'media-lost':
    case 'failed':
      return 'failed';
    default:
      return reason satisfies never;
  }
}
