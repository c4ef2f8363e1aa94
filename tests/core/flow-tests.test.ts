import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runFlowTest } from '../../services/ivr/trial/run-test.ts';
import { readFlowTests, trialSetting } from '../../services/runtime/flow-test-files.ts';
import { demoWorld, ivrDir } from '../support/demo-flows.ts';

const files = readFlowTests(ivrDir);

/** The tests that stand beside the flows, one by one (services/ivr/flow-test-text.ts). */
describe.each(files)('$file', ({ file, flow: id, tests }) => {
  const flow = demoWorld.flows.get(id);

  test.each(tests)('$name', (one) => {
    if (!flow) throw new Error(`${basename(file)}: there is no flow "${id}"`);
    const { problems, told } = runFlowTest(flow, trialSetting(demoWorld, id, one), one);
    expect(problems, [...problems, ...told].join('\n')).toEqual([]);
  });

  test('every node of the flow is entered by one of them', () => {
    if (!flow) throw new Error(`${basename(file)}: there is no flow "${id}"`);
    const entered = new Set(
      tests.flatMap((one) => runFlowTest(flow, trialSetting(demoWorld, id, one), one).entered),
    );
    expect([...flow.nodes.keys()].filter((name) => !entered.has(name))).toEqual([]);
  });
});

test('there are tests beside every flow', () => {
  expect(files.map(({ flow }) => flow).toSorted()).toEqual([...demoWorld.flows.keys()].toSorted());
});
