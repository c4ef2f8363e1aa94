import { checkValues } from '../../services/ivr/lookup-values.ts';
import type { Lookup, Lookups } from '../../services/ivr/lookups.ts';
import type { LookupAnswer, LookupPort, LookupSink } from '../../services/runtime/lookup-port.ts';
import { SourceGate } from '../../services/runtime/source-gate.ts';
import type { SimulatedTime } from './simulated-time.ts';

type Given = Readonly<Record<string, string>>;
type Question = { lookup: string; parameters: Given };
type Outcome = Pick<LookupAnswer, 'result' | 'values' | 'because'>;
type Order = Parameters<LookupPort['ask']>[0];

/**
 * What a source does with a question: knows it; does not; refuses (`failed`); never answers (`timed-out`). null: whatever it answered is
 * lost on its way to the engine, as when a controller dies; that alone no real port does.
 */
export type FakeAnswer =
  | { readonly result: 'found'; readonly values: Readonly<Record<string, unknown>> }
  | { readonly result: 'not-found' | 'failed' | 'timed-out' }
  | null;

export type FakeLookupsOptions = {
  readonly time: Pick<SimulatedTime, 'now' | 'schedule'>;
  readonly lookups: Lookups;
  readonly sink: LookupSink;
  readonly onSource?: (source: string, change: 'rests' | 'is-back') => void;
};

/**
 * The sources of lookups on simulated time, with the promises of the real ones (tests/adapters/lookup-contract.ts). Everything is not
 * found until the test says what is.
 */
export function createFakeLookups({ time, lookups, sink, onSource }: FakeLookupsOptions) {
  const asked: Question[] = [];
  const answers = new Map<string, (parameters: Given) => FakeAnswer>();
  let otherwise = (_lookup: string, _parameters: Given): FakeAnswer => ({ result: 'not-found' });
  let tookMs = 50;
  const gates = new Map([...lookups.sources].map(([name, source]) => [name, new SourceGate(source)]));

  const ask = (order: Order): void => {
    const tell = (outcome: Outcome) => sink({ kind: 'lookup-ended', lookupId: order.lookupId, ...outcome });
    const lookup = lookups.lookups.get(order.lookup);
    const gate = lookup && gates.get(lookup.source);
    if (!lookup || !gate) {
      time.schedule(0, () => tell(failed(`there is no lookup ${order.lookup}`)));
    } else if (gate.isClosed(time.now())) {
      const because = `${lookup.source} did not answer lately and is not asked now`;
      time.schedule(0, () => tell(failed(because)));
    } else askSource(order, lookup, gate, tell);
  };

  function askSource(order: Order, lookup: Lookup, gate: SourceGate, tell: (outcome: Outcome) => void): void {
    const limitMs = Math.min(order.timeoutMs, lookup.timeoutMs);
    let stage: 'waits' | 'is asked' | 'is over' = 'waits';
    const leave = (sourceAnswered: boolean) => {
      const change = gate.leave(sourceAnswered, time.now());
      if (change !== null) onSource?.(lookup.source, change);
    };
    let giveUp: () => void = () => undefined;
    const cancel = time.schedule(limitMs, () => {
      if (stage === 'waits') giveUp();
      else leave(false);
      stage = 'is over';
      const because = `${lookup.source} did not answer within ${limitMs} ms`;
      tell({ result: 'timed-out', values: {}, because });
    });
    giveUp = gate.queue(() => {
      stage = 'is asked';
      asked.push({ lookup: order.lookup, parameters: order.parameters });
      const answer = (answers.get(order.lookup) ?? ((given) => otherwise(order.lookup, given)))(
        order.parameters,
      );
      if (answer?.result === 'timed-out') return;
      time.schedule(tookMs, () => {
        if (stage === 'is over') return;
        stage = 'is over';
        cancel();
        leave(answer?.result !== 'failed');
        if (answer !== null) tell(outcomeOf(lookup, answer));
      });
    });
  }

  return {
    port: { ask } satisfies LookupPort,
    /** All questions that reached a source so far. */
    asked,
    takes: (ms: number) => {
      tookMs = ms;
    },
    /** What is answered where nothing else was said. */
    answersOtherwise: (answer: typeof otherwise) => {
      otherwise = answer;
    },
    answers: (lookup: string, answer: FakeAnswer | ((parameters: Given) => FakeAnswer)) =>
      void answers.set(lookup, typeof answer === 'function' ? answer : () => answer),
  };
}

/** What the source answered, held against what was declared. */
function outcomeOf(lookup: Lookup, answer: NonNullable<FakeAnswer>): Outcome {
  if (answer.result !== 'found')
    return { result: answer.result, values: {}, because: 'answered by the test' };
  const checked = checkValues(lookup, answer.values);
  return 'values' in checked
    ? { result: 'found', values: checked.values, because: `${lookup.source} answered` }
    : failed(`${lookup.source} answered what was not declared: ${checked.problem}`);
}

const failed = (because: string): Outcome => ({ result: 'failed', values: {}, because });
