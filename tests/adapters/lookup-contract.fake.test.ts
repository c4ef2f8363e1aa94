import { FakeLookupSource, type SourceMood } from '../support/fake-lookup-source.ts';
import { createFakeLookups, type FakeAnswer } from '../support/fake-lookups.ts';
import { SimulatedTime } from '../support/simulated-time.ts';
import { NotInTime } from '../support/until.ts';
import { lookupContract, openSource } from './lookup-contract.ts';

const declared = { source: { kind: 'sql' }, question: { sql: 'select :account' } } as const;
const known = { balance: '128.50', dueDate: '2026-05-20', standing: 'in-credit' };

lookupContract('the fake source', {
  declared,
  make: async () => {
    const source = new FakeLookupSource((_lookup, { account }) => (account === '3100000001' ? known : null));
    return {
      ...openSource(source),
      setMood: async (mood) => {
        source.mood = mood;
      },
      close: async () => undefined,
    };
  },
});

/** What the simulated hotline asks (tests/support/simulated-hotline.ts). */
lookupContract('the fake on simulated time', {
  declared,
  make: async () => {
    const time = new SimulatedTime(0);
    let mood: SourceMood = 'answers';
    const answer = (account: string | undefined): FakeAnswer => {
      switch (mood) {
        case 'answers':
          return account === '3100000001' ? { result: 'found', values: known } : { result: 'not-found' };
        case 'hangs':
          return { result: 'timed-out' };
        case 'refuses':
          return { result: 'failed' };
        case 'babbles':
          return { result: 'found', values: { balance: 'much' } };
        default:
          return mood satisfies never;
      }
    };
    return {
      open: ({ lookups, sink, onSource }) => {
        const fake = createFakeLookups({ time, lookups, sink, onSource });
        fake.answersOtherwise((_lookup, { account }) => answer(account));
        return fake.port;
      },
      setMood: async (next) => {
        mood = next;
      },
      async until(what, probe, { withinMs = 5_000, everyMs = 10 } = {}) {
        const giveUpAt = time.now() + withinMs;
        while (!(await probe())) {
          if (time.now() >= giveUpAt) throw new NotInTime(`not within ${withinMs} ms: ${what}`);
          time.pass(everyMs);
        }
      },
      close: async () => undefined,
    };
  },
});
