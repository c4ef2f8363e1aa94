import { entriesOf, exitsOf, keyWords } from './exits.ts';
import type { CheckedFlow, CheckedFlows } from './model.ts';
import { nodePath } from './model.ts';
import { didYouMean } from './nearest.ts';
import type { Problem } from './problem.ts';
import { problemIn } from './report.ts';
import type { Path } from './source.ts';
import type { Surroundings } from './surroundings.ts';

/** Names that lead nowhere: of nodes, flows, queues and skills. (Those of conditions and lookups: conditions.ts, lookups.ts.) */
export function nameProblems(flow: CheckedFlow, flows: CheckedFlows, around: Surroundings): Problem[] {
  const problems: Problem[] = [];
  const mustBe = (
    what: string,
    name: string,
    known: { has(name: string): boolean } & Iterable<string>,
    at: Path,
  ) => {
    if (!known.has(name))
      problems.push(
        problemIn(flow, {
          kind: 'name',
          at,
          what: `there is no ${what} "${name}"`,
          suggestion: didYouMean(name, known),
        }),
      );
  };
  const nodes = new Set(flow.nodes.keys());
  for (const { field, node } of entriesOf(flow)) if (node !== '') mustBe('node', node, nodes, [field]);
  for (const [name, node] of flow.nodes) {
    if (keyWords.has(name))
      problems.push(
        problemIn(flow, {
          kind: 'name',
          at: nodePath(name),
          what: `a key that leads to "${name}" would not lead here: the word has a meaning of its own`,
          suggestion: 'give the node another name',
        }),
      );
    if (node === null) continue;
    for (const exit of exitsOf(node, flow.head.person))
      if (exit.by !== 'failures' || ('onFailure' in node && node.onFailure !== undefined))
        mustBe('node', exit.to, nodes, nodePath(name, ...exit.field));
    if (node.kind === 'goto') {
      mustBe('flow', node.flow, new Set(flows.keys()), nodePath(name, 'flow'));
      const other = flows.get(node.flow);
      if (other && node.node !== undefined)
        mustBe(`node in flow ${other.id}`, node.node, new Set(other.nodes.keys()), nodePath(name, 'node'));
    }
    if ('queue' in node) mustBe('queue', node.queue, around.queues, nodePath(name, 'queue'));
    if (node.kind === 'enqueue')
      node.skills.forEach((skill, i) => {
        mustBe('skill', skill, around.skills, nodePath(name, 'skills', i));
      });
  }
  return problems;
}
