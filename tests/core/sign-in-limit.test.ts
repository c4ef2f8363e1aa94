import { describe, expect, test } from 'vitest';
import { failureCounter, gate } from '../../services/adapters/http/sign-in-limit.ts';

describe('failed sign-ins are counted', () => {
  test('up to the limit within the window; then the key waits for the rest of the window', () => {
    const counter = failureCounter(2, 1000);
    counter.count('a', 0);
    expect(counter.blockedForMs('a', 100)).toBe(0);
    counter.count('a', 100);
    expect(counter.blockedForMs('a', 400)).toBe(600);
    expect(counter.blockedForMs('b', 400)).toBe(0);
    expect(counter.blockedForMs('a', 1000)).toBe(0);
  });

  test('a success clears its key; an attempt that was nobody’s fault is taken back', () => {
    const counter = failureCounter(1, 1000);
    counter.count('a', 0);
    counter.clear('a');
    expect(counter.blockedForMs('a', 0)).toBe(0);
    counter.count('a', 0);
    counter.takeBack('a');
    expect(counter.blockedForMs('a', 0)).toBe(0);
    expect(counter.size).toBe(0);
  });

  test('in bounded memory: the key that failed longest ago is forgotten', () => {
    const counter = failureCounter(1, 1000, 3);
    for (const key of ['a', 'b', 'c']) counter.count(key, 0);
    counter.count('a', 1);
    counter.count('d', 2);
    expect(counter.size).toBe(3);
    expect(['a', 'b', 'c', 'd'].filter((key) => counter.blockedForMs(key, 2) > 0)).toEqual(['a', 'c', 'd']);
  });
});

describe('the gate before the password check', () => {
  test('lets so many work and so many wait, and sends the rest away', async () => {
    const door = gate(2, 1);
    const leave: (() => void)[] = [];
    const work = () => new Promise<string>((resolve) => leave.push(() => resolve('done')));
    const first = door.run(work);
    const second = door.run(work);
    const waiting = door.run(work);
    expect(await door.run(work)).toBeUndefined();
    expect(leave).toHaveLength(2);
    leave[0]?.();
    expect(await first).toBe('done');
    expect(leave).toHaveLength(3);
    leave[1]?.();
    leave[2]?.();
    expect(await Promise.all([second, waiting])).toEqual(['done', 'done']);
  });

  test('work that fails leaves its place to the next', async () => {
    const door = gate(1, 1);
    const failing = door.run(() => Promise.reject(new Error('no')));
    const next = door.run(async () => 'done');
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('done');
    expect(await door.run(async () => 'again')).toBe('again');
  });
});
