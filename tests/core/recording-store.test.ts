import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRecordingStore } from '../../services/runtime/recording-store.ts';
import { SimulatedTime } from '../support/simulated-time.ts';

const dayMs = 24 * 3_600_000;
const startOfTest = Date.parse('2026-03-02T09:00:00+08:00');
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'recordings-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function recording(name: string, { bytes = 1_000, madeAt = startOfTest } = {}): string {
  const file = join(dir, name);
  writeFileSync(file, Buffer.alloc(bytes));
  utimesSync(file, madeAt / 1000, madeAt / 1000);
  return file;
}

function storeOf(limits: { days?: number; megabytes?: number } = {}) {
  const time = new SimulatedTime(startOfTest);
  const warnings: string[] = [];
  const store = createRecordingStore({
    dir,
    days: 90,
    megabytes: 1,
    ...limits,
    nowMs: time.now,
    schedule: time.schedule,
    log: { info: () => undefined, warn: (_, text) => void warnings.push(text) },
  });
  store.start();
  return { store, time, warnings };
}

test('recordings are kept for so many days, and then deleted', () => {
  const file = recording('a.wav');
  const { store, time } = storeOf({ days: 30 });
  time.pass(29.9 * dayMs);
  expect(existsSync(file)).toBe(true);
  time.pass(0.2 * dayMs);
  expect(existsSync(file)).toBe(false);
  store.stop();
});

test('what is no recording is left alone', () => {
  const file = recording('notes.txt', { madeAt: startOfTest - 1_000 * dayMs });
  storeOf();
  expect(existsSync(file)).toBe(true);
});

test('when there is no room nobody can leave a message, and it is said once; what is there stays', () => {
  const file = recording('a.wav', { bytes: 900_000 });
  const { store, time, warnings } = storeOf({ megabytes: 1 });
  expect(store.mayRecord()).toBe(true);
  recording('b.wav', { bytes: 200_000 });
  time.pass(180_000);
  expect(store.mayRecord()).toBe(false);
  expect(existsSync(file)).toBe(true);
  expect(warnings).toHaveLength(1);
  expect(warnings[0]).toContain('HOTLINE_RECORDINGS_MB');
  rmSync(file);
  time.pass(60_000);
  expect(store.mayRecord()).toBe(true);
});

test('a folder that is not there is said, and keeps nobody from speaking', () => {
  rmSync(dir, { recursive: true });
  const { store, warnings } = storeOf();
  expect(store.mayRecord()).toBe(true);
  expect(warnings).toHaveLength(1);
});
