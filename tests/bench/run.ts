import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { adoption } from './adoption.ts';
import { agentConnect } from './agent-connect.ts';
import { answer } from './answer.ts';
import { drain } from './drain.ts';
import { drainLive } from './drain-live.ts';
import { engineStep } from './engine-step.ts';
import { type Benchmark, ratioOf } from './figure.ts';
import { flowActivation } from './flow-activation.ts';
import { type HotlineUnderLoad, startHotlineUnderLoad } from './hotline-under-load.ts';
import { ivrCheck } from './ivr-check.ts';
import { journalAppend } from './journal.ts';
import { keyToPrompt } from './key-to-prompt.ts';
import { memory } from './memory.ts';
import { postgresOutage } from './postgres-outage.ts';
import { type BenchReport, loadNow, printTable, writeJson } from './report.ts';
import { warmStart } from './warm-start.ts';

/** In this order: small ones first, so that a long one that fails costs no others. */
const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  journal: journalAppend,
  'engine-step': engineStep,
  'ivr-check': ivrCheck,
  'flow-activation': flowActivation,
  drain,
  'drain-live': drainLive,
  'warm-start': warmStart,
  adoption,
  answer,
  'agent-connect': agentConnect,
  'key-to-prompt': keyToPrompt,
  memory,
  'postgres-outage': postgresOutage,
};
const USAGE = `use --only <${Object.keys(BENCHMARKS).join(' | ')}> (may be repeated) and --quick`;

/** What runs now, for a run that is broken off: services must not outlive us. */
const running = new Set<() => Promise<unknown>>();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void breakOff());

process.exitCode = await main(process.argv.slice(2));

/** Runs the benchmarks; 0 when all ran (budgets missed are said, not punished), 1 when one could not, 2 for wrong use. */
async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (!options) return 2;
  const repoDir = join(import.meta.dirname, '../..');
  const startedAt = new Date();
  const reports: BenchReport[] = [];
  let hotline: Promise<HotlineUnderLoad> | undefined;
  const shared = (): Promise<HotlineUnderLoad> => {
    hotline ??= startHotlineUnderLoad().then((one) => {
      running.add(one.stop);
      return one;
    });
    return hotline;
  };
  try {
    for (const name of options.names) reports.push(await runOne(name, options.quick, shared));
  } finally {
    // A service that could not be started has been cleaned up and reported already.
    await hotline?.then(
      (one) => one.stop(),
      () => undefined,
    );
  }
  printTable(reports);
  console.log(`\nJSON: ${writeJson(repoDir, reports, startedAt)}`);
  const missed = reports.flatMap((report) => report.figures.filter((figure) => (ratioOf(figure) ?? 0) > 1));
  if (missed.length > 0) console.log(`Budgets missed: ${missed.map((figure) => figure.what).join('; ')}`);
  return reports.some((report) => report.error !== undefined) ? 1 : 0;
}

async function breakOff(): Promise<void> {
  process.stderr.write('bench: broken off; stopping what it started\n');
  await Promise.allSettled([...running].map((stop) => stop()));
  process.exit(130);
}

async function runOne(
  name: string,
  quick: boolean,
  hotline: () => Promise<HotlineUnderLoad>,
): Promise<BenchReport> {
  const say = (line: string): void => console.log(`· ${name}: ${line}`);
  const begun = performance.now();
  const before = loadNow();
  const report = (figures: BenchReport['figures'], error?: unknown): BenchReport => ({
    name,
    seconds: Math.round((performance.now() - begun) / 100) / 10,
    load: { before, after: loadNow() },
    figures,
    ...(error !== undefined && { error: error instanceof Error ? error.message : String(error) }),
  });
  say(`begins (load ${before.toFixed(1)})`);
  try {
    return report(
      (await BENCHMARKS[name]?.({ quick, hotline, say, onBreak: (stop) => void running.add(stop) })) ?? [],
    );
  } catch (error) {
    return report([], error);
  }
}

function readOptions(args: readonly string[]): { names: string[]; quick: boolean } | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { only: { type: 'string', multiple: true }, quick: { type: 'boolean', default: false } },
    });
    const only = values.only ?? Object.keys(BENCHMARKS);
    const unknown = only.find((name) => !(name in BENCHMARKS));
    // In our order, whatever the order they were named in: a later one may change what an earlier one needs.
    const names = Object.keys(BENCHMARKS).filter((name) => only.includes(name));
    if (unknown === undefined) return { names, quick: values.quick };
    process.stderr.write(`bench: there is no benchmark "${unknown}": ${USAGE}\n`);
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}: ${USAGE}\n`);
  }
  return null;
}
