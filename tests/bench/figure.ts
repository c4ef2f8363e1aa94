import type { HotlineUnderLoad } from './hotline-under-load.ts';

/** What one benchmark says: a number with its unit, the budget it is held against, and what it was made of. */
export type Figure = {
  what: string;
  unit: 'times' | 'µs' | 'ms' | 's' | 'MB' | 'MB/1000 calls' | 'events/s' | 'calls/s' | 'calls';
  /** The figure the budget speaks of: a median, a p99, a maximum, as `what` says. */
  value: number;
  /** `atMost` or `atLeast` this, when there is a budget. */
  budget?: { atMost: number } | { atLeast: number };
  /** Other sights of the same measurement, such as p50 and the number of samples. */
  detail: Readonly<Record<string, number | string>>;
};

/** A benchmark by its name; `quick` asks for fewer samples. Cleans up after itself, whatever happens. */
export type Benchmark = (options: BenchOptions) => Promise<Figure[]>;
export type BenchOptions = {
  quick: boolean;
  /** The service under load, started when first asked for and shared by the benchmarks that need it. */
  hotline: () => Promise<HotlineUnderLoad>;
  /** What to stop should the run be broken off (Ctrl-C, SIGTERM) before the benchmark has stopped it itself. */
  onBreak: (stop: () => Promise<unknown>) => void;
  /** A line of progress. */
  say: (line: string) => void;
};

/** Value against budget so that 1 is the limit and less is better; undefined without a budget. */
export function ratioOf({ value, budget }: Figure): number | undefined {
  if (!budget) return undefined;
  return 'atMost' in budget ? value / budget.atMost : budget.atLeast / value;
}
