import { explainCall, type TeamOf, waitsOf } from '../../cdr/why/explain-call.ts';
import type { Explanation, WaitExplained } from '../../cdr/why/explanation.ts';
import { whoMayServe } from '../../cdr/why/may-serve.ts';
import type { Instant } from '../../events/instant.ts';
import type { Centre } from '../../runtime/centre.ts';
import type { CallWithTimeline, RecordsPort } from '../../runtime/people-port.ts';
import type { CentreSince } from './contract/why.ts';
import { fromStore } from './deadline.ts';

/** An explanation that says of each wait whether the centre is still what it was then. */
export type ExplanationNow = Omit<Explanation, 'waits'> & {
  readonly waits: readonly (Omit<WaitExplained, 'centre'> & { readonly centreSince: CentreSince })[];
};

/**
 * Explains a call from what is stored. Who may serve a queue is taken from the centre as it is defined now: of an old call, agents who
 * have left since are not counted. Where that may matter, the answer says so.
 */
export async function whyOf(
  centre: Centre,
  store: RecordsPort,
  { call, timeline }: CallWithTimeline,
  now: Instant,
  limitMs: number,
): Promise<ExplanationNow> {
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
  const explained = explainCall(call.callId, timeline, now, teamOf);
  const told = explained.waits.map(({ centre: then, ...wait }) => ({
    ...wait,
    centreSince: since(then, centre.fingerprint ?? null),
  }));
  return { ...explained, waits: told };
}

const since = (then: string | null, now: string | null): CentreSince =>
  then === null || now === null ? 'unknown' : then === now ? 'unchanged' : 'changed';
