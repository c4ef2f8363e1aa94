import fc from 'fast-check';
import type { LookupAnswer } from '../../services/ivr/flow-test-text.ts';
import type { LookupResultType, Lookups } from '../../services/ivr/lookups.ts';
import type { TrialCall } from '../../services/ivr/trial/trial-call.ts';

/** A caller who does anything at any time: who calls when, what sources answer, and what is done at each step (as an index). */
export type RandomCaller = {
  readonly at: string;
  readonly caller: string;
  readonly switches: string[];
  readonly full: string[];
  readonly lookups: Record<string, LookupAnswer[]>;
  readonly choices: number[];
};

export function randomCaller(names: {
  switches: readonly string[];
  queues: readonly string[];
  lookups: Lookups['lookups'];
}): fc.Arbitrary<RandomCaller> {
  const answers = [...names.lookups].map(
    ([name, { results }]) => [name, fc.array(answerOf(results), { minLength: 1, maxLength: 3 })] as const,
  );
  return fc.record({
    at: fc
      .date({
        min: new Date('2026-01-01T00:00:00Z'),
        max: new Date('2027-12-31T00:00:00Z'),
        noInvalidDate: true,
      })
      .map((date) => date.toISOString().slice(0, 16)),
    caller: fc.constantFrom('13800138000', '', 'anonymous', '+8613800138000', '95598'),
    switches: fc.subarray([...names.switches]),
    full: fc.subarray([...names.queues]),
    lookups: fc.record(Object.fromEntries(answers)),
    choices: fc.array(fc.nat(), { maxLength: 40 }),
  });
}

const answerOf = (results: ReadonlyMap<string, LookupResultType>): fc.Arbitrary<LookupAnswer> =>
  fc.oneof(
    fc.constantFrom('not-found' as const, 'failed' as const, 'timed-out' as const),
    fc
      .record(Object.fromEntries([...results].map(([name, type]) => [name, valueOfType(type)])))
      .map((found) => ({ found })),
  );

/** What a source may tell, '' and nonsense included. */
function valueOfType(type: LookupResultType): fc.Arbitrary<string> {
  const odd = fc.constantFrom('', '-', 'unknown');
  switch (type.kind) {
    case 'code':
      return fc.oneof(fc.constantFrom(...type.codes), odd);
    case 'amount':
      return fc.oneof(
        fc.nat(10_000_000).map((fen) => (fen / 100).toFixed(2)),
        odd,
      );
    case 'count':
      return fc.oneof(fc.nat(1_000_000).map(String), odd);
    case 'date':
      return fc.oneof(fc.constantFrom('2026-03-02', '2026-02-29', '2027-12-31'), odd);
    case 'time':
      return fc.oneof(fc.constantFrom('00:00', '09:30', '23:59'), odd);
    case 'digits':
      return fc.oneof(fc.stringMatching(/^\d{1,13}$/), odd);
    case 'text':
      return fc.string({ maxLength: 20 });
    default:
      return type satisfies never;
  }
}

const pressed = [
  ...'0123456789*#',
  '3100000001#',
  '3700000000002',
  '370102',
  '12#',
  '2600000006',
  '0#',
  '9#',
];
const anytime = [...pressed, ...pressed.map((keys) => `!${keys}`)];

/** What a caller, or the world, may do now. */
export function possibleSteps(call: TrialCall): readonly string[] {
  switch (call.waiting.kind) {
    case 'queue':
      return [...anytime, 'answered', 'agent-lost', 'timeout', '30s', '600s'];
    case 'keys':
      return [...anytime, '.'];
    case 'recording':
      return ['.', 'speaks', '0', '*', '5'];
    case 'transfer':
      return ['answered', 'timeout', '0', '*'];
    default:
      return anytime;
  }
}

/** The step of somebody who has put the telephone down beside it. */
export function silentStep(call: TrialCall): string {
  const { kind } = call.waiting;
  return kind === 'queue' || kind === 'transfer' ? 'timeout' : '.';
}
