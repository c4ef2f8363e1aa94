import type { Command, CommandResult } from '../agents/commands.ts';
import { after, earlier, elapsedMs } from '../events/instant.ts';
import type { Turn } from './turn.ts';

/** What leads and agents may ask of how a queue is served. */

/** Lets the queue's reserve be rung for whoever waits there, or no longer (KPI-05). Who is rung or talks already goes on. */
export function callInReserve(
  turn: Turn,
  { queue, on, by }: Extract<Command, { kind: 'call-in-reserve' }>,
): CommandResult {
  if (!turn.rules.centre.queues.has(queue))
    return { ok: false, code: 'unknown-queue', message: `there is no queue ${queue}` };
  if (turn.world.reserves.has(queue) !== on) turn.emit({ type: 'ReserveCalledIn', queue, on, by });
  return { ok: true };
}

/** More time for the wrap-up that the agent is in, as far as the queue allows (`longestWrapUpSeconds`). */
export function extendWrapUp(
  turn: Turn,
  { agent: id, byMs, by }: Extract<Command, { kind: 'extend-wrap-up' }>,
): CommandResult {
  if (!turn.rules.centre.agents.has(id))
    return { ok: false, code: 'unknown-agent', message: `there is no agent ${id}` };
  const work = turn.world.agents.get(id)?.work;
  if (work?.kind !== 'wrapping-up')
    return { ok: false, code: 'not-now', message: `agent ${id} is not wrapping up` };
  const queue = work.queue === null ? undefined : turn.rules.centre.queues.get(work.queue);
  const longestMs = queue?.serving.longestWrapUpMs ?? null;
  const latest = longestMs === null ? work.until : after(work.since, longestMs);
  if (latest <= work.until)
    return {
      ok: false,
      code: 'not-allowed',
      message:
        work.queue === null
          ? 'the wrap-up of a call that an agent made is not made longer'
          : longestMs === null
            ? `queue ${work.queue} lets nobody make a wrap-up longer`
            : `a wrap-up of queue ${work.queue} lasts ${longestMs / 1_000} s at most, and does already`,
    };
  const until = earlier(latest, after(work.until, Math.max(0, byMs)));
  const seconds = Math.round(elapsedMs(work.until, until) / 1_000);
  turn.changeAgent(
    id,
    { work: { ...work, until } },
    `wrap-up made ${seconds} s longer by ${by === id ? 'the agent' : by}`,
  );
  return { ok: true };
}
