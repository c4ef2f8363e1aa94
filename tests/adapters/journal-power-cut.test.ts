import { fdatasync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { HotlineEvent } from '../../services/events/events.ts';
import { Journal, type JournalLoss } from '../../services/runtime/journal.ts';
import { createShipper } from '../../services/runtime/shipper.ts';
import { journalEvents } from '../support/journal-events.ts';
import { seededRandom } from '../support/simulated-time.ts';
import { pause, until } from '../support/until.ts';

let folder: string;
let file: string;
let losses: JournalLoss[];
const cleanUps: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-power-'));
  file = join(folder, 'journal.db');
  losses = [];
});
afterEach(() => {
  for (const clean of cleanUps.splice(0).reverse()) clean();
  rmSync(folder, { recursive: true, force: true });
});

/** A file as it is at this moment for those who read it, which the disk may not have yet. */
type Image = { db: Buffer; wal: Buffer };
const imageOf = (path: string): Image => ({ db: readFileSync(path), wal: readFileSync(`${path}-wal`) });

/**
 * A power cut, fairly pretended: what had been written when a finished fdatasync began is there; of what was written to the log later, any
 * 512-byte sectors may be there or not, in any order, as a disk is free to do. The database itself is written only in a checkpoint,
 * which SQLite forces to the disk by itself; there is none in these tests between a sync and the cut.
 */
class Disk {
  readonly #path: string;
  synced: Image | null = null;
  syncs = 0;

  constructor(path: string) {
    this.#path = path;
  }

  readonly forceToDisk = (descriptor: number, done: (error: Error | null) => void): void => {
    const before = imageOf(this.#path);
    fdatasync(descriptor, (error) => {
      if (!error) {
        this.synced = before;
        this.syncs += 1;
      }
      done(error);
    });
  };

  /** Writes to `target` what the disk has after the cut. */
  cutTo(target: string, random: (() => number) | null): void {
    const synced = this.synced;
    if (!synced) throw new Error('nothing has been synced yet');
    const now = imageOf(this.#path);
    expect(now.db.equals(synced.db), 'no checkpoint in between').toBe(true);
    const wal = random ? someSectors(synced.wal, now.wal, random) : synced.wal;
    writeFileSync(target, synced.db);
    writeFileSync(`${target}-wal`, wal);
  }
}

function someSectors(before: Buffer, after: Buffer, random: () => number): Buffer {
  const wal = Buffer.alloc(after.length);
  before.copy(wal);
  let end = before.length;
  for (let at = 0; at < after.length; at += 512) {
    if (random() < 0.5) continue;
    end = Math.max(end, at + after.copy(wal, at, at, at + 512));
  }
  return wal.subarray(0, end);
}

const open = (path: string, disk?: Disk): Journal => {
  const journal = new Journal({
    file: path,
    newId: 'j',
    onProblem: () => undefined,
    onLoss: (loss) => void losses.push(loss),
    ...(disk && { forceToDisk: disk.forceToDisk }),
  });
  cleanUps.push(() => journal.close());
  return journal;
};

/** A Postgres that keeps what it is given as the real one does: by journal, number and event id, each once. */
function memoryHistory() {
  const positions = new Map<string, number>();
  const events = new Map<string, HotlineEvent>();
  const doubles: string[] = [];
  return {
    events,
    doubles,
    port: {
      position: async (id: string) => positions.get(id) ?? 0,
      write: async (id: string, batch: readonly HotlineEvent[]) => {
        for (const event of batch) {
          if (event.seq <= (positions.get(id) ?? 0)) {
            doubles.push(event.eventId);
            continue;
          }
          if (events.has(event.eventId)) doubles.push(event.eventId);
          events.set(event.eventId, event);
        }
        positions.set(id, batch.at(-1)?.seq ?? 0);
      },
    },
  };
}

function ship(journal: Journal, history: ReturnType<typeof memoryHistory>) {
  const shipper = createShipper({
    journal,
    history: history.port,
    schedule: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    onState: () => undefined,
    onShipped: () => undefined,
  });
  cleanUps.push(() => shipper.stop(0));
  shipper.start();
  return shipper;
}

test('nothing leaves the machine before it is surely on the disk; then it does within 2 s', async () => {
  let finish: (() => void) | null = null;
  const journal = new Journal({
    file,
    newId: 'j',
    onProblem: () => undefined,
    // A disk that takes its time.
    forceToDisk: (_descriptor, done) => {
      finish = () => done(null);
    },
  });
  cleanUps.push(() => journal.close());
  journal.append(journalEvents('j', 1, 5));
  const history = memoryHistory();
  const shipper = ship(journal, history);
  shipper.nudge();
  await until('the journal to be forced to the disk', () => finish !== null);
  journal.append(journalEvents('j', 6, 7));
  await pause(400);
  expect(history.events.size).toBe(0);
  expect(journal.durableSeq).toBe(0);
  const before = finish as (() => void) | null;
  before?.();
  expect(journal.durableSeq, 'what came after the sync began is not known to be there').toBe(5);
  await until('what is on the disk to be shipped', () => history.events.size === 5, { withinMs: 2_000 });
});

test.each(Array.from({ length: 12 }, (_, index) => index + 1))(
  'power cut %i: all that was synced is there, nothing is half, and what is shipped afterwards is stored once under a fresh name or number',
  async (seed) => {
    const random = seededRandom(seed);
    const disk = new Disk(file);
    const journal = open(file, disk);
    const history = memoryHistory();
    const shipper = ship(journal, history);
    let seq = 0;
    const append = (to: Journal, text: string): void => {
      const count = 1 + Math.floor(random() * 6);
      to.append(journalEvents(to.id, seq + 1, seq + count, text));
      seq += count;
    };
    const steps = 5 + Math.floor(random() * 20);
    for (let step = 0; step < steps; step++) {
      append(journal, 'before ');
      shipper.nudge();
      await pause(Math.floor(random() * 40));
    }
    await until('something to be synced', () => disk.syncs > 0 && journal.durableSeq > 0);
    append(journal, 'in the last moment ');
    const [appended, durable] = [seq, journal.durableSeq];
    const after = join(folder, 'after.db');
    disk.cutTo(after, seed % 4 === 0 ? null : random);
    await shipper.stop(0);
    const shippedBefore = new Map(history.events);
    expect(Math.max(0, ...[...shippedBefore.values()].map((event) => event.seq))).toBeLessThanOrEqual(
      durable,
    );

    const again = open(after);
    expect(again.lastSeq).toBeGreaterThanOrEqual(durable);
    const found = again.read(0, 10_000);
    const expected = [...journal.read(0, 10_000)].filter((event) => event.seq <= again.lastSeq);
    expect(found).toEqual(expected);

    seq = again.lastSeq;
    const told = ship(again, history);
    for (let step = 0; step < 3; step++) append(again, 'after ');
    told.nudge();
    await told.caughtUp(5_000);
    expect(history.doubles).toEqual([]);
    expect(history.events.size, `${appended - found.length} of ${appended} were lost`).toBe(seq);
    for (const event of again.read(0, 10_000)) expect(history.events.get(event.eventId)).toEqual(event);
  },
);

test('the end that was lost had been shipped: later events go by another name, and none is taken for one of before', async () => {
  const disk = new Disk(file);
  const journal = open(file, disk);
  const history = memoryHistory();
  const shipper = ship(journal, history);
  journal.append(journalEvents('j', 1, 10));
  await shipper.caughtUp(5_000);
  const early = disk.synced;
  journal.append(journalEvents('j', 11, 20));
  shipper.nudge();
  await shipper.caughtUp(5_000);
  await shipper.stop(0);

  // A disk that lied: what it called synced is gone.
  const after = join(folder, 'after.db');
  writeFileSync(after, early?.db ?? '');
  writeFileSync(`${after}-wal`, early?.wal ?? '');
  const again = open(after);
  expect(again.lastSeq).toBe(10);
  again.append(journalEvents(again.id, 11, 15, 'anew '));
  // Postgres is away for a whole run of the controller: it is asked only in the next.
  again.close();
  cleanUps.splice(cleanUps.length - 1, 1);
  const third = open(after);
  third.append(journalEvents(third.id, 16, 18, 'anew '));
  const told = ship(third, history);
  await told.caughtUp(5_000);

  expect(history.doubles).toEqual([]);
  expect(history.events.size).toBe(20 + 8);
  expect(third.id, 'whose journal it is stays as it was').toBe('j');
  expect(third.shippedAs).not.toBe('j');
  expect(
    [...history.events.values()]
      .filter((event) => JSON.stringify(event).includes('anew'))
      .map((e) => e.eventId),
  ).toEqual(Array.from({ length: 8 }, (_, index) => `${third.shippedAs}-${11 + index}`));
  expect(losses.at(-1)).toMatchObject({
    details: { lastSeq: 10, shippedSeq: 20, shippedAsBefore: 'j', shippedAs: third.shippedAs },
  });
});

test('the disk fails to sync once: nothing is taken for synced until it has been written anew', async () => {
  let failures = 1;
  const problems: (string | null)[] = [];
  const journal = new Journal({
    file,
    newId: 'j',
    onProblem: ({ problem }) => void problems.push(problem),
    forceToDisk: (descriptor, done) =>
      failures-- > 0 ? done(new Error('EIO: i/o error, fdatasync')) : fdatasync(descriptor, done),
  });
  cleanUps.push(() => journal.close());
  journal.append(journalEvents('j', 1, 5));
  await until('the failure to be told', () => problems.length === 1);
  expect(journal.durableSeq).toBe(0);
  await until('it to be well again', () => journal.state().ok);
  expect(problems).toEqual([expect.stringContaining('EIO'), null]);
  expect(journal.durableSeq).toBe(5);
  expect(readFileSync(file).includes('because because 2'), 'the events are in the database itself').toBe(
    true,
  );
});
