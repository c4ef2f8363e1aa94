import { join } from 'node:path';
import { CentreError, parseCentre, readText } from '../../services/runtime/centre-file.ts';
import { type FlowPlaces, loadFlowsInForce, prepareFlows } from '../../services/runtime/flows-in-force.ts';
import { loadLookups } from '../../services/runtime/lookups-file.ts';
import { homeFolders, writeFileAtomic } from './files.ts';

/** A definition of the centre that was found right, and what a later one must keep. */
export type AcceptedCentre = {
  /** As it stood in the file. */
  readonly text: string;
  readonly agents: readonly string[];
  /** Users that are no agents. */
  readonly staff: readonly string[];
  readonly queues: readonly string[];
  readonly flows: readonly string[];
};

/**
 * Reads the centre, the flows and what they can look up as the controller will.
 * @throws {CentreError} with every problem.
 */
export function readCentre(config: FlowPlaces): AcceptedCentre {
  const text = readText(config.centreFile);
  const centre = parseCentre(text, config.centreFile);
  const flows = loadFlowsInForce(config, centre);
  loadLookups(config.lookupsFile);
  return {
    text,
    agents: [...centre.agents.keys()],
    staff: centre.users.map(({ user }) => user),
    queues: [...centre.queues.keys()],
    flows: [...flows.keys()],
  };
}

/**
 * Refuses what cannot be changed while callers are there.
 * @throws {CentreError} with every problem.
 */
export function refuseLosses(centreFile: string, before: AcceptedCentre, next: AcceptedCentre): void {
  const problems = [
    ...missing(before.queues, next.queues).map((queue) => `queues.${queue}`),
    ...missing(before.flows, next.flows).map((flow) => `flow "${flow}"`),
  ].map(
    (what) =>
      `${centreFile}: ${what}: is gone, and callers may be in it; put it back, or start the service anew`,
  );
  if (problems.length > 0) throw new CentreError(problems);
}

/**
 * Before the parts start: flows that are new come into force (services/runtime/flows-in-force.ts).
 * @returns what is to be told, one line each
 * @throws {CentreError} with every problem.
 */
export const takeUpFlows = (config: FlowPlaces): string[] =>
  prepareFlows(config, parseCentre(readText(config.centreFile), config.centreFile), Date.now());

/** What is in the first list and not in the second. */
export const missing = (from: readonly string[], list: readonly string[]): string[] =>
  from.filter((one) => !list.includes(one));

/** Where the controller reads the centre: a copy, so that a half-edited file is no danger to a controller that restarts. */
export const acceptedCentreFile = (homeDir: string): string => join(homeFolders(homeDir).run, 'centre.yaml');

/** From its next start on, the controller works with this. */
export function keepCentre(homeDir: string, centre: AcceptedCentre): void {
  writeFileAtomic(acceptedCentreFile(homeDir), centre.text);
}
