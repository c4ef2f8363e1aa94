import { type Load, mustBeAgents, mustBePositive } from './load.ts';

/** Callers give up after a patience that is exponentially distributed with this mean. */
export type ImpatientLoad = Load & { readonly patienceSeconds: number };

/** A queue in which callers give up, in its long run. It is always stable. Probabilities 0–1 of all callers, times in seconds. */
export type ErlangA = {
  /** Probability of finding all agents busy. */
  readonly waits: number;
  readonly abandons: number;
  /** Mean wait of all callers, whether answered, gone, or never kept waiting. */
  readonly waitSeconds: number;
  readonly occupancy: number;
  /** Mean number who wait. */
  readonly waiting: number;
};

/** What is less likely than this beside the likeliest number of callers adds nothing. */
const negligible = 1e-16;

/**
 * The M/M/n+M queue (Palm; Garnett, Mandelbaum and Reiman 2002): a birth–death chain with births λ and deaths min(k, n)μ + (k − n)⁺θ.
 * P_ab = θ·E[W], E[W] = L_q / λ (Little).
 */
export function erlangA(load: ImpatientLoad, agents: number): ErlangA {
  const { probabilities } = chain(load, agents);
  let waits = 0;
  let waiting = 0;
  let busy = 0;
  probabilities.forEach((p, callers) => {
    if (callers >= agents) waits += p;
    waiting += p * Math.max(0, callers - agents);
    busy += p * Math.min(callers, agents);
  });
  const waitSeconds = waiting / load.arrivalRate;
  return {
    waits,
    abandons: waitSeconds / load.patienceSeconds,
    waitSeconds,
    occupancy: busy / agents,
    waiting,
  };
}

/**
 * Share of all callers who are answered within `seconds`.
 *
 * Whoever finds n + j callers there has j + 1 departures to wait for, at rates (a + i)θ with a = nμ/θ and i = j … 0. The sum W of
 * such exponentials has e^(−θW) ~ Beta(a, j + 1) (order statistics; Rényi 1953), and the caller is still there with probability e^(−θW): so the
 * share is a/(a+j+1) · (1 − I_x(a + 1, j + 1)), x = e^(−θT). I_x is summed up over j from I_x(a + 1, 1) = x^(a+1).
 */
export function answeredWithinA(load: ImpatientLoad, agents: number, seconds: number): number {
  if (!(seconds >= 0)) throw new RangeError(`seconds is ${seconds}; it must not be negative`);
  const { probabilities } = chain(load, agents);
  const a = (agents * load.patienceSeconds) / load.handleSeconds;
  const x = Math.exp(-seconds / load.patienceSeconds);
  let share = 0;
  for (let callers = 0; callers < agents; callers++) share += probabilities[callers] ?? 0;
  let term = x ** (a + 1);
  let inverse = term;
  for (let j = 0; agents + j < probabilities.length; j++) {
    share += (probabilities[agents + j] ?? 0) * (a / (a + j + 1)) * Math.max(0, 1 - inverse);
    term *= ((1 - x) * (a + 1 + j)) / (j + 1);
    inverse += term;
  }
  return share;
}

/** Probability of each number of callers in the system, up to where more is negligible. */
function chain(load: ImpatientLoad, agents: number): { probabilities: number[] } {
  const { arrivalRate, handleSeconds, patienceSeconds } = load;
  mustBePositive({ arrivalRate, handleSeconds, patienceSeconds });
  mustBeAgents(agents);
  const departures = (callers: number) =>
    Math.min(callers, agents) / handleSeconds + Math.max(0, callers - agents) / patienceSeconds;
  // Begin at the likeliest number and go both ways from it, so that nothing overflows.
  let likeliest = 0;
  while (arrivalRate > departures(likeliest + 1)) likeliest++;
  const below: number[] = [];
  for (let p = 1, k = likeliest; k > 0; k--) {
    p *= departures(k) / arrivalRate;
    below.push(p);
  }
  const weights = [...below.reverse(), 1];
  for (let p = 1, k = likeliest + 1; p > negligible || k <= agents; k++) {
    p *= arrivalRate / departures(k);
    weights.push(p);
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { probabilities: weights.map((weight) => weight / total) };
}
