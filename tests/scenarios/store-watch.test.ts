import { expect, test } from 'vitest';
import { createStoreWatch } from '../../services/runtime/store-watch.ts';
import { SimulatedTime } from '../support/simulated-time.ts';

async function pass(time: SimulatedTime, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    for (let i = 0; i < 10; i++) await Promise.resolve();
    time.pass(50);
  }
}

function setUp() {
  const time = new SimulatedTime(0);
  const said: boolean[] = [];
  const store = {
    answers: 'at once' as 'at once' | 'never' | 'with an error',
    asked: 0,
    release: (): void => undefined,
  };
  const watch = createStoreWatch({
    check: () => {
      store.asked += 1;
      if (store.answers === 'with an error') return Promise.reject(new Error('away'));
      if (store.answers === 'at once') return Promise.resolve();
      return new Promise((resolve) => {
        store.release = resolve;
      });
    },
    schedule: time.schedule,
    onChange: (answers) => void said.push(answers),
  });
  watch.start();
  return { time, said, store, watch };
}

test('a store that refuses is noticed within seconds though nobody writes to it, and so is that it is back', async () => {
  const { time, said, store, watch } = setUp();
  await pass(time, 30_000);
  expect(said).toEqual([]);
  store.answers = 'with an error';
  await pass(time, 6_000);
  expect(watch.answers()).toBe(false);
  store.answers = 'at once';
  await pass(time, 6_000);
  expect(said).toEqual([false, true]);
  watch.stop();
});

test('a store that hangs counts as away, is asked once, and is believed when it answers after all', async () => {
  const { time, said, store, watch } = setUp();
  store.answers = 'never';
  await pass(time, 60_000);
  expect(said).toEqual([false]);
  expect(store.asked).toBe(1);
  store.answers = 'at once';
  store.release();
  await pass(time, 500);
  expect(said).toEqual([false, true]);
  watch.stop();
  await pass(time, 30_000);
  expect(store.asked).toBe(1);
});
