import { parseArgs } from 'node:util';
import { connect, DatabaseError, recordedDay } from '../adapters/postgres/index.ts';
import { ConfigError, loadConfig } from '../config.ts';
import { localDayIn } from '../kpi/local-day.ts';
import { CentreError, loadCentre, readText } from '../runtime/centre-file.ts';
import { readYaml } from '../runtime/read-yaml.ts';
import { readCredentials, SecretsError } from '../runtime/secrets.ts';
import { dayBounds } from './day-bounds.ts';
import { recordedCounts, scenarioOfDay } from './recorded-day.ts';
import type { Scenario } from './scenario.ts';
import { scenarioFromText } from './scenario-from-text.ts';
import { reportAsText, simulationReport } from './simulation-report.ts';
import { type WhatIf, WhatIfError, whatIf, whatIfUsage } from './what-if.ts';

const usage = `npm run simulate -- --file FILE | --day DAY [--what-if QUESTION]… [--seed N] [--intervals] [--json]
  FILE       a scenario such as tests/simulation/weekday.yaml
  DAY        a day such as 2026-11-21 from the records of the running service (HOTLINE_HOME, or DATABASE_URL), served again
  --seed     which of all possible days; 1 unless said
  --intervals  also each interval, one line each;  --json  everything, for programs
  QUESTION   may be asked more than once, each by itself:
${whatIfUsage.replaceAll(/^/gm, '    ')}`;

/** Of a recorded day. */
const intervalMs = 1_800_000;

/** Expected: they explain themselves. */
const expected = [CentreError, WhatIfError, ConfigError, DatabaseError, SecretsError];

/** Simulates a scenario with the production router. Answers the exit code: 0, 1 for a wrong file or question, 2 for a wrong call. */
async function main(args: readonly string[]): Promise<number> {
  const options = optionsOf(args);
  if (options === null) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  const questions = options.questions.map(whatIf);
  const report =
    options.file === undefined
      ? await reportOfDay(options.day ?? '', questions, options.seed)
      : simulationReport(scenarioIn(options.file), questions, options.seed);
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
        day: { type: 'string' },
        'what-if': { type: 'string', multiple: true, default: [] },
        seed: { type: 'string', default: '1' },
        intervals: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const { file, day, 'what-if': questions, intervals, json } = values;
    if ((file === undefined) === (day === undefined) || !/^\d{1,9}$/.test(values.seed)) return null;
    return { file, day, questions, seed: Number(values.seed), intervals, json };
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

/** A day of the records, in the centre's time zone, with the centre as it is defined now. */
async function reportOfDay(day: string, questions: readonly WhatIf[], seed: number) {
  const config = loadConfig(process.env);
  const bounds = dayBounds(day, localDayIn(config.timeZone));
  if (bounds === null) throw new WhatIfError(`--day ${day}: write a day such as 2026-11-21`);
  const centre = loadCentre(config.centreFile);
  const postgres = connect(config.databaseUrl ?? readCredentials(config.credentialsFile).postgres.url);
  try {
    const recorded = await recordedDay(postgres, bounds.from, bounds.to);
    if (recorded.visits.length === 0)
      throw new WhatIfError(`--day ${day}: nobody entered a queue on that day`);
    const scenario = { ...scenarioOfDay(recorded, centre, intervalMs), name: `${day}, served again` };
    return simulationReport(scenario, questions, seed, recordedCounts(recorded, centre));
  } finally {
    await postgres.close();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!expected.some((kind) => error instanceof kind)) throw error;
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
