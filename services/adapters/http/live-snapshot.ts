import { type AgentStateName, agentStates } from '../../events/vocabulary.ts';
import { type KpiCounts, noCounts } from '../../kpi/counts.ts';
import { commonThresholds, kpisOf } from '../../kpi/kpis-of.ts';
import type { Application } from '../../runtime/application.ts';
import type { Centre } from '../../runtime/centre.ts';
import type { LiveAgent, LiveView } from '../../runtime/live-view.ts';
import type { LiveSnapshot } from './contract/live.ts';
import { maskDialled, maskNumber, maskNumbersIn } from './mask-number.ts';

export type NumberView = LiveSnapshot['numbers'];

/** What the board shows: the live view with KPIs, sums over all queues, and numbers masked unless `whole`. */
export function liveSnapshot(application: Application, numbers: NumberView): LiveSnapshot {
  const view = application.live();
  return {
    at: view.at,
    seq: view.seq,
    today: view.today,
    numbers,
    parts: application.health(),
    books: booksOf(application),
    nodes: view.nodes,
    hotlines: view.hotlines,
    queues: view.queues.map((queue) => ({ ...queue, kpis: kpisOf(queue.countsToday, queue) })),
    overall: overallOf(view),
    agents: view.agents,
    switches: view.switches,
    calls: numbers === 'whole' ? view.calls : maskedCalls(view, ownNumbers(application.centre)),
  };
}

function booksOf(application: Application): LiveSnapshot['books'] {
  const { unexplainedCalls, kpi } = application.books();
  return { unexplainedCalls, kpiDifferences: kpi?.differences.length ?? 0 };
}

/** The numbers of the centre's own hotlines: everyone knows them, so they are never masked. */
export function ownNumbers(centre: Centre): ReadonlySet<string> {
  return new Set([...centre.hotlines.values()].flatMap((hotline) => hotline.numbers));
}

/** Adds counts up, for totals over intervals or queues. */
export function sumCounts(all: readonly KpiCounts[]): KpiCounts {
  const sum = noCounts();
  for (const counts of all) {
    for (const key of Object.keys(sum) as (keyof KpiCounts)[]) sum[key] += counts[key];
  }
  return sum;
}

function overallOf(view: LiveView): LiveSnapshot['overall'] {
  const countsToday = sumCounts(view.queues.map((queue) => queue.countsToday));
  return {
    waiting: view.queues.reduce((sum, queue) => sum + queue.waiting, 0),
    longestWaitMs: Math.max(0, ...view.queues.map((queue) => queue.longestWaitMs)),
    agents: countByState(view.agents),
    countsToday,
    kpis: kpisOf(countsToday, commonThresholds(view.queues)),
  };
}

function countByState(agents: readonly LiveAgent[]): Record<AgentStateName, number> {
  const counts = Object.fromEntries(agentStates.map((state) => [state, 0])) as Record<AgentStateName, number>;
  for (const { state } of agents) counts[state] += 1;
  return counts;
}

function maskedCalls(view: LiveView, own: ReadonlySet<string>): LiveSnapshot['calls'] {
  return view.calls.map((call) => ({
    ...call,
    callerNumber: maskNumber(call.callerNumber),
    dialledNumber: maskDialled(call.dialledNumber, own),
    // With what agents wrote as the reason: the caller's number may stand in it.
    consult: call.consult && maskNumbersIn(call.consult, call.callerNumber, own),
    passing: call.passing && maskNumbersIn(call.passing, call.callerNumber, own),
  }));
}
