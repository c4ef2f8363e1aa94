import type { AgentId, VisitId } from '../events/ids.ts';
import { type Instant, toIso } from '../events/instant.ts';
import type { VisitOutcome } from '../events/vocabulary.ts';
import type { RecordedDay, RecordedVisit } from './recorded-day.ts';
import type { Scenario } from './scenario.ts';
import { simulate, type Watcher } from './simulate.ts';

/** How a visit went when it was served again, beside how it went. */
export type Difference = {
  readonly visit: VisitId;
  readonly queue: string;
  readonly queuedAt: string;
  readonly kind: DifferenceKind;
  /** Served again, less recorded. */
  readonly waitedLongerMs: number;
  readonly because: string;
};

export const differenceKinds = ['other outcome', 'other agent', 'waited longer', 'waited less'] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

export type ReplayExplained = {
  readonly visits: number;
  readonly same: number;
  readonly counts: Readonly<Record<DifferenceKind, number>>;
  /** By how much the wait changed, the largest change first. */
  readonly differences: readonly Difference[];
};

type Again = {
  outcome: VisitOutcome | null;
  waitMs: number;
  agent: AgentId | null;
  /** The router's reason. */
  because: string;
  /** What the agent of the records did when this one was chosen. */
  theirs: string;
  /** On joining, of those who were not rung for at once. */
  found: { ahead: number; atWork: number } | null;
};

/** Waits that differ by less are the same: Asterisk takes a moment, the simulator none. */
const sameWaitMs = 1_000;

/** Serves a recorded day again and tells of each visit that went another way, and why. */
export function explainReplay(day: RecordedDay, scenario: Scenario, seed: number): ReplayExplained {
  const recorded = new Map(day.visits.map((visit) => [visit.visitId, visit]));
  const again = servedAgain(scenario, seed, recorded);
  const queues = new Set(scenario.queues.map(({ plan }) => plan.queue));
  const visits = day.visits.filter(({ queue, outcome }) => queues.has(queue) && outcome !== null);
  const differences = visits.flatMap((visit) => {
    const now = again.get(visit.visitId);
    return now ? differenceOf(visit, now) : [];
  });
  const count = (kind: DifferenceKind) => differences.filter((one) => one.kind === kind).length;
  return {
    visits: visits.length,
    same: visits.length - differences.length,
    counts: {
      'other outcome': count('other outcome'),
      'other agent': count('other agent'),
      'waited longer': count('waited longer'),
      'waited less': count('waited less'),
    },
    differences: differences.sort(
      (a, b) =>
        Math.abs(b.waitedLongerMs) - Math.abs(a.waitedLongerMs) ||
        (a.queuedAt < b.queuedAt ? -1 : a.queuedAt > b.queuedAt ? 1 : a.visit < b.visit ? -1 : 1),
    ),
  };
}

function differenceOf(visit: RecordedVisit, again: Again): Difference[] {
  const waitedLongerMs = again.waitMs - (visit.waitMs ?? 0);
  const differ = (kind: DifferenceKind, because: string): Difference[] => {
    const { visitId, queue, queuedAt } = visit;
    return [{ visit: visitId, queue, queuedAt: toIso(queuedAt), kind, waitedLongerMs, because }];
  };
  const found = again.found
    ? `found ${again.found.ahead} waiting and ${again.found.atWork} agents at work`
    : 'rung for at once';
  const here = `${seconds(again.waitMs)} here, ${seconds(visit.waitMs ?? 0)} as recorded`;
  if (again.outcome !== visit.outcome)
    return differ(
      'other outcome',
      `${inWords(again.outcome, again.agent)} after ${seconds(again.waitMs)}, as recorded ` +
        `${inWords(visit.outcome, visit.agent)} after ${seconds(visit.waitMs ?? 0)}: ${again.because === '' ? found : `${found}; ${again.because}`}`,
    );
  if (visit.outcome === 'answered' && again.agent !== visit.agent)
    return differ(
      'other agent',
      `${again.agent} rather than ${visit.agent}: ${again.because}; ${again.theirs}; waited ${here}`,
    );
  if (Math.abs(waitedLongerMs) < sameWaitMs) return [];
  return differ(waitedLongerMs > 0 ? 'waited longer' : 'waited less', `${here}: ${found}`);
}

/** What became of each visit, by what may be watched. */
function servedAgain(
  scenario: Scenario,
  seed: number,
  recorded: ReadonlyMap<VisitId, RecordedVisit>,
): Map<VisitId, Again> {
  const visits = new Map<VisitId, Again>();
  const withCaller = new Map<AgentId, VisitId>();
  const shifts = new Map(scenario.agents.map(({ profile, shifts }) => [profile.id, shifts]));
  const of = (visit: VisitId): Again => {
    const known = visits.get(visit);
    if (known) return known;
    const fresh: Again = {
      outcome: null,
      waitMs: 0,
      agent: null,
      because: '',
      theirs: '',
      found: null,
    };
    visits.set(visit, fresh);
    return fresh;
  };
  const doing = (agent: AgentId | null, at: Instant): string => {
    if (agent === null) return '';
    const busyWith = withCaller.get(agent);
    if (busyWith !== undefined) return `${agent} is busy here with visit ${busyWith}`;
    const there = shifts.get(agent)?.some(({ from, to }) => from <= at && at < to) === true;
    return there ? `${agent} is free, too` : `${agent} is not at work here`;
  };
  const watcher: Watcher = {
    waits: (visit, { ahead, atWork }) => void Object.assign(of(visit), { found: { ahead, atWork } }),
    rung(visit, agents, because, at) {
      const their = recorded.get(visit)?.agent ?? null;
      Object.assign(of(visit), { because, theirs: their === null ? '' : doing(their, at) });
      for (const agent of agents) withCaller.set(agent, visit);
    },
    answered: (visit, _queue, waitMs, agent) =>
      void Object.assign(of(visit), { outcome: 'answered', waitMs, agent }),
    gaveUp: (visit, _queue, waitMs) =>
      void Object.assign(of(visit), { outcome: 'abandoned', waitMs, because: '' }),
    flowedOut: (visit, _queue, waitMs) =>
      void Object.assign(of(visit), { outcome: 'flow_out', waitMs, because: '' }),
    free: (agent) => void withCaller.delete(agent),
    occupied: () => undefined,
  };
  simulate(scenario, seed, watcher);
  return visits;
}

function inWords(outcome: VisitOutcome | null, agent: AgentId | null): string {
  switch (outcome) {
    case 'answered':
      return `answered by ${agent}`;
    case 'abandoned':
      return 'gave up';
    case 'flow_out':
      return 'let go';
    case null:
      return 'still waiting';
    default:
      return outcome satisfies never;
  }
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** The explanation as text, with the `most` largest differences. */
export function replayAsText({ visits, same, counts, differences }: ReplayExplained, most: number): string {
  const sum = differenceKinds.map((kind) => `${counts[kind]} ${kind}`).join(', ');
  const listed = differences
    .slice(0, most)
    .map(
      ({ queuedAt, queue, visit, kind, because }) => `  ${queuedAt}  ${queue}  ${visit}  ${kind}: ${because}`,
    );
  return [
    `Served again, ${same} of ${visits} visits went as recorded (same outcome, same agent, same wait to a second); ${sum}.`,
    ...(listed.length > 0 ? [`The ${listed.length} whose wait changed most:`, ...listed] : []),
    '',
  ].join('\n');
}
