import { join } from 'node:path';
import type { Centre } from '../calls/centre.ts';
import type { FlowId } from '../events/ids.ts';
import type { FlowSource } from '../ivr/check/source.ts';
import type { Surroundings } from '../ivr/check/surroundings.ts';
import type { Flow } from '../ivr/flow.ts';
import { loadCalendar } from './calendar-file.ts';
import { CentreError } from './centre-file.ts';
import { checkedFlows, flowIdOf, readFlowSources, requireFlowsOf, surroundingsOf } from './flow-files.ts';
import { FlowStore, hashOf } from './flow-store.ts';
import { loadLookups } from './lookups-file.ts';
import { readPromptLengths } from './prompt-lengths.ts';

/** Where flows and what they refer to are; a part of the settings (config.ts). */
export type FlowPlaces = {
  readonly repoDir: string;
  readonly homeDir: string;
  readonly centreFile: string;
  /** The files that people write. */
  readonly flowsDir: string;
  readonly lookupsFile: string;
};

/** A flow's text with the version under which it is in force. */
export type FlowInForce = FlowSource & { readonly flow: string; readonly version: number };

export const flowStoreOf = ({ homeDir }: Pick<FlowPlaces, 'homeDir'>): FlowStore =>
  new FlowStore(join(homeDir, 'flows'));

/** @throws {CentreError} when calendar, lookups or prompts are wrong. */
export function readSurroundings(places: FlowPlaces, centre: Centre): Surroundings {
  const dialplans = join(places.repoDir, 'dialplans');
  return surroundingsOf({
    centre,
    centreFile: places.centreFile,
    calendar: loadCalendar(join(dialplans, 'calendar.yaml')),
    lookups: loadLookups(places.lookupsFile),
    prompts: readPromptLengths(join(dialplans, 'prompts'), join(places.homeDir, 'sounds')),
  });
}

/** The texts in force. A flow that has never been activated goes by its file, as version 1. */
export function textsInForce(places: FlowPlaces): FlowInForce[] {
  const store = flowStoreOf(places);
  const stored = [...store.inForce().values()].flatMap(({ flow, version }): FlowInForce[] => {
    const found = store.read(flow, version);
    return found ? [{ ...found, flow }] : [];
  });
  const known = new Set(stored.map(({ flow }) => flow));
  const files = readFlowSources(places.flowsDir)
    .map((source) => ({ ...source, flow: flowIdOf(source.text), version: 1 }))
    .filter(({ flow }) => !known.has(flow));
  return [...stored, ...files];
}

/**
 * The flows in force, checked and built.
 * @throws {CentreError} with every problem.
 */
export function loadFlowsInForce(places: FlowPlaces, centre: Centre): ReadonlyMap<FlowId, Flow> {
  const flows = checkedFlows(textsInForce(places), readSurroundings(places, centre));
  requireFlowsOf(centre, new Set(flows.keys()), places.flowsDir);
  return flows;
}

/**
 * Before a start: flows that have never been activated come into force as their files are. So do all files when what is in force does not fit
 * any more what it refers to (a prompt or queue is gone), and the files do: a service that starts with newer flows is better than none.
 * @returns what is to be told, one line each
 * @throws {CentreError} when neither fits.
 */
export function prepareFlows(places: FlowPlaces, centre: Centre, now: number): string[] {
  const store = flowStoreOf(places);
  const around = readSurroundings(places, centre);
  const files = readFlowSources(places.flowsDir).map((source) => ({
    ...source,
    flow: flowIdOf(source.text),
  }));
  const activate = (source: (typeof files)[number], by: string) => {
    const { version } = store.activate({
      flow: source.flow,
      text: source.text,
      at: now,
      by,
      rollsBackTo: null,
    });
    return `flow ${source.flow}: version ${version} is in force`;
  };
  const inForce = store.inForce();
  const changed = files.filter(({ flow, text }) => inForce.get(flow)?.hash !== hashOf(text));
  const fits = problemsWith(() => checkedFlows(textsInForce(places), around));
  if (fits === null) {
    const fresh = changed.filter(({ flow }) => !inForce.has(flow));
    return [
      ...fresh.map((source) => activate(source, 'set-up')),
      ...changed
        .filter(({ flow }) => inForce.has(flow))
        .map(
          ({ flow, file }) =>
            `flow ${flow}: ${file} differs from version ${inForce.get(flow)?.version} in force; take it over with npm run ivr -- activate ${flow}`,
        ),
    ];
  }
  checkedFlows(files, around);
  return [
    ...fits.map((problem) => `in force, and wrong now: ${problem}`),
    ...changed.map((source) => `${activate(source, 'set-up')}, as what was in force does not fit any more`),
  ];
}

function problemsWith(check: () => unknown): readonly string[] | null {
  try {
    check();
    return null;
  } catch (error) {
    if (!(error instanceof CentreError)) throw error;
    return error.problems;
  }
}
