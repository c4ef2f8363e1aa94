import { parseArgs } from 'node:util';
import { CentreError, readText } from '../runtime/centre-file.ts';
import { readYaml } from '../runtime/read-yaml.ts';
import type { Scenario } from './scenario.ts';
import { scenarioFromText } from './scenario-from-text.ts';
import { reportAsText, simulationReport } from './simulation-report.ts';
import { WhatIfError, whatIf, whatIfUsage } from './what-if.ts';

const usage = `npm run simulate -- --file FILE [--what-if QUESTION]… [--seed N] [--intervals] [--json]
  FILE       a scenario such as tests/simulation/weekday.yaml
  --seed     which of all possible days; 1 unless said
  --intervals  also each interval, one line each;  --json  everything, for programs
  QUESTION   may be asked more than once, each by itself:
${whatIfUsage.replaceAll(/^/gm, '    ')}`;

/** Simulates a scenario with the production router. Answers the exit code: 0, 1 for a wrong file or question, 2 for a wrong call. */
function main(args: readonly string[]): number {
  const options = optionsOf(args);
  if (options === null) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const questions = options.questions.map(whatIf);
  const report = simulationReport(scenarioIn(options.file), questions, options.seed);
  process.stdout.write(
    options.json ? `${JSON.stringify(report)}\n` : reportAsText(report, options.intervals),
  );
  return 0;
}

function optionsOf(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        file: { type: 'string' },
        'what-if': { type: 'string', multiple: true, default: [] },
        seed: { type: 'string', default: '1' },
        intervals: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    if (values.file === undefined || !/^\d{1,9}$/.test(values.seed)) return null;
    const { file, 'what-if': questions, intervals, json } = values;
    return { file, questions, seed: Number(values.seed), intervals, json };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return null;
  }
}

function scenarioIn(file: string): Scenario {
  const read = readYaml(readText(file));
  const made = 'problems' in read ? read : scenarioFromText(read.content);
  if ('problems' in made) throw new CentreError(made.problems.map((problem) => `${file}: ${problem}`));
  return made.scenario;
}

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof CentreError || error instanceof WhatIfError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
