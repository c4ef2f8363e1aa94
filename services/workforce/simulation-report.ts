import type { QueueId } from '../events/ids.ts';
import { toIso } from '../events/instant.ts';
import { addCounts, type KpiCounts, noCounts } from '../kpi/counts.ts';
import type { Kpi, KpiId, KpiThresholds } from '../kpi/kpi.ts';
import { commonThresholds, kpisOf } from '../kpi/kpis-of.ts';
import { type BackTest, backTest } from './back-test.ts';
import type { Scenario } from './scenario.ts';
import { type SimulationResult, simulate } from './simulate.ts';
import { type Theory, theoryOf, thereWithin } from './theory.ts';
import type { WhatIf } from './what-if.ts';

/** What a simulation says of one queue, or of all together. */
export type ReportRow = {
  readonly scenario: string;
  readonly queue: string;
  readonly offered: number;
  readonly abandoned: number;
  readonly flowOut: number;
  readonly stillWaiting: number;
  readonly kpis: readonly Kpi[];
  /** Handle time over the time on shift and what was stayed on for the last callers, of all agents; null for one queue, as its agents may serve others. */
  readonly occupancy: number | null;
  readonly theory: Theory | null;
};

export type SimulationReport = {
  readonly name: string;
  readonly seed: number;
  readonly rows: readonly ReportRow[];
  readonly intervals: readonly {
    scenario: string;
    queue: string;
    from: string;
    counts: KpiCounts;
    kpis: readonly Kpi[];
  }[];
  /** How well the expected wait would have been told, in the scenario as it is. */
  readonly expectedWait: BackTest | null;
};

/**
 * The scenario as it is, and with every question by itself: the same callers, so that only the question makes a difference. What was recorded, if
 * the scenario is of a day that was, comes first.
 */
export function simulationReport(
  scenario: Scenario,
  questions: readonly WhatIf[],
  seed: number,
  recorded: readonly { queue: QueueId; counts: KpiCounts }[] = [],
): SimulationReport {
  const variants = [
    { text: 'as it is', scenario },
    ...questions.map(({ text, apply }) => ({ text, scenario: apply(scenario) })),
  ];
  const runs = variants.map((variant) => ({ ...variant, result: simulate(variant.scenario, seed) }));
  return {
    name: scenario.name,
    seed,
    rows: [
      ...recorded.map((one) => recordedRow(scenario, one)),
      ...runs.flatMap((run) => rowsOf(run.text, run.scenario, run.result)),
    ],
    intervals: runs.flatMap((run) => intervalsOf(run.text, run.scenario, run.result)),
    expectedWait: backTest(scenario, seed),
  };
}

function recordedRow(
  scenario: Scenario,
  { queue, counts }: { queue: QueueId; counts: KpiCounts },
): ReportRow {
  return {
    scenario: 'as recorded',
    queue,
    offered: counts.offered,
    abandoned: counts.abandoned,
    flowOut: counts.flowOut,
    stillWaiting: counts.offered - counts.answered - counts.abandoned - counts.flowOut,
    kpis: kpisOf(counts, thresholdsOf(scenario, queue)),
    occupancy: null,
    theory: null,
  };
}

function rowsOf(text: string, scenario: Scenario, result: SimulationResult): ReportRow[] {
  const each = result.queues.map(({ queue, intervals, stillWaiting }) => ({
    queue: queue as string,
    counts: intervals.map(({ counts }) => counts).reduce(addCounts, noCounts()),
    stillWaiting,
    thresholds: thresholdsOf(scenario, queue),
    occupancy: null,
    theory: theoryOf(scenario, queue),
  }));
  const all = {
    queue: 'all',
    counts: each.map(({ counts }) => counts).reduce(addCounts, noCounts()),
    stillWaiting: each.reduce((sum, one) => sum + one.stillWaiting, 0),
    thresholds: commonThresholds(scenario.queues.map(({ thresholds }) => thresholds)),
    theory: null,
  };
  const rows =
    each.length === 1 ? each : [...each, { ...all, occupancy: occupancyOf(scenario, result, all.counts) }];
  return rows.map(({ counts, thresholds, ...row }) => ({
    scenario: text,
    ...row,
    occupancy: each.length === 1 ? occupancyOf(scenario, result, counts) : row.occupancy,
    offered: counts.offered,
    abandoned: counts.abandoned,
    flowOut: counts.flowOut,
    kpis: kpisOf(counts, thresholds),
  }));
}

const intervalsOf = (scenario: string, { queues }: Scenario, result: SimulationResult) =>
  result.queues.flatMap(({ queue, intervals }) =>
    intervals.map(({ from, counts }) => ({
      scenario,
      queue: queue as string,
      from: toIso(from),
      counts,
      kpis: kpisOf(counts, thresholdsOf({ queues }, queue)),
    })),
  );

const thresholdsOf = ({ queues }: Pick<Scenario, 'queues'>, id: string): KpiThresholds | null =>
  queues.find(({ plan }) => plan.queue === id)?.thresholds ?? null;

/** Ringing is neither handling nor idle (kpi.md). */
function occupancyOf(
  { agents, startsAt, endsAt }: Scenario,
  { overtimeMs }: SimulationResult,
  { handleMs, ringMs }: KpiCounts,
): number | null {
  const onShiftMs = agents.reduce((sum, { shifts }) => sum + thereWithin(shifts, startsAt, endsAt), 0);
  const thereMs = onShiftMs + overtimeMs;
  return thereMs - ringMs > 0 ? handleMs / (thereMs - ringMs) : null;
}

/** The report as a table. */
export function reportAsText(
  { name, seed, rows, intervals, expectedWait }: SimulationReport,
  perInterval: boolean,
): string {
  const share = (value: number | null | undefined) => (value == null ? '–' : `${(value * 100).toFixed(1)} %`);
  const seconds = (value: number | null | undefined) =>
    value == null ? '–' : `${(value / 1_000).toFixed(1)} s`;
  const of = (kpis: readonly Kpi[], id: KpiId) => kpis.find(({ kpi }) => kpi === id)?.value;
  const figures = (kpis: readonly Kpi[]) => [
    share(of(kpis, 'service_level')),
    share(of(kpis, 'abandon_rate')),
    seconds(of(kpis, 'average_speed_of_answer')),
    seconds(of(kpis, 'average_handle_time')),
  ];
  const head = ['service level', 'abandoned', 'ASA', 'AHT'];
  const parts = [
    `${name} (seed ${seed})`,
    table([
      [
        'scenario',
        'queue',
        'offered',
        ...head,
        'flow out',
        'left waiting',
        'occupancy',
        'in time',
        'Erlang A',
        'Erlang C',
        'gave up',
        'Erlang A',
      ],
      ...rows.map((row) => [
        row.scenario,
        row.queue,
        String(row.offered),
        ...figures(row.kpis),
        String(row.flowOut),
        String(row.stillWaiting),
        share(row.occupancy),
        share(inTimeOfAll(row)),
        share(row.theory?.inTimeA),
        share(row.theory?.inTimeC),
        share(row.offered > 0 ? row.abandoned / row.offered : null),
        share(row.theory?.abandonsA),
      ]),
    ]),
    'in time, gave up: of all offered, as the formulas count. They take each interval for itself, agents of one queue only, and nobody gives up while it rings.',
  ];
  if (perInterval)
    parts.push(
      table([
        ['from', 'scenario', 'queue', 'offered', ...head],
        ...intervals.map((one) => [
          one.from,
          one.scenario,
          one.queue,
          String(one.counts.offered),
          ...figures(one.kpis),
        ]),
      ]),
    );
  if (expectedWait) {
    const { model, simple, withinNineOfTen } = expectedWait;
    parts.push(
      `Expected wait, told to ${model.callers} callers who waited ${seconds(model.meanWaitMs)} on average: off by ` +
        `${seconds(model.meanAbsoluteErrorMs)} on average (bias ${seconds(model.meanErrorMs)}), nine of ten by at most ${seconds(model.p90AbsoluteErrorMs)}; ` +
        `${share(withinNineOfTen)} waited no longer than nine of ten should. ` +
        `Without knowing that callers give up: ${seconds(simple.meanAbsoluteErrorMs)} (bias ${seconds(simple.meanErrorMs)}).`,
    );
  }
  return `${parts.join('\n\n')}\n`;
}

function inTimeOfAll({ kpis, offered }: ReportRow): number | null {
  const inTime = kpis.find(({ kpi }) => kpi === 'service_level')?.numerator;
  return inTime === undefined || offered === 0 ? null : inTime / offered;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, n) => (n < 2 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
