import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Journal, type JournalLoss } from '../../services/runtime/journal.ts';
import { journalEvents } from '../support/journal-events.ts';
import { seededRandom } from '../support/simulated-time.ts';
import { until } from '../support/until.ts';

const seeds = process.env.HOTLINE_TEST_SEED
  ? [Number(process.env.HOTLINE_TEST_SEED)]
  : Array.from({ length: 200 }, (_, index) => index + 1);
const total = 400;
/** Long enough to need pages of its own. */
const snapshot = (seq: number) => JSON.stringify({ seq, text: 'state '.repeat(2_000) });

let scratch: string;
/** Journals as a killed controller leaves them: most in the database and some in the log, or all in the log. */
const originals: string[] = [];
const losses: JournalLoss[] = [];
let opened: Journal[] = [];

const open = (file: string): Journal => {
  const journal = new Journal({
    file,
    newId: 'new-name',
    onProblem: () => undefined,
    onLoss: (loss) => void losses.push(loss),
  });
  opened.push(journal);
  return journal;
};

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'journal-damage-'));
  for (const folded of [300, 0]) {
    const file = join(scratch, `original-${folded}.db`);
    const journal = new Journal({ file, newId: 'j', onProblem: () => undefined });
    for (let seq = 1; seq <= total; seq += 5) {
      journal.append(journalEvents('j', seq, seq + 4));
      if (seq % 100 === 96) journal.saveSnapshot(seq + 4, snapshot(seq + 4));
      if (seq + 4 === folded) {
        const other = new DatabaseSync(file);
        other.exec('pragma wal_checkpoint(truncate)');
        other.close();
      }
    }
    const copy = join(scratch, `left-${folded}.db`);
    for (const end of ['', '-wal', '-shm']) cpSync(`${file}${end}`, `${copy}${end}`);
    journal.close();
    originals.push(copy);
  }
});
afterEach(() => {
  for (const journal of opened) journal.close();
  opened = [];
  losses.length = 0;
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A copy in a folder of its own. */
function leftBehind(original: string): { folder: string; file: string } {
  const folder = mkdtempSync(join(scratch, 'case-'));
  const file = join(folder, 'journal.db');
  for (const end of ['', '-wal', '-shm']) cpSync(`${original}${end}`, `${file}${end}`);
  return { folder, file };
}

/** Flips bytes or cuts the end off one of the three files. @returns what was done, for the message of a failure */
function damage(file: string, random: () => number): string {
  const below = (limit: number) => Math.floor(random() * limit);
  const end = ['', '', '-wal', '-wal', '-shm'][below(5)] ?? '';
  const bytes = readFileSync(`${file}${end}`);
  if (random() < 0.3) {
    const length = below(bytes.length);
    truncateSync(`${file}${end}`, length);
    return `journal.db${end} cut to ${length} of ${bytes.length} bytes`;
  }
  // Some hit the first bytes: they say how to read all others.
  const from = random() < 0.2 ? below(200) : below(bytes.length);
  const length = Math.min(bytes.length - from, 1 + below(random() < 0.5 ? 1 : 6_000));
  for (let at = from; at < from + length; at++) bytes[at] = below(256);
  writeFileSync(`${file}${end}`, bytes);
  return `journal.db${end}: ${length} bytes at ${from} of ${bytes.length} overwritten`;
}

test.each(seeds)(
  'damage %i: what is whole is kept, nothing else is taken for an event, and the journal goes on',
  (seed) => {
    const random = seededRandom(seed);
    const { folder, file } = leftBehind(originals[seed % 2] ?? '');
    const done = Array.from({ length: 1 + Math.floor(random() * 2) }, () => damage(file, random)).join('; ');
    const before = ['', '-wal'].map((end) => readFileSync(`${file}${end}`));

    const journal = open(file);
    const found = journal.read(0, 10_000);
    const truth = new Map(journalEvents('j', 1, total).map((event) => [event.seq, event]));
    for (const event of found) expect(event, done).toEqual(truth.get(event.seq));
    expect(
      found.map((event) => event.seq),
      done,
    ).toEqual([...new Set(found.map((event) => event.seq))].sort((a, b) => a - b));
    for (const text of journal.snapshots())
      expect(text, done).toBe(snapshot((JSON.parse(text) as { seq: number }).seq));

    const next = journal.lastSeq + 1;
    expect(next, done).toBeGreaterThan(found.at(-1)?.seq ?? 0);
    journal.append(journalEvents(journal.id, next, next + 9, 'anew '));
    expect(journal.state(), done).toMatchObject({ ok: true, heldInMemory: 0 });
    journal.close();
    opened = [];

    const again = open(file);
    expect(again.read(next - 1, 100), done).toEqual(journalEvents(again.id, next, next + 9, 'anew '));
    expect(again.read(0, 10_000).length, done).toBe(found.length + 10);

    // What could not be read stays where people can look at it.
    const aside = readdirSync(folder).filter((name) => name.includes('.damaged-'));
    if (losses.some((loss) => 'setAside' in loss.details)) expect(aside.length, done).toBeGreaterThan(0);
    for (const name of aside.filter((one) => one.endsWith('-wal')))
      expect(readFileSync(join(folder, name)).equals(before[1] ?? Buffer.alloc(0)), done).toBe(true);
  },
);

describe('what is kept is as much as there is', () => {
  test('one byte of one event: all others are kept, and the loss is told once', () => {
    const { file } = leftBehind(originals[0] ?? '');
    const bytes = readFileSync(file);
    const at = bytes.indexOf('"seq":123');
    expect(at).toBeGreaterThan(0);
    bytes[at + 8] = '4'.charCodeAt(0);
    writeFileSync(file, bytes);
    const journal = open(file);
    for (let time = 0; time < 2; time++)
      expect(journal.read(0, 10_000).map((event) => event.seq)).not.toContain(123);
    expect(journal.read(0, 10_000)).toHaveLength(total - 1);
    expect(losses).toMatchObject([{ lostEvents: 1, details: { seqs: '123' } }]);
    expect(journal.state().lost).toBe(1);
  });

  test('the first page is overwritten, as by a program that mistook the file: the events are found without it', () => {
    const { folder, file } = leftBehind(originals[0] ?? '');
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 0, 4096);
    writeFileSync(file, bytes);
    const journal = open(file);
    expect(journal.read(0, 10_000)).toEqual(journalEvents('j', 1, total));
    expect([...journal.snapshots()]).toEqual([snapshot(400), snapshot(300)]);
    expect(losses).toMatchObject([{ details: { keptEvents: total, lastSeq: total } }]);
    const [aside] = readdirSync(folder).filter((name) => /\.damaged-\d{8}T\d{9}Z$/.test(name));
    expect(readFileSync(join(folder, aside ?? '')).equals(bytes)).toBe(true);
  });

  test('the log is cut in the middle of an event: cut at the last whole one', () => {
    const { file } = leftBehind(originals[1] ?? '');
    const { length } = readFileSync(`${file}-wal`);
    truncateSync(`${file}-wal`, Math.floor(length * 0.8) + 1_000);
    const journal = open(file);
    const { lastSeq } = journal;
    expect(lastSeq).toBeLessThan(total);
    expect(lastSeq).toBeGreaterThan(total / 2);
    expect(journal.read(0, 10_000)).toEqual(journalEvents('j', 1, lastSeq));
  });

  test('a sector of the log is garbled: whole events behind it are still found, and the log is set aside', () => {
    const { folder, file } = leftBehind(originals[0] ?? '');
    const bytes = readFileSync(`${file}-wal`);
    // In the header of a frame near the end: the page in it is whole.
    const frame = 32 + 4120 * (Math.floor((bytes.length - 32) / 4120) - 3);
    bytes.fill(0xff, frame + 16, frame + 24);
    writeFileSync(`${file}-wal`, bytes);
    const journal = open(file);
    expect(journal.read(0, 10_000)).toEqual(journalEvents('j', 1, total));
    expect(losses).toMatchObject([{ what: expect.stringContaining('not whole') }]);
    expect(readdirSync(folder).some((name) => /\.damaged-.*-wal$/.test(name))).toBe(true);
  });

  test('a shared index of garbage is of no account', () => {
    const { file } = leftBehind(originals[1] ?? '');
    writeFileSync(`${file}-shm`, Buffer.alloc(32_768, 0xa5));
    expect(open(file).read(0, 10_000)).toEqual(journalEvents('j', 1, total));
    expect(losses).toEqual([]);
  });
});

test('no more than three damaged files are kept, the newest', () => {
  const { folder, file } = leftBehind(originals[0] ?? '');
  for (let time = 0; time < 5; time++) {
    const bytes = readFileSync(file);
    bytes.fill(time, 0, 100);
    writeFileSync(file, bytes);
    open(file).close();
    opened = [];
  }
  const aside = readdirSync(folder).filter((name) => name.includes('.damaged-') && !name.endsWith('-wal'));
  expect(aside).toHaveLength(3);
  const last = aside.sort().at(-1) ?? '';
  expect(readFileSync(join(folder, last))[0]).toBe(4);
});

test('killed while the damaged file was being replaced: the next start finishes it', () => {
  const { file } = leftBehind(originals[0] ?? '');
  const whole = open(file);
  whole.close();
  opened = [];
  cpSync(file, `${file}.salvaged`);
  writeFileSync(file, 'garbage');
  expect(open(file).read(0, 10_000)).toHaveLength(total);
  expect(existsSync(`${file}.salvaged`)).toBe(false);
});

test('damage is met while in use: the file is made anew, and what came meanwhile is written in order', async () => {
  const { file } = leftBehind(originals[0] ?? '');
  const journal = open(file);
  const bytes = readFileSync(file);
  // The pages of the events, but not the first: it holds what tells the tables apart.
  bytes.fill(0, 4096 * 8, 4096 * 20);
  writeFileSync(file, bytes);
  // SQLite forgets what it remembers of the file when another writes to it.
  const other = new DatabaseSync(file);
  other.exec(`insert into meta values ('written', 'by another', null)`);
  other.close();
  await until('the damage to be met', () => {
    journal.read(0, 10_000);
    return losses.length > 0;
  });
  journal.append(journalEvents('j', total + 1, total + 5));
  await until('it to be well again', () => journal.state().ok && journal.state().heldInMemory === 0);
  const seqs = journal.read(0, 10_000).map((event) => event.seq);
  expect(seqs.slice(-5)).toEqual([1, 2, 3, 4, 5].map((n) => total + n));
  expect(seqs.length).toBeGreaterThan(total / 2);
});
