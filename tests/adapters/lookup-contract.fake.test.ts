import { FakeLookupSource } from '../support/fake-lookup-source.ts';
import { lookupContract } from './lookup-contract.ts';

lookupContract('the fake', {
  declared: { source: { kind: 'sql' }, question: { sql: 'select :account' } },
  make: async () => {
    const source = new FakeLookupSource((_lookup, { account }) =>
      account === '3100000001' ? { balance: '128.50', dueDate: '2026-05-20', standing: 'in-credit' } : null,
    );
    return {
      source,
      setMood: async (mood) => {
        source.mood = mood;
      },
      close: async () => undefined,
    };
  },
});
