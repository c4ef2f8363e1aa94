/** What comes in and how long it takes. Rates per second, durations in seconds: theory is written so. */
export type Load = {
  /** Calls per second. */
  readonly arrivalRate: number;
  /** Mean handle time: talk + hold + wrap-up. */
  readonly handleSeconds: number;
};

/** Offered load in erlangs: how many agents are busy on average if nobody ever waits or leaves. */
export const erlangs = ({ arrivalRate, handleSeconds }: Load): number => arrivalRate * handleSeconds;

/** Calls that come within an interval, as a rate. */
export const perInterval = (calls: number, intervalSeconds: number): number => calls / intervalSeconds;

/** @throws {RangeError} naming what is no positive, finite number */
export function mustBePositive(values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values))
    if (!(Number.isFinite(value) && value > 0))
      throw new RangeError(`${name} is ${value}; it must be a positive number`);
}

/** @throws {RangeError} when it is no whole number of at least 1 */
export function mustBeAgents(agents: number): void {
  if (!Number.isInteger(agents) || agents < 1)
    throw new RangeError(`agents is ${agents}; it must be a whole number of at least 1`);
}
