import type { QueueId, VisitId } from '../events/ids.ts';
import { expectedWait, patienceOf } from '../queueing/expected-wait.ts';
import type { Turn } from './turn.ts';
import type { EndedWait, World } from './world.ts';

/**
 * How long a waiting caller will have to wait still, in ms, by the Erlang A model (queueing/expected-wait.ts): from the agents at work who
 * may serve this caller, the callers served before by some of them, how long this queue's newest calls have occupied an agent, and how
 * patient its callers were. Null where nothing is known: no conversation of this queue has ended yet, or nobody is at work for the caller.
 */
export function expectedWaitOf(turn: Turn, queue: QueueId, visitId: VisitId): number | null {
  const standing = turn.router.index.standing(visitId, turn.now);
  if (!standing) return null;
  return (
    expectedWait({
      ...standing,
      occupiedMs: occupiedMs(turn.world, queue),
      patienceMs: patienceMs(turn.world.waits.get(queue) ?? []),
    })?.meanMs ?? null
  );
}

/**
 * The same for whoever would join the queue now, without needs of their own: `agents` are at work for it, `free` of them without a call, and
 * `ahead` wait already.
 */
export function expectedWaitOfNext(
  world: World,
  queue: QueueId,
  { agents, free, ahead }: { agents: number; free: number; ahead: number },
): number | null {
  if (free > ahead) return 0;
  const patience = patienceMs(world.waits.get(queue) ?? []);
  return (
    expectedWait({ agents, ahead, occupiedMs: occupiedMs(world, queue), patienceMs: patience })?.meanMs ??
    null
  );
}

/** Ringing, talk, hold and wrap-up of a caller, on average; 0 when none is known. */
function occupiedMs({ handleTimes, ringTimes }: World, queue: QueueId): number {
  const handled = handleTimes.get(queue) ?? [];
  return handled.length === 0 ? 0 : mean(handled) + mean(ringTimes.get(queue) ?? []);
}

const mean = (times: readonly number[]): number =>
  times.length === 0 ? 0 : times.reduce((sum, ms) => sum + ms, 0) / times.length;

/** Fewer callers who gave up tell nothing of the others. */
const fewestThatTell = 5;

function patienceMs(waits: readonly EndedWait[]): number | null {
  const gaveUp = waits.filter((one) => one.gaveUp);
  if (gaveUp.length < fewestThatTell) return null;
  return patienceOf({
    abandoned: gaveUp.length,
    waitAbandonedMs: gaveUp.reduce((sum, { waitMs }) => sum + waitMs, 0),
    waitAnsweredMs: waits.reduce((sum, one) => sum + (one.gaveUp ? 0 : one.waitMs), 0),
  });
}
