import type { CallbackId, HotlineId, QueueId } from '../events/ids.ts';
import type { FlowAction } from '../ivr/interpreter.ts';
import type { Call } from './call.ts';
import { mayCall, refuseNumber } from './outside-number.ts';
import type { Turn } from './turn.ts';
import type { Callback, World } from './world.ts';

/**
 * Promises to call back. Whoever was waiting keeps the place in line; whoever is promised a callback there already keeps that one.
 * @returns whether it could be promised; if not, the flow goes on at `onFailure`
 */
export function promiseCallback(
  turn: Turn,
  call: Call,
  { node, number }: Extract<FlowAction, { kind: 'offer-callback' }>,
): boolean {
  const rules = turn.rules.centre.queues.get(node.queue)?.callbacks;
  if (!rules || call.hotline === null) return false;
  if (!mayCall(turn, number)) {
    refuseNumber(turn, call, number);
    return false;
  }
  const before = openCallback(turn, node.queue, number);
  if (!before && callbacksIn(turn.world, node.queue).length >= rules.most) return false;
  const left = call.leftQueue?.queue === node.queue ? call.leftQueue : null;
  const skills = before?.skills ?? left?.skills ?? [];
  turn.emit({
    type: 'CallbackRequested',
    callId: call.id,
    callbackId: before?.id ?? (turn.ids.next('callback') as CallbackId),
    hotline: call.hotline,
    queue: node.queue,
    number,
    priority: before?.priority ?? left?.priority ?? node.priority,
    ...(skills.length > 0 && { skills: [...skills] }),
    queuedAt: before?.queuedAt ?? left?.queuedAt ?? turn.now,
    visitId: left?.visitId ?? null,
  });
  return true;
}

const openCallback = ({ world }: Turn, queue: QueueId, number: string): Callback | undefined =>
  [...world.callbacks.values()].find((one) => one.queue === queue && one.number === number);

/** Callbacks promised in a queue that are not being made. */
export const callbacksIn = (world: World, queue: QueueId): Callback[] =>
  [...world.callbacks.values()].filter((one) => one.queue === queue && one.call === null);

/** Callbacks promised to this number by this hotline. */
export const callbacksTo = ({ world }: Turn, hotline: HotlineId, number: string): Callback[] =>
  [...world.callbacks.values()].filter((one) => one.hotline === hotline && one.number === number);
