import { expect, test } from 'vitest';
import type { HotlineEvent } from '../../services/events/events.ts';
import { createShipper } from '../../services/runtime/shipper.ts';
import { SimulatedTime } from '../support/simulated-time.ts';

/** Lets promises settle, then time pass. */
async function pass(time: SimulatedTime, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    for (let i = 0; i < 10; i++) await Promise.resolve();
    time.pass(50);
  }
}

function setUp() {
  const time = new SimulatedTime(0);
  const journal = { id: 'j', events: [] as HotlineEvent[], lastSeq: 0 };
  const store = { seqs: [] as number[], away: false, failsAfterWriting: false };
  const states: boolean[] = [];
  const shipper = createShipper({
    journal: {
      shippedAs: 'j',
      get lastSeq() {
        return journal.lastSeq;
      },
      agree: (position: number) => position,
      readDurable: (seq: number, limit: number) => journal.events.filter((e) => e.seq > seq).slice(0, limit),
    },
    history: {
      position: async () => {
        if (store.away) throw new Error('away');
        return store.seqs.at(-1) ?? 0;
      },
      write: async (_id, events) => {
        if (store.away) throw new Error('away');
        store.seqs.push(...events.map((e) => e.seq).filter((seq) => seq > (store.seqs.at(-1) ?? 0)));
        if (store.failsAfterWriting) {
          store.failsAfterWriting = false;
          throw new Error('connection lost after commit');
        }
      },
    },
    schedule: time.schedule,
    onState: (up) => void states.push(up),
    onShipped: () => undefined,
  });
  const happen = (count: number) => {
    for (let i = 0; i < count; i++) journal.events.push({ seq: ++journal.lastSeq } as HotlineEvent);
    shipper.nudge();
  };
  return { time, store, states, shipper, happen };
}
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

test('nothing is sent before the tables are there', async () => {
  const { time, store, shipper, happen } = setUp();
  happen(5);
  await pass(time, 1_000);
  expect(store.seqs).toEqual([]);
  expect(shipper.backlog()).toBe(5);
  shipper.start();
  await pass(time, 1_000);
  expect(store.seqs).toEqual(upTo(5));
  expect(shipper.backlog()).toBe(0);
});

test('Postgres goes away and comes back: every event once, in order, and the change is told once each way', async () => {
  const { time, store, states, shipper, happen } = setUp();
  shipper.start();
  happen(3);
  await pass(time, 500);
  store.away = true;
  happen(4);
  await pass(time, 60_000);
  expect(shipper.up()).toBe(false);
  expect(shipper.backlog()).toBe(4);
  store.away = false;
  await pass(time, 10_000);
  expect(store.seqs).toEqual(upTo(7));
  expect(states).toEqual([true, false, true]);
});

test('the connection is lost after the commit: the position is asked again, nothing is stored twice', async () => {
  const { time, store, shipper, happen } = setUp();
  shipper.start();
  happen(3);
  store.failsAfterWriting = true;
  await pass(time, 5_000);
  happen(2);
  await pass(time, 5_000);
  expect(store.seqs).toEqual(upTo(5));
});

test('more events than one batch holds are sent one batch after another', async () => {
  const { time, store, shipper, happen } = setUp();
  shipper.start();
  happen(5_001);
  await pass(time, 2_000);
  expect(store.seqs).toHaveLength(5_001);
});
