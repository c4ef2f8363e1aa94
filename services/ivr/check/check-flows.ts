import type { FlowText } from '../flow-text.ts';
import { conditionProblems } from './conditions.ts';
import { entryProblems } from './entries.ts';
import { edgesOf } from './exits.ts';
import { hoursProblems } from './hours.ts';
import { keyProblems } from './keys.ts';
import { unknownValueWarnings } from './known.ts';
import { lookupProblems } from './lookup-nodes.ts';
import { endlessLoops } from './loops.ts';
import { menuSizeWarnings } from './menu-size.ts';
import { type CheckedFlow, placesOf } from './model.ts';
import { nameProblems } from './names.ts';
import { personProblems } from './person.ts';
import type { Problem } from './problem.ts';
import { fragmentProblems, promptProblems } from './prompts.ts';
import { deadEnds, type Graph, unreachable } from './reach.ts';
import { readFlow } from './read-flow.ts';
import { problemIn } from './report.ts';
import type { FlowSource } from './source.ts';
import type { Surroundings } from './surroundings.ts';
import { variableProblems } from './variables.ts';

/**
 * Proves flows before a caller hears them: all problems of all files, not the first, by file and line. Flows may lead to each other, so they
 * are checked together. Pure; every text may be wrong in any way.
 */
export const checkFlows = (sources: readonly FlowSource[], around: Surroundings): Problem[] =>
  proveFlows(sources, around).problems;

/** The same, with what was read: the texts whose shape is right, by flow. */
export function proveFlows(
  sources: readonly FlowSource[],
  around: Surroundings,
): { problems: Problem[]; texts: ReadonlyMap<string, FlowText> } {
  const problems: Problem[] = [];
  const texts = new Map<string, FlowText>();
  const flows = new Map<string, CheckedFlow>();
  for (const source of sources) {
    const read = readFlow(source);
    problems.push(...read.problems);
    const { flow } = read;
    if (!flow || flow.id === '') continue;
    const other = flows.get(flow.id);
    if (other)
      problems.push(
        problemIn(flow, { kind: 'duplicate', at: ['flow'], what: `${other.file} defines "${flow.id}" too` }),
      );
    else {
      flows.set(flow.id, flow);
      if (read.text) texts.set(flow.id, read.text);
    }
  }
  const graph = graphOf(flows);
  const all = [...flows.values()];
  problems.push(
    ...all.flatMap((flow) => [
      ...nameProblems(flow, flows, around),
      ...keyProblems(flow),
      ...promptProblems(flow, around),
      ...conditionProblems(flow, around),
      ...lookupProblems(flow, around),
      ...entryProblems(flow, around),
      ...personProblems(graph, flow, around),
    ]),
    ...fragmentProblems(all, around),
    ...variableProblems(all, around),
    ...unreachable(graph, all),
    ...deadEnds(graph),
    ...endlessLoops(graph),
    ...hoursProblems(graph),
    ...unknownValueWarnings(graph, all, around),
    ...menuSizeWarnings(graph, all),
  );
  const inOrder = problems.toSorted(
    (a, b) => order(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0) || order(a.where, b.where),
  );
  return { problems: inOrder, texts };
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function graphOf(flows: ReadonlyMap<string, CheckedFlow>): Graph {
  const places = placesOf(flows);
  return { places, edges: new Map([...places].map(([ref, place]) => [ref, edgesOf(place, flows)])) };
}
