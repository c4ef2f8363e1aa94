import { relative } from 'node:path';
import type { Config } from '../../services/config.ts';
import { asId, type FlowId } from '../../services/events/ids.ts';
import type { Flow } from '../../services/ivr/flow.ts';
import { loadCalendar } from '../../services/runtime/calendar-file.ts';
import { loadCentre } from '../../services/runtime/centre-file.ts';
import { checkedFlows, readFlowSources } from '../../services/runtime/flow-files.ts';
import type { TrialWorld } from '../../services/runtime/flow-test-files.ts';
import { readSurroundings } from '../../services/runtime/flows-in-force.ts';

/** One of the flow tools. `run` answers the exit code. */
export type IvrCommand = {
  /** One line for each way to call it. */
  readonly usage: string;
  readonly run: (args: readonly string[], config: Config) => number | Promise<number>;
};

/** It was called in a way there is not: usage is shown. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
}

export const say = (line: string): void => void process.stdout.write(`${line}\n`);
export const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/** Paths as a person at the repository's top sees them. */
export const shortened = (config: Pick<Config, 'repoDir'>, line: string): string =>
  line.replaceAll(`${config.repoDir}/`, '');
export const shortPath = (config: Pick<Config, 'repoDir'>, file: string): string =>
  relative(config.repoDir, file);

/** The flow files as they are now, checked. @throws {CentreError} with every problem. */
export function trialWorld(config: Config): TrialWorld {
  const centre = loadCentre(config.centreFile);
  return {
    centre,
    flows: checkedFlows(readFlowSources(config.flowsDir), readSurroundings(config, centre)),
    calendar: loadCalendar(`${config.repoDir}/dialplans/calendar.yaml`),
    timeZone: config.timeZone,
  };
}

/** @throws {WrongUse} when there is no such flow. */
export function flowIn(world: TrialWorld, name: string | undefined): Flow {
  const flow = world.flows.get(asId<FlowId>(name ?? ''));
  if (!flow)
    throw new WrongUse(`there is no flow "${name ?? ''}"; there are ${[...world.flows.keys()].join(', ')}`);
  return flow;
}
