import { explainCall, type TeamOf, waitsOf } from '../../cdr/why/explain-call.ts';
import type { Explanation } from '../../cdr/why/explanation.ts';
import { whoMayServe } from '../../cdr/why/may-serve.ts';
import type { Instant } from '../../events/instant.ts';
import type { Centre } from '../../runtime/centre.ts';
import type { CallWithTimeline, RecordsPort } from '../../runtime/people-port.ts';
import { fromStore } from './deadline.ts';

/**
 * Explains a call from what is stored. Who may serve a queue is taken from the centre as it is defined now: of an old call, agents who
 * have left since are not counted.
 */
export async function whyOf(
  centre: Centre,
  store: RecordsPort,
  { call, timeline }: CallWithTimeline,
  now: Instant,
  limitMs: number,
): Promise<Explanation> {
  const waits = waitsOf(timeline, now);
  const agents = [...centre.agents.keys()];
  const intervals =
    waits === null
      ? []
      : await fromStore(store.agentStates({ agents, from: waits.from, to: waits.to }), limitMs);
  const teamOf: TeamOf = (wanted) => {
    const serving = whoMayServe(centre, wanted);
    return intervals && serving && { agents: serving, intervals };
  };
  return explainCall(call.callId, timeline, now, teamOf);
}
