import { buildFlow } from '../../services/ivr/build-flow.ts';
import type { Flow } from '../../services/ivr/flow.ts';
import { flowText } from '../../services/ivr/flow-text.ts';

/** A flow of the test's own, from its nodes as a flow file has them. `start`, unless given, is the first of them. */
export function flowOf(
  nodes: Record<string, unknown>,
  settings: Partial<Record<'flow' | 'start' | 'person' | 'agentLost' | 'afterAgent', string>> = {},
): Flow {
  const [first = ''] = Object.keys(nodes);
  const person = Object.hasOwn(nodes, 'person') ? 'person' : first;
  const text = flowText.parse({
    flow: '95598',
    version: 1,
    language: 'zh-CN',
    start: first,
    person,
    agentLost: person,
    ...settings,
    nodes,
  });
  return buildFlow(text, 1);
}

/** The same as what a hotline goes by. */
export const flowsOf = (...flows: Flow[]): ReadonlyMap<Flow['id'], Flow> =>
  new Map(flows.map((flow) => [flow.id, flow]));
