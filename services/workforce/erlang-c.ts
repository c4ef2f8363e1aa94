import { erlangs, type Load, mustBeAgents, mustBePositive } from './load.ts';

/** A queue in which nobody ever gives up, in its long run. Probabilities 0–1, times in seconds. */
export type ErlangC =
  | {
      readonly stable: true;
      /** Probability of having to wait. */
      readonly waits: number;
      /** Mean wait of all callers, those who need not wait included. */
      readonly answerSeconds: number;
      readonly occupancy: number;
      /** Mean number who wait. */
      readonly waiting: number;
    }
  /** As much comes in as can be handled, or more: the queue grows for ever, and no number says anything. */
  | { readonly stable: false };

/**
 * Probability that all agents are busy if callers who find no agent free are lost. Recursive, hence without factorials:
 * B₀ = 1, Bₖ = A·Bₖ₋₁ / (k + A·Bₖ₋₁) (Erlang 1917).
 */
export function erlangB(load: number, agents: number): number {
  let blocked = 1;
  for (let k = 1; k <= agents; k++) blocked = (load * blocked) / (k + load * blocked);
  return blocked;
}

/** The M/M/n queue (Erlang C): P_w = n·B / (n − A(1 − B)). */
export function erlangC(load: Load, agents: number): ErlangC {
  mustBePositive({ arrivalRate: load.arrivalRate, handleSeconds: load.handleSeconds });
  mustBeAgents(agents);
  const offered = erlangs(load);
  if (agents <= offered) return { stable: false };
  const blocked = erlangB(offered, agents);
  const waits = (agents * blocked) / (agents - offered * (1 - blocked));
  return {
    stable: true,
    waits,
    answerSeconds: (waits * load.handleSeconds) / (agents - offered),
    occupancy: offered / agents,
    waiting: (waits * offered) / (agents - offered),
  };
}

/** Share of callers answered within `seconds`: 1 − P_w·e^(−(n − A)·T / AHT). 0 when the queue grows for ever. */
export function answeredWithinC(load: Load, agents: number, seconds: number): number {
  const queue = erlangC(load, agents);
  if (!queue.stable) return 0;
  return 1 - queue.waits * Math.exp((-(agents - erlangs(load)) * seconds) / load.handleSeconds);
}

/** The fewest agents who answer `share` of the callers within `seconds`. A share of 1 is out of reach of any number. */
export function agentsNeeded(load: Load, target: { share: number; seconds: number }): number {
  if (!(target.share >= 0 && target.share < 1))
    throw new RangeError(`share is ${target.share}; it must be at least 0 and below 1`);
  // Waiting ever less with more agents, the share only grows: the first that reaches it is the fewest.
  let agents = Math.floor(erlangs(load)) + 1;
  while (answeredWithinC(load, agents, target.seconds) < target.share) agents++;
  return agents;
}

/** How many must be on the roster for so many to sit there, when this share of them is away (breaks, training, illness). */
export function rostered(agents: number, shrinkage: number): number {
  if (!(shrinkage >= 0 && shrinkage < 1))
    throw new RangeError(`shrinkage is ${shrinkage}; it must be at least 0 and below 1`);
  // 14 / 0.7 is 20.000000000000004 to a computer.
  return Math.ceil(agents / (1 - shrinkage) - 1e-9);
}
