import { join } from 'node:path';
import { loadConfig } from '../config.ts';
import { asId, type FlowId } from '../events/ids.ts';
import { CentreError, loadCentre } from '../runtime/centre-file.ts';
import { loadFlows } from '../runtime/flow-files.ts';
import { mermaid, walk } from './walk.ts';

const usage = `npm run ivr -- check                  every flow against the centre and the prompts
npm run ivr -- simulate FLOW [KEYS]    the way a caller takes; KEYS such as 1 9 0, and . for a silence
npm run ivr -- graph FLOW              the flow as a Mermaid flowchart`;

/** The flow tools: check, simulate, graph. Answers the exit code: 0, 1 for problems found, 2 for a wrong call. */
function ivr([command, flowName, ...rest]: readonly string[]): number {
  const config = loadConfig(process.env);
  const dialplans = join(config.repoDir, 'dialplans');
  const centre = loadCentre(config.centreFile);
  const flows = loadFlows(config.flowsDir, join(dialplans, 'prompts'), centre);
  if (command === 'check') {
    process.stdout.write(`${flows.size} flows, no problems\n`);
    return 0;
  }
  if (command !== 'simulate' && command !== 'graph') {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const flow = flows.get(asId<FlowId>(flowName ?? ''));
  if (!flow) {
    process.stderr.write(`there is no flow "${flowName ?? ''}"; there are ${[...flows.keys()].join(', ')}\n`);
    return 2;
  }
  if (command === 'graph') {
    process.stdout.write(`${mermaid(flow)}\n`);
    return 0;
  }
  const keys = rest.join('').split('');
  const wrong = keys.filter((key) => !/^[0-9*#.]$/.test(key));
  if (wrong.length > 0) {
    process.stderr.write(`"${wrong.join('')}": keys are 0-9, * and #, and . for a silence\n`);
    return 2;
  }
  const { steps, end } = walk(flow, keys);
  process.stdout.write(`${steps.join('\n')}\n→ ${end}\n`);
  return 0;
}

try {
  process.exitCode = ivr(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof CentreError)) throw error;
  process.stderr.write(`${error.problems.join('\n')}\n`);
  process.exitCode = 1;
}
