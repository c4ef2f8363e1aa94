import { checkValues } from '../ivr/lookup-values.ts';
import type { Lookup, Lookups } from '../ivr/lookups.ts';
import type { LookupAnswer, LookupOrder, LookupPort, LookupSink } from './lookup-port.ts';
import { type LookupSourcePort, type SourceAnswer, SourceAway } from './lookup-source.ts';
import { SourceGate } from './source-gate.ts';

export type AskSourcesOptions = {
  readonly lookups: Lookups;
  /** By the names of `lookups.sources`. */
  readonly sources: ReadonlyMap<string, LookupSourcePort>;
  readonly sink: LookupSink;
  /** Passes steadily. */
  readonly nowMs: () => number;
  readonly schedule: (ms: number, callback: () => void) => () => void;
  /** A question failed, for the log: `error` may say more than a record may hold. */
  readonly onProblem: (lookup: string, problem: string, error: unknown) => void;
  /** A source is left alone from now on, or answers again. */
  readonly onSource: (source: string, change: 'rests' | 'is-back') => void;
};

type Outcome = Pick<LookupAnswer, 'result' | 'values' | 'because'>;
type Order = Omit<LookupOrder, 'kind'>;

/** Answers lookups from their sources: each in its time, whatever the source does. */
export function createAskSources(options: AskSourcesOptions): LookupPort & { close(): Promise<void> } {
  const { lookups, sources, nowMs, schedule } = options;
  const gates = new Map([...lookups.sources].map(([name, source]) => [name, new SourceGate(source)]));
  const underWay = new Set<AbortController>();
  let closed = false;

  const ask = (order: Order): void => {
    // Never within the call: whoever asks is in the middle of something.
    queueMicrotask(() => begin(order, once(order)));
  };

  /** Tells the answer, the first time it is called. */
  function once({ lookupId }: Order): (outcome: Outcome) => void {
    let told = false;
    return (outcome) => {
      if (told || closed) return;
      told = true;
      options.sink({ kind: 'lookup-ended', lookupId, ...outcome });
    };
  }

  function begin(order: Order, tell: (outcome: Outcome) => void): void {
    const lookup = lookups.lookups.get(order.lookup);
    const source = lookup && sources.get(lookup.source);
    const gate = lookup && gates.get(lookup.source);
    if (!lookup || !source || !gate) return tell(failed(`there is no lookup ${order.lookup}`));
    if (gate.isClosed(nowMs()))
      return tell(failed(`${lookup.source} did not answer lately and is not asked now`));
    const abort = new AbortController();
    const limitMs = Math.min(order.timeoutMs, lookup.timeoutMs);
    let giveUp: () => void = () => undefined;
    const cancel = schedule(limitMs, () => {
      giveUp();
      abort.abort();
      tell({
        result: 'timed-out',
        values: {},
        because: `${lookup.source} did not answer within ${limitMs} ms`,
      });
    });
    giveUp = gate.queue(() => {
      underWay.add(abort);
      void askOne(source, lookup, order, abort.signal).then(({ outcome, away }) => {
        cancel();
        underWay.delete(abort);
        const change = gate.leave(!away && !abort.signal.aborted, nowMs());
        if (change !== null) options.onSource(lookup.source, change);
        tell(outcome);
      });
    });
  }

  async function askOne(
    source: LookupSourcePort,
    lookup: Lookup,
    order: Order,
    signal: AbortSignal,
  ): Promise<{ outcome: Outcome; away: boolean }> {
    const parameters = Object.fromEntries(
      lookup.parameters.map((name) => [name, order.parameters[name] ?? '']),
    );
    try {
      return { outcome: outcomeOf(lookup, await source.ask(lookup, parameters, signal)), away: false };
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (!closed) options.onProblem(lookup.id, problem, error);
      return { outcome: failed(problem.slice(0, 200)), away: error instanceof SourceAway };
    }
  }

  function outcomeOf(lookup: Lookup, answer: SourceAnswer): Outcome {
    if (answer === null)
      return { result: 'not-found', values: {}, because: `${lookup.source} knows of no such thing` };
    const checked = checkValues(lookup, answer);
    if ('values' in checked)
      return { result: 'found', values: checked.values, because: `${lookup.source} answered` };
    const problem = `${lookup.source} answered what was not declared: ${checked.problem}`;
    options.onProblem(lookup.id, problem, null);
    return failed(problem);
  }

  return {
    ask,
    async close() {
      closed = true;
      for (const abort of underWay) abort.abort();
      await Promise.all([...sources.values()].map((source) => source.close()));
    },
  };
}

const failed = (because: string): Outcome => ({ result: 'failed', values: {}, because });
