import { checkFlows } from '../../services/ivr/check/check-flows.ts';
import { inWords, isError, type Problem } from '../../services/ivr/check/problem.ts';
import { loadCentre } from '../../services/runtime/centre-file.ts';
import { readFlowSources } from '../../services/runtime/flow-files.ts';
import { readSurroundings } from '../../services/runtime/flows-in-force.ts';
import { complain, type IvrCommand, say, shortened } from './command.ts';

/** All problems of all flow files, warnings too. */
export const check: IvrCommand = {
  usage:
    'npm run ivr -- check                       every flow: all problems with file, line and what to write instead',
  run(_args, config) {
    const sources = readFlowSources(config.flowsDir);
    const problems = checkFlows(sources, readSurroundings(config, loadCentre(config.centreFile)));
    for (const problem of problems) complain(shortened(config, inWords(problem)));
    const errors = problems.filter(isError).length;
    say(
      `${sources.length} flows, ${counted(errors, 'problem')}, ${counted(problems.length - errors, 'warning')}`,
    );
    return errors > 0 ? 1 : 0;
  },
};

export function tell(problems: readonly Problem[], repoDir: string): void {
  for (const problem of problems) complain(shortened({ repoDir }, inWords(problem)));
}

const counted = (count: number, what: string): string =>
  `${count === 0 ? 'no' : count} ${what}${count === 1 ? '' : 's'}`;
