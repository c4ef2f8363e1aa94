import type { Benchmark, Figure } from './figure.ts';
import { memoryReadNs, memoryUsedBy } from './memory-reads.ts';
import { countSteps } from './routing-steps.ts';
import { agentsFor, RoutingWorld, type Sample, seed, skills } from './routing-world.ts';
import { quantile, rounded, spread } from './statistics.ts';

const budgetUs = 50;
/** The largest but one is what is asked for; the others are the curve. */
const sizes = [10, 100, 1_000, 5_000, 10_000];
/** Inputs to each world before any counts. */
const warmUp = 20_000;
/** Steps are the same in every run, so few are enough. */
const callersCounted = 200;

/**
 * What one input costs the router, from telling it to the last answer: a caller joins, or an agent becomes free; then who is to be rung for whom,
 * and that both are taken. Two worlds of each size: callers wait for busy agents, and free agents wait for callers. Sizes are measured by turns, so
 * that what else runs on the machine weighs on all alike.
 *
 * Time grows by two things: by what the router does, which is counted, and by memory, as a larger centre lies farther from the processor. What a
 * bare read costs in as much memory is measured beside it.
 */
export const routing: Benchmark = async ({ quick, say }) => {
  const [rounds, inputs] = quick ? [4, 500] : [20, 2_000];
  const curve = measureByTurns(rounds, inputs);
  const figures: Figure[] = curve.map(({ waiting, samples, memoryMb, readNs }) => {
    const of = spread(
      samples.map(({ us }) => us),
      2,
    );
    const { samples: count = 0, p50 = 0, p90 = 0, p99 = 0, max = 0 } = of;
    say(
      `${waiting} waiting × ${agentsFor(waiting)} agents: p50 ${p50} µs, p99 ${p99} µs, max ${max} µs; a read in its ${memoryMb} MB: ${readNs} ns`,
    );
    return {
      what: `routing decision p99, ${waiting} waiting × ${agentsFor(waiting)} agents × ${skills} skills`,
      unit: 'µs',
      value: p99,
      ...(waiting === 5_000 && { budget: { atMost: budgetUs } }),
      detail: { inputs: count, p50, p90, max, memoryMb, readNs, seed },
    };
  });
  const every = curve.map(({ waiting, samples }) => ({ waiting, value: medianUs(samples) }));
  const paired = curve.map(({ waiting, samples }) => ({
    waiting,
    value: medianUs(samples.filter((one) => one.paired)),
  }));
  const reads = curve.map(({ waiting, readNs }) => ({ waiting, value: readNs }));
  const steps = await Promise.all(
    sizes.map(async (waiting) => ({ waiting, value: await countSteps(waiting, callersCounted) })),
  );
  say(`median against the logarithm, 1 at ${sizes[0]}: ${inWords(every, 'µs')}`);
  say(`of inputs by which somebody is rung: ${inWords(paired, 'µs')}`);
  say(`steps of the router for one caller: ${inWords(steps, '')}`);
  say(`a bare read in as much memory: ${inWords(reads, 'ns')}`);
  return [
    ...figures,
    growth('median decision', every, 'µs', 100),
    growth('median decision', every, 'µs', 10),
    growth('median decision by which somebody is rung', paired, 'µs', 10),
    growth('steps for a caller', steps, '', 10),
    { ...growth('bare read in as much memory', reads, 'ns', 10), budget: undefined },
  ].map(({ budget, ...figure }) => (budget ? { ...figure, budget } : figure));
};

type Measured = {
  readonly waiting: number;
  readonly samples: Sample[];
  readonly memoryMb: number;
  readonly readNs: number;
};

function measureByTurns(rounds: number, inputs: number): Measured[] {
  // Compiled and warm before anything counts.
  for (const waiting of [1_000, 100]) new RoutingWorld(waiting, 'crowded').serve(warmUp);
  for (const waiting of [1_000, 100]) new RoutingWorld(waiting, 'idle').serve(warmUp);
  const all = sizes.map((waiting) => {
    const bytes = memoryUsedBy(() => new RoutingWorld(waiting, 'crowded'));
    const worlds = (['crowded', 'idle'] as const).map((kind) => new RoutingWorld(waiting, kind));
    for (const world of worlds) world.serve(inputs);
    return { waiting, bytes, worlds, samples: [] as Sample[], reads: [] as number[] };
  });
  for (let round = 0; round < rounds; round++)
    for (const { bytes, worlds, samples, reads } of all) {
      for (const world of worlds) samples.push(...world.serve(inputs));
      reads.push(memoryReadNs(bytes));
    }
  return all.map(({ waiting, bytes, samples, reads }) => ({
    waiting,
    samples,
    memoryMb: rounded(bytes / 2 ** 20, 2),
    readNs: rounded(quantile(reads, 0.5), 2),
  }));
}

const medianUs = (samples: readonly Sample[]): number =>
  rounded(
    quantile(
      samples.map(({ us }) => us),
      0.5,
    ),
    2,
  );

type Curve = readonly { readonly waiting: number; readonly value: number }[];

/** From a hundred to ten thousand the logarithm doubles, from ten it grows fourfold; what grows no faster stays below 1 here. */
function growth(what: string, curve: Curve, unit: string, from: number, to = 10_000): Figure {
  const at = (waiting: number) => curve.find((one) => one.waiting === waiting)?.value ?? 0;
  const logarithm = Math.log(to) / Math.log(from);
  return {
    what: `growth of the ${what} from ${from} to ${to} waiting, against the logarithm`,
    unit: 'times',
    value: rounded(at(to) / at(from) / logarithm, 2),
    budget: { atMost: 1 },
    detail: { small: at(from), large: at(to), logarithm: rounded(logarithm, 2), curve: inWords(curve, unit) },
  };
}

/** Each size with its value over the logarithm of the size, as times of the first. */
function inWords(curve: Curve, unit: string): string {
  const perLog = ({ waiting, value }: Curve[number]) => value / Math.log(waiting);
  const [first] = curve;
  return curve
    .map((one) =>
      [one.waiting, one.value, unit, `×${rounded(first ? perLog(one) / perLog(first) : 0, 2)}`]
        .filter((part) => part !== '')
        .join(' '),
    )
    .join(', ');
}
