import { describe, expect, test } from 'vitest';
import type { NodeName } from '../../services/events/ids.ts';
import { exitsOf } from '../../services/ivr/exits.ts';
import type { Flow, FlowNode } from '../../services/ivr/flow.ts';
import { demoWorld } from '../support/demo-flows.ts';

const says = (node: FlowNode, prompt: string): boolean =>
  'prompts' in node && node.prompts.some((one) => one.kind === 'prompt' && one.prompt === prompt);

/** The queues that a caller can come to without having been told before; who is told in the queue itself has been told in time. */
function queuesUntold(flow: Flow): NodeName[] {
  const seen = new Set<NodeName>();
  const open = [flow.start];
  const untold: NodeName[] = [];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const node = flow.nodes.get(name);
    if (seen.has(name) || !node) continue;
    seen.add(name);
    if (says(node, 'recording-notice')) continue;
    if (node.kind === 'enqueue') untold.push(name);
    open.push(...exitsOf(name, node).map(([, to]) => to));
  }
  return untold;
}

describe.each([...demoWorld.flows.values()])('$id', (flow) => {
  test('nobody comes to an agent without having been told that the conversation may be recorded', () => {
    expect(queuesUntold(flow)).toEqual([]);
  });

  test('it is said on the way to a person alone, once in a call, and not to be cut short', () => {
    for (const [name, node] of flow.nodes) {
      if (!says(node, 'recording-notice')) continue;
      // In danger the line comes first.
      if (node.kind === 'enqueue') expect(name).toBe('danger');
      else expect(node, name).toMatchObject({ kind: 'announce', once: 'told', bargeIn: false });
    }
  });
});

test('the check sees a queue that is reached untold', () => {
  const [flow] = demoWorld.flows.values();
  if (!flow) throw new Error('there is no flow');
  const silent = new Map(
    [...flow.nodes].map(([name, node]) => [name, name === flow.person ? { ...node, prompts: [] } : node]),
  );
  expect(queuesUntold({ ...flow, nodes: silent })).toContain('person-next');
});
