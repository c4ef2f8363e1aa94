import type { QueueId, VisitId } from '../events/ids.ts';
import { expectedWait, patienceOf } from '../queueing/expected-wait.ts';
import type { Scenario } from './scenario.ts';
import { simulate, type Watcher } from './simulate.ts';

/** How good an estimate of the wait was, over the callers who had one made on joining and stayed. */
export type EstimateError = {
  readonly callers: number;
  readonly meanWaitMs: number;
  /** Estimate less reality; positive when it promised too long a wait. */
  readonly meanErrorMs: number;
  readonly meanAbsoluteErrorMs: number;
  readonly p90AbsoluteErrorMs: number;
};

export type BackTest = {
  readonly model: EstimateError;
  /** Of how many the real wait was at most what nine of ten should wait: 0.9 if the model is right. */
  readonly withinNineOfTen: number;
  /** The same callers told (ahead + 1) calls shared among the agents, without anybody giving up. */
  readonly simple: EstimateError;
};

/** Of how many callers the wait is looked at: they have no end of patience, as of others it is not known how long they would have waited. */
const patientShare = 0.02;

/** A day in which few wait says little: it is repeated, with other callers, until so many have been seen or this is enough of trying. */
const enoughCallers = 200;
const maxDays = 100;
const maxVisits = 500_000;

/** Nothing is said, nor tested, before so many calls have been handled. */
const callsUntilKnown = 20;

type Seen = { real: number; model: number; nineOfTen: number; simple: number };

/** Makes estimates in a simulated centre as one would in a real one, from what was measured there so far, and looks how long it really took. */
export function backTest(scenario: Scenario, seed: number): BackTest | null {
  const measured = new Map<QueueId, Measured>();
  const of = (queue: QueueId): Measured => {
    const one = measured.get(queue) ?? {
      handled: 0,
      occupiedMs: 0,
      abandoned: 0,
      waitAnsweredMs: 0,
      waitAbandonedMs: 0,
    };
    measured.set(queue, one);
    return one;
  };
  const told = new Map<VisitId, Omit<Seen, 'real'>>();
  const seen: Seen[] = [];
  const watcher: Watcher = {
    waits(visit, { queue, ahead, atWork, patient }) {
      const known = of(queue);
      if (!patient || known.handled < callsUntilKnown) return;
      const occupiedMs = known.occupiedMs / known.handled;
      const wait = expectedWait({ ahead, agents: atWork, occupiedMs, patienceMs: patienceOf(known) });
      if (wait)
        told.set(visit, {
          model: wait.meanMs,
          nineOfTen: wait.nineOfTenMs,
          simple: ((ahead + 1) * occupiedMs) / atWork,
        });
    },
    answered(visit, queue, waitMs) {
      of(queue).waitAnsweredMs += waitMs;
      const estimate = told.get(visit);
      if (estimate) seen.push({ real: waitMs, ...estimate });
    },
    gaveUp(_visit, queue, waitMs) {
      const known = of(queue);
      known.abandoned++;
      known.waitAbandonedMs += waitMs;
    },
    occupied(queue, ms) {
      const known = of(queue);
      known.handled++;
      known.occupiedMs += ms;
    },
  };
  const watched = { ...scenario, queues: scenario.queues.map((q) => ({ ...q, patientShare })) };
  let visits = 0;
  for (let day = 0; day < maxDays && seen.length < enoughCallers && visits < maxVisits; day++) {
    visits += simulate(watched, seed + day, watcher).visits;
    told.clear();
  }
  if (seen.length === 0) return null;
  return {
    model: errorOf(seen, (s) => s.model),
    withinNineOfTen: seen.filter((s) => s.real <= s.nineOfTen).length / seen.length,
    simple: errorOf(seen, (s) => s.simple),
  };
}

type Measured = {
  handled: number;
  occupiedMs: number;
  abandoned: number;
  waitAnsweredMs: number;
  waitAbandonedMs: number;
};

function errorOf(seen: readonly Seen[], estimate: (one: Seen) => number): EstimateError {
  const errors = seen.map((one) => estimate(one) - one.real);
  const absolute = errors.map(Math.abs).sort((a, b) => a - b);
  const mean = (values: readonly number[]) =>
    Math.round(values.reduce((sum, value) => sum + value, 0) / values.length);
  return {
    callers: seen.length,
    meanWaitMs: mean(seen.map(({ real }) => real)),
    meanErrorMs: mean(errors),
    meanAbsoluteErrorMs: mean(absolute),
    p90AbsoluteErrorMs: Math.round(absolute[Math.ceil(0.9 * absolute.length) - 1] ?? 0),
  };
}
