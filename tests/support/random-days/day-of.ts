import { join } from 'node:path';
import type { Centre } from '../../../services/calls/centre.ts';
import type { HotlineEvent } from '../../../services/events/events.ts';
import { loadLookups } from '../../../services/runtime/lookups-file.ts';
import { everyKindFlows, smallFlows } from '../read-flows.ts';
import { demoCentre, demoFlows } from '../simulated-hotline.ts';
import { type Deed, inWords } from './deeds.ts';
import { liveThrough, type Outcome, type Setting } from './live-through.ts';
import { randomDeeds } from './random-deeds.ts';
import { shrink } from './shrink.ts';

const lookups = loadLookups(join(import.meta.dirname, '../../../dialplans/lookups.yaml'));
/** Numbers that callers have, and that transfers and callbacks go to. */
const outside = ['13800138001', '13800138002', '13800138003', '02188880110'];

export type RandomDayResult = {
  readonly deeds: readonly Deed[];
  readonly outcome: Outcome;
  /** Null when all went well; else the shrunk story, to be printed. */
  readonly story: string | null;
};

/**
 * A day as the seed has it. Two of three are days of self service, by callers who press all there is to press: a flow with nodes of
 * every kind, and the hotlines' own.
 */
export function liveThroughRandomDay(
  seed: number,
  lastsMs: number,
  { alsoHolds, shrinkForMs = 240 * 3_600_000 }: Pick<Setting, 'alsoHolds'> & { shrinkForMs?: number } = {},
): RandomDayResult {
  const centres = centresToChangeBetween(demoCentre);
  const deeds = randomDeeds({
    seed,
    lastsMs,
    agents: [...demoCentre.agents.keys()],
    centres: centres.length,
    selfService: seed % 3 !== 0,
    outside,
    queues: [...demoCentre.queues.keys()],
  });
  const flows = [smallFlows, everyKindFlows, demoFlows][seed % 3] ?? smallFlows;
  const wire = { late: 0.01, twice: 0.01, latenessMs: 300 };
  const live = (some: readonly Deed[]): Outcome => {
    // Of a story that has been cut down, what came before it and after it is not lived through.
    const from = Math.max(0, (some[0]?.at ?? 0) - 60_000);
    const moved = some.map((deed) => ({ ...deed, at: deed.at - from }));
    const until = some.length === deeds.length ? lastsMs : (moved.at(-1)?.at ?? 0) + 600_000;
    const lived = liveThrough(moved, {
      seed,
      centres,
      flows,
      lookups,
      wire,
      lastsMs: until,
      ...(alsoHolds && { alsoHolds }),
    });
    const { trouble } = lived;
    return { ...lived, trouble: trouble && { ...trouble, at: trouble.at + from } };
  };
  const outcome = live(deeds);
  if (!outcome.trouble) return { deeds, outcome, story: null };
  const shrunk = shrink(deeds, (some) => live(some).trouble, shrinkForMs);
  return { deeds, outcome, story: storyOf(seed, deeds, outcome, shrunk, live) };
}

const shownDeeds = 50;

function storyOf(
  seed: number,
  deeds: readonly Deed[],
  { trouble }: Outcome,
  shrunk: ReturnType<typeof shrink>,
  live: (some: readonly Deed[]) => Outcome,
): string {
  const told = [
    `seed ${seed} (HOTLINE_TEST_SEED=${seed} repeats it), after ${((trouble?.at ?? 0) / 3_600_000).toFixed(2)} h: ${trouble?.what}`,
  ];
  if (!shrunk) return [...told, 'it did not fail a second time'].join('\n');
  const { events } = live(shrunk.deeds);
  // What names a call, a leg or a visit is told by that one's events.
  const named = shrunk.what.match(/\b(?:n1|leg|visit|callback)-[\w.-]*\w/g) ?? [];
  const about = events.filter((event) => named.some((id) => JSON.stringify(event).includes(`"${id}"`)));
  return [
    ...told,
    `${deeds.length} deeds shrunk to ${shrunk.deeds.length} in ${shrunk.trials} trials; then: ${shrunk.what}`,
    ...(shrunk.deeds.length > shownDeeds ? ['  … the last of them:'] : []),
    ...shrunk.deeds.slice(-shownDeeds).map((deed) => `  ${inWords(deed)}`),
    `what the controller made of it, to its end${about.length > 0 ? `, of ${named.join(', ')}` : ''}:`,
    ...(about.length > 0 ? about : events).slice(-40).map(lineOf),
  ].join('\n');
}

function lineOf({ type, at, eventId: _, seq: _seq, ...rest }: HotlineEvent): string {
  return `  ${new Date(at).toISOString().slice(11, 23)}  ${type} ${JSON.stringify(rest)}`.slice(0, 240);
}

/** As it is, then what reloading it may change: fewer agents, other limits, customers called first, everybody for everything. */
function centresToChangeBetween(centre: Centre): Centre[] {
  const changed = (change: Partial<Centre>): Centre => ({ ...centre, ...change });
  const queues = (change: (queue: NonNullable<ReturnType<Centre['queues']['get']>>) => object) =>
    new Map([...centre.queues].map(([id, queue]) => [id, { ...queue, ...change(queue) }]));
  return [
    centre,
    changed({ agents: new Map([...centre.agents].slice(0, -3)) }),
    changed({
      queues: queues(() => ({ maxWaiting: 2, maxWaitMs: 20_000, wrapUpMs: 0, ringTimeoutMs: 5_000 })),
    }),
    changed({
      queues: queues(({ callbacks }) => ({
        maxMissedRings: 3,
        callbacks: { ...callbacks, first: 'caller', everyMs: 30_000 },
      })),
      agents: new Map(
        [...centre.agents].map(([id, agent]) => [id, { ...agent, queues: [...centre.queues.keys()] }]),
      ),
    }),
  ];
}
