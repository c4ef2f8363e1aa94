import { parseArgs } from 'node:util';
import { connect, DatabaseError, recordedDay } from '../adapters/postgres/index.ts';
import { ConfigError, loadConfig } from '../config.ts';
import { localDayIn } from '../kpi/local-day.ts';
import { CentreError, loadCentre, readText } from '../runtime/centre-file.ts';
import { readYaml } from '../runtime/read-yaml.ts';
import { readCredentials, SecretsError } from '../runtime/secrets.ts';
import { dayBounds } from './day-bounds.ts';
import { explainReplay, type ReplayExplained, replayAsText } from './explain-replay.ts';
import { scenarioOfForecast } from './forecast.ts';
import { recordedCounts, scenarioOfDay } from './recorded-day.ts';
import type { Scenario } from './scenario.ts';
import { scenarioFromText } from './scenario-from-text.ts';
import { reportAsText, simulationReport } from './simulation-report.ts';
import { type WhatIf, WhatIfError, whatIf, whatIfUsage } from './what-if.ts';

const usage = `npm run simulate -- --file FILE | --forecast FILE | --day DAY [--what-if QUESTION]… [--seed N] [--intervals] [--json]
  --file     a scenario such as tests/simulation/weekday.yaml, which says all there is
  --forecast expected calls and a roster, such as tests/simulation/forecast.yaml, served as the centre (centre.yaml) serves
  --day      a day such as 2026-11-21 from the records of the running service (HOTLINE_HOME, or DATABASE_URL), served again
  --differences  of that day: how many of the visits that went another way are told of, each with its reason; 10 unless said
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
  const { report, replay } = await reportOf(options, questions);
  if (options.json) process.stdout.write(`${JSON.stringify({ ...report, ...(replay && { replay }) })}\n`);
  else {
    process.stdout.write(reportAsText(report, options.intervals));
    if (replay) process.stdout.write(`\n${replayAsText(replay, options.differences)}`);
  }
  return 0;
}

type Options = NonNullable<ReturnType<typeof optionsOf>>;
type Answer = { report: ReturnType<typeof simulationReport>; replay?: ReplayExplained };

async function reportOf({ source, seed }: Options, questions: readonly WhatIf[]): Promise<Answer> {
  switch (source.kind) {
    case 'file':
      return { report: simulationReport(read(source.of, scenarioFromText), questions, seed) };
    case 'forecast': {
      const { centreFile, timeZone } = loadConfig(process.env);
      const centre = loadCentre(centreFile, timeZone);
      const scenario = read(source.of, (content) => scenarioOfForecast(content, centre));
      return { report: simulationReport(scenario, questions, seed) };
    }
    case 'day':
      return reportOfDay(source.of, questions, seed);
    default:
      return source.kind satisfies never;
  }
}

function optionsOf(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        file: { type: 'string' },
        forecast: { type: 'string' },
        day: { type: 'string' },
        differences: { type: 'string', default: '10' },
        'what-if': { type: 'string', multiple: true, default: [] },
        seed: { type: 'string', default: '1' },
        intervals: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const { 'what-if': questions, intervals, json } = values;
    const sources = (['file', 'forecast', 'day'] as const).flatMap((kind) => {
      const of = values[kind];
      return of === undefined ? [] : { kind, of };
    });
    const [source] = sources;
    const numbers = [values.seed, values.differences];
    if (!source || sources.length > 1 || !numbers.every((one) => /^\d{1,9}$/.test(one))) return null;
    const [seed = 1, differences = 10] = numbers.map(Number);
    return { source, questions, seed, differences, intervals, json };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return null;
  }
}

function read(
  file: string,
  make: (content: unknown) => { scenario: Scenario } | { problems: string[] },
): Scenario {
  const found = readYaml(readText(file));
  const made = 'problems' in found ? found : make(found.content);
  if ('problems' in made) throw new CentreError(made.problems.map((problem) => `${file}: ${problem}`));
  return made.scenario;
}

/** A day of the records, in the centre's time zone, with the centre as it is defined now. */
async function reportOfDay(day: string, questions: readonly WhatIf[], seed: number): Promise<Answer> {
  const config = loadConfig(process.env);
  const bounds = dayBounds(day, localDayIn(config.timeZone));
  if (bounds === null) throw new WhatIfError(`--day ${day}: write a day such as 2026-11-21`);
  const centre = loadCentre(config.centreFile, config.timeZone);
  const postgres = connect(config.databaseUrl ?? readCredentials(config.credentialsFile).postgres.url);
  try {
    const recorded = await recordedDay(postgres, bounds.from, bounds.to);
    if (recorded.visits.length === 0)
      throw new WhatIfError(`--day ${day}: nobody entered a queue on that day`);
    const scenario = { ...scenarioOfDay(recorded, centre, intervalMs), name: `${day}, served again` };
    return {
      report: simulationReport(scenario, questions, seed, recordedCounts(recorded, centre)),
      replay: explainReplay(recorded, scenario, seed),
    };
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
