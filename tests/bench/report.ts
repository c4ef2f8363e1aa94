import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { type Figure, ratioOf } from './figure.ts';
import { rounded } from './statistics.ts';

/** One benchmark's run: its figures, or why it has none. */
export type BenchReport = {
  name: string;
  seconds: number;
  /** Processes that wanted a processor, on average over a minute: before and after. Well above the processor count, times say little. */
  load: { before: number; after: number };
  figures: Figure[];
  error?: string;
};

/** All figures as a table for people; `ratio` 1 is the budget's limit, less is better. */
export function printTable(reports: readonly BenchReport[]): void {
  const rows = reports.flatMap((report) =>
    report.figures.map((figure) => ({
      benchmark: report.name,
      figure: figure.what,
      value: `${rounded(figure.value, 2)} ${figure.unit}`,
      budget: budgetText(figure),
      ratio: ratioText(figure),
      load: report.load.after.toFixed(1),
    })),
  );
  console.table(Object.fromEntries(rows.map((row, i) => [i + 1, row])));
  for (const report of reports) {
    for (const { what, detail } of report.figures)
      console.log(
        `  ${report.name}: ${what}: ${Object.entries(detail)
          .map(([key, value]) => `${key} ${value}`)
          .join(', ')}`,
      );
    if (report.error !== undefined) console.log(`  ${report.name}: FAILED: ${report.error}`);
  }
}

/** Writes everything as JSON beside the table. @returns the file */
export function writeJson(repoDir: string, reports: readonly BenchReport[], startedAt: Date): string {
  const file = join(
    repoDir,
    'bench-results',
    `${startedAt.toISOString().replaceAll(':', '-').slice(0, 19)}.json`,
  );
  mkdirSync(dirname(file), { recursive: true });
  const machine = {
    processors: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    memoryBytes: totalmem(),
  };
  const content = { startedAt, commit: commitOf(repoDir), node: process.version, machine, reports };
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
  return file;
}

/** The one-minute load average. */
export const loadNow = (): number => loadavg()[0] ?? 0;

function budgetText({ budget, unit }: Figure): string {
  if (!budget) return '';
  return 'atMost' in budget ? `≤ ${budget.atMost} ${unit}` : `≥ ${budget.atLeast} ${unit}`;
}

function ratioText(figure: Figure): string {
  const ratio = ratioOf(figure);
  return ratio === undefined ? '' : `${ratio.toFixed(2)}${ratio > 1 ? ' MISSED' : ''}`;
}

/** Null outside a git checkout, as in an unpacked archive. */
function commitOf(repoDir: string): string | null {
  try {
    return execFileSync('git', ['-C', repoDir, 'rev-parse', 'HEAD'], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  } catch {
    return null;
  }
}
