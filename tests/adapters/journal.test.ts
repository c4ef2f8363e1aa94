import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HotlineEvent } from '../../services/events/events.ts';
import { Journal, type JournalState } from '../../services/runtime/journal.ts';
import { until } from '../support/until.ts';

let folder: string;
let problems: JournalState[];
const open = () =>
  new Journal({
    file: join(folder, 'journal.db'),
    newId: `journal-${Math.random()}`,
    onProblem: (state) => void problems.push(state),
  });
const event = (seq: number) =>
  ({
    type: 'NodeConnected',
    nodeId: 'n1',
    eventId: `e-${seq}`,
    seq,
    at: 1_700_000_000_000 + seq,
  }) as unknown as HotlineEvent;
const events = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => event(from + i));
const seqs = (journal: Journal, after = 0) => journal.read(after, 1_000).map((e) => e.seq);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  problems = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what was appended is there after the process died without a word, under the same journal id', () => {
  const first = open();
  first.append(events(1, 3));
  // No close: another opens the file as a new process would after kill -9.
  const second = open();
  expect(second.id).toBe(first.id);
  expect(second.read(0, 10)).toEqual(events(1, 3));
  expect(second.lastSeq).toBe(3);
  second.close();
  first.close();
});

test('events are forgotten only when they are both in Postgres and in the spare snapshot, and the sequence goes on', () => {
  const journal = open();
  journal.append(events(1, 10));
  journal.prune(8);
  expect(seqs(journal), 'no snapshot yet').toHaveLength(10);
  journal.saveSnapshot(6, '{"seq":6}');
  journal.prune(8);
  expect(seqs(journal)).toEqual([7, 8, 9, 10]);
  journal.saveSnapshot(10, '{"seq":10}');
  journal.prune(10);
  expect(seqs(journal), 'the snapshot before is the spare: what came after it stays').toEqual([7, 8, 9, 10]);
  journal.append(events(11, 12));
  journal.saveSnapshot(12, '{"seq":12}');
  journal.prune(12);
  journal.close();
  const again = open();
  expect(seqs(again)).toEqual([11, 12]);
  expect(again.lastSeq, 'the next event is 13').toBe(12);
  expect([...again.snapshots()]).toEqual(['{"seq":12}', '{"seq":10}']);
  again.close();
});

test('both snapshots and no events: the sequence goes on behind them', () => {
  const journal = open();
  journal.append(events(1, 3));
  journal.saveSnapshot(2, '{"seq":2}');
  journal.saveSnapshot(3, '{"seq":3}');
  journal.append(events(4, 4));
  journal.saveSnapshot(4, '{"seq":4}');
  journal.saveSnapshot(5, '{"seq":5}');
  journal.prune(9);
  expect(seqs(journal)).toEqual([]);
  journal.close();
  const again = open();
  expect(again.lastSeq).toBe(5);
  again.close();
});

test('the disk refuses for a while: events are held, an alarm is raised once, and all are written in order afterwards', async () => {
  const journal = open();
  journal.append(events(1, 2));
  const blocker = new DatabaseSync(join(folder, 'journal.db'));
  blocker.exec('begin immediate');
  journal.append(events(3, 4));
  journal.append(events(5, 5));
  expect(journal.state()).toMatchObject({ ok: false, heldInMemory: 3 });
  expect(problems).toHaveLength(1);
  expect(problems[0]?.problem).toMatch(/locked/);
  expect(journal.lastSeq).toBe(5);
  blocker.exec('rollback');
  blocker.close();
  await until('the held events are written', () => journal.state().ok);
  expect(seqs(journal)).toEqual([1, 2, 3, 4, 5]);
  expect(problems.at(-1)).toMatchObject({ ok: true, heldInMemory: 0 });
  journal.close();
});

test('starts are counted, so that restarts can be told', () => {
  const first = open();
  expect(first.countStart()).toBe(1);
  first.close();
  const second = open();
  expect(second.countStart()).toBe(2);
  second.close();
});
