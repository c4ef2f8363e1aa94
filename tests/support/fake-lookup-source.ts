import type { LookupSourcePort, SourceAnswer } from '../../services/runtime/lookup-source.ts';
import { SourceAway } from '../../services/runtime/lookup-source.ts';

/** What a source does with a question: answers it; never answers; refuses; answers what nobody declared. */
export type SourceMood = 'answers' | 'hangs' | 'refuses' | 'babbles';

/** Answers by lookup: what is known for these parameters, null for not found. */
export type FakeAnswers = (lookup: string, parameters: Readonly<Record<string, string>>) => SourceAnswer;

/** A data source in memory, for simulated time; it keeps the same promises as the real ones (lookup-contract.ts). */
export class FakeLookupSource implements LookupSourcePort {
  mood: SourceMood = 'answers';
  /** What it was asked, in order. */
  readonly asked: { lookup: string; parameters: Readonly<Record<string, string>> }[] = [];
  readonly #answers: FakeAnswers;

  constructor(answers: FakeAnswers) {
    this.#answers = answers;
  }

  ask: LookupSourcePort['ask'] = (lookup, parameters, signal) => {
    this.asked.push({ lookup: lookup.id, parameters });
    switch (this.mood) {
      case 'answers':
        return Promise.resolve(this.#answers(lookup.id, parameters));
      case 'hangs':
        return new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(new SourceAway('it never answered')), { once: true }),
        );
      case 'refuses':
        return Promise.reject(new SourceAway('it refuses'));
      case 'babbles':
        return Promise.resolve(Object.fromEntries([...lookup.results.keys()].map((name) => [name, ['?']])));
      default:
        return this.mood satisfies never;
    }
  };

  close = async (): Promise<void> => undefined;
}
