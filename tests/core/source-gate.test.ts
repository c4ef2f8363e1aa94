import { expect, test } from 'vitest';
import { SourceGate } from '../../services/runtime/source-gate.ts';

const gate = () => new SourceGate({ maxAtOnce: 2, failuresUntilRest: 3, restMs: 10_000 });

/** So many questions that fail, one after another, at this moment. */
function fail(door: SourceGate, times: number, nowMs: number) {
  return Array.from({ length: times }, () => {
    door.queue(() => undefined);
    return door.leave(false, nowMs);
  });
}

test('no more enter at once than may; the others follow in their order, and one that gave up does not', () => {
  const door = gate();
  const entered: string[] = [];
  const enter = (name: string) => door.queue(() => entered.push(name));
  enter('first');
  enter('second');
  const giveUp = enter('third');
  enter('fourth');
  expect(entered).toEqual(['first', 'second']);
  giveUp();
  door.leave(true, 0);
  expect(entered).toEqual(['first', 'second', 'fourth']);
  door.leave(true, 0);
  door.leave(true, 0);
  enter('fifth');
  expect(entered.at(-1)).toBe('fifth');
});

test('after three failures in a row it is closed for its rest; an answer between them begins the count anew', () => {
  const door = gate();
  expect(fail(door, 2, 0)).toEqual([null, null]);
  door.queue(() => undefined);
  expect(door.leave(true, 0)).toBeNull();
  expect(fail(door, 3, 1_000)).toEqual([null, null, 'rests']);
  expect(door.isClosed(1_000)).toBe(true);
  expect(door.isClosed(10_999)).toBe(true);
  expect(door.isClosed(11_000)).toBe(false);
});

test('after its rest one goes ahead: the others wait outside until it was answered', () => {
  const door = gate();
  fail(door, 3, 0);
  door.queue(() => undefined);
  expect(door.isClosed(10_000)).toBe(true);
  expect(door.leave(true, 10_100)).toBe('is-back');
  expect(door.isClosed(10_100)).toBe(false);
  expect(fail(door, 2, 10_200)).toEqual([null, null]);
  expect(door.isClosed(10_200)).toBe(false);
});

test('one that goes ahead and fails makes it rest again, which nobody is told twice', () => {
  const door = gate();
  fail(door, 3, 0);
  expect(door.isClosed(10_000)).toBe(false);
  expect(fail(door, 1, 12_000)).toEqual([null]);
  expect(door.isClosed(21_999)).toBe(true);
  expect(door.isClosed(22_000)).toBe(false);
});
