import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyLedger, foldLedger } from '../../services/cdr/ledger.ts';
import type { HotlineEvent } from '../../services/events/events.ts';
import { asId, type CallId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import { HeldEvents } from '../../services/runtime/journal/held-events.ts';
import { Journal, type JournalLoss } from '../../services/runtime/journal.ts';
import { eventsOfCall, numbered } from '../support/histories.ts';
import { journalEvents } from '../support/journal-events.ts';
import { until } from '../support/until.ts';

let folder: string;
let file: string;
let losses: JournalLoss[];
let journal: Journal;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-limit-'));
  file = join(folder, 'journal.db');
  losses = [];
});
afterEach(() => {
  journal.close();
  rmSync(folder, { recursive: true, force: true });
});
const open = (mostBytes?: number) => {
  journal = new Journal({
    file,
    newId: 'j',
    onProblem: () => undefined,
    onLoss: (loss) => void losses.push(loss),
    ...(mostBytes !== undefined && { mostBytes }),
  });
  return journal;
};

const detail = {
  type: 'DigitPressed',
  callId: asId<CallId>('n1-1772413200.0'),
  digit: '5'.repeat(300),
  result: 'ignored',
} as const;
const answeredCalls = (count: number): HotlineEvent[] =>
  numbered(
    Array.from({ length: count }, (_, index) =>
      eventsOfCall({
        call: `n1-1772413200.${index}`,
        arrivedAt: instant(Date.parse('2026-03-02T09:00:00+08:00') + index * 1_000),
        callerNumber: '13800138000',
        visits: [
          {
            queue: 'billing',
            beforeMs: 6_000,
            waitMs: 8_000,
            missedRings: [],
            end: {
              kind: 'answered',
              agent: '1001',
              ringMs: 3_000,
              talk: { talkMs: 3_000, holdMs: 0 },
              wrapUpMs: 10_000,
            },
          },
        ],
      }),
    )
      .flat()
      // A way through menus: nothing of it is in a record.
      .flatMap((said) => [said, { at: said.at, body: detail }]),
  );
const recordsOf = (events: readonly HotlineEvent[]) => [...foldLedger(emptyLedger(), events).calls.values()];

test('Postgres stays away and the journal is full: details of past calls go first, and every record is still whole', async () => {
  const events = answeredCalls(300);
  const folded = events.length - 200;
  open(1_500_000).append(events);
  const full = journal.size().usedBytes;
  expect(full).toBeGreaterThan(1_500_000);
  for (const seq of [folded, folded + 1]) journal.saveSnapshot(seq, `{"seq":${seq}}`);
  await until('it to keep to its limit', () => journal.size().usedBytes <= 1_500_000);
  const left = journal.read(0, 100_000);
  expect(left.length).toBeLessThan(events.length);
  expect(recordsOf(left)).toEqual(recordsOf(events));
  expect(
    left.filter((event) => event.seq > folded),
    'what a start needs is all there',
  ).toEqual(events.slice(folded));
  expect(losses).toMatchObject([{ what: expect.stringContaining('full') }]);
  expect(journal.state().lost, 'no record is lost').toBe(0);
});

test('details are not enough: the oldest events go, counted as lost, and those since the snapshot stay', async () => {
  const events = answeredCalls(300);
  const folded = events.length - 200;
  open(400_000).append(events);
  for (const seq of [folded, folded + 1]) journal.saveSnapshot(seq, `{"seq":${seq}}`);
  await until('it to keep to its limit', () => journal.size().usedBytes <= 400_000, { withinMs: 10_000 });
  const left = journal.read(0, 100_000);
  expect(left.filter((event) => event.seq > folded)).toEqual(events.slice(folded));
  expect(journal.state().lost).toBeGreaterThan(0);
  const seqs = left.map((event) => event.seq).filter((seq) => seq <= folded);
  expect(seqs[0], 'the newest of the past are left').toBeGreaterThan(events.length / 2);
});

test('after a drain the file gives its pages back, a few at a time', async () => {
  const events = journalEvents('j', 1, 20_000, 'text '.repeat(60));
  open();
  for (let at = 0; at < events.length; at += 1_000) journal.append(events.slice(at, at + 1_000));
  for (const seq of [19_999, 20_000]) journal.saveSnapshot(seq, `{"seq":${seq}}`);
  const full = journal.size().usedBytes;
  let slowestMs = 0;
  for (let turn = 0; turn < 400; turn++) {
    const begun = performance.now();
    journal.prune(20_000);
    slowestMs = Math.max(slowestMs, performance.now() - begun);
  }
  console.log(`prune: ${slowestMs.toFixed(1)} ms at most`);
  expect(
    journal.read(0, 10).map((event) => event.seq),
    'the spare snapshot lacks it',
  ).toEqual([20_000]);
  journal.close();
  expect(full).toBeGreaterThan(8_000_000);
  expect(statSync(file).size, 'two megabytes stay for what comes').toBeLessThan(2_500_000);
  open();
});

test('no room even in memory: the oldest go, counted, and the rest keep their order', () => {
  const held = new HeldEvents(1_000);
  for (let seq = 1; seq <= 5_000; seq += 10) held.add(journalEvents('j', seq, seq + 9));
  expect(held.size).toBeLessThanOrEqual(1_000);
  expect(held.size + held.lost).toBe(5_000);
  const seqs: number[] = [];
  while (held.size > 0) {
    const some = held.oldest(300);
    seqs.push(...some.map((event) => event.seq));
    held.written(some.length);
  }
  expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => 5_000 - seqs.length + 1 + index));
  open();
});
