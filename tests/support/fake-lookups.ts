import type { LookupAnswer, LookupPort, LookupSink } from '../../services/runtime/lookup-port.ts';
import type { Scheduler } from './fake-telephony.ts';

type Question = { lookup: string; parameters: Readonly<Record<string, string>> };
/** What a source answers; null: nothing, ever. */
export type FakeAnswer = Partial<Omit<LookupAnswer, 'kind' | 'lookupId'>> | null;

/** A data source on simulated time. Everything is not found until the test says what is. */
export function createFakeLookups(scheduler: Scheduler, sink: LookupSink) {
  const asked: Question[] = [];
  const answers = new Map<string, (parameters: Question['parameters']) => FakeAnswer>();
  let otherwise: (lookup: string) => FakeAnswer = () => ({});
  let tookMs = 50;
  const port: LookupPort = {
    ask({ lookupId, lookup, parameters }) {
      asked.push({ lookup, parameters });
      const answer = answers.has(lookup) ? answers.get(lookup)?.(parameters) : otherwise(lookup);
      if (answer === null) return;
      scheduler.schedule(tookMs, () =>
        sink({
          kind: 'lookup-ended',
          lookupId,
          result: 'not-found',
          values: {},
          because: 'answered by the test',
          ...answer,
        }),
      );
    },
  };
  return {
    port,
    /** All questions so far. */
    asked,
    takes: (ms: number) => {
      tookMs = ms;
    },
    /** What is answered where nothing else was said. */
    answersOtherwise: (answer: (lookup: string) => FakeAnswer) => {
      otherwise = answer;
    },
    answers: (lookup: string, answer: FakeAnswer | ((parameters: Question['parameters']) => FakeAnswer)) =>
      void answers.set(lookup, typeof answer === 'function' ? answer : () => answer),
  };
}
