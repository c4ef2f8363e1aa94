import { runFlowTest } from '../../services/ivr/trial/run-test.ts';
import { readFlowTests, trialSetting } from '../../services/runtime/flow-test-files.ts';
import { complain, flowIn, type IvrCommand, say, shortPath, trialWorld } from './command.ts';

/** The tests beside the flows (services/ivr/flow-test-text.ts). */
export const test: IvrCommand = {
  usage: 'npm run ivr -- test [FLOW]                 the tests beside the flows',
  run([only], config) {
    const world = trialWorld(config);
    let failed = 0;
    let passed = 0;
    for (const { file, flow: id, tests } of readFlowTests(config.flowsDir)) {
      if (only !== undefined && only !== id) continue;
      const flow = flowIn(world, id);
      for (const one of tests) {
        const { problems, told } = runFlowTest(flow, trialSetting(world, id, one), one);
        if (problems.length === 0) {
          passed += 1;
          continue;
        }
        failed += 1;
        complain(`✗ ${shortPath(config, file)}: ${one.name}`);
        for (const line of [...problems, ...told]) complain(`    ${line}`);
      }
    }
    say(`${passed} passed, ${failed} failed`);
    return failed > 0 ? 1 : 0;
  },
};
