import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  connect,
  createHistory,
  createInheritance,
  createLeasePort,
  JournalClosed,
  migrate,
  type Postgres,
} from '../../services/adapters/postgres/index.ts';
import { emptyWorld } from '../../services/calls/world.ts';
import type { HotlineEvent } from '../../services/events/events.ts';
import type { EventId } from '../../services/events/ids.ts';
import { instant } from '../../services/events/instant.ts';
import { createToday } from '../../services/kpi/today.ts';
import { replay } from '../../services/runtime/engine.ts';
import { inheritState } from '../../services/runtime/inherit.ts';
import { createLease, type Taken } from '../../services/runtime/lease.ts';
import type { LeasePort, LeaseRow } from '../../services/runtime/lease-port.ts';
import { writeSnapshot } from '../../services/runtime/snapshot.ts';
import { goldenStories, journalOf } from '../support/golden-events.ts';
import { command, startPostgres, type TestPostgres } from '../support/postgres.ts';
import { until } from '../support/until.ts';

const now = instant(Date.parse('2026-03-02T12:00:00+08:00'));
const todayRules = { localDay: () => '2026-03-02', thresholdsOf: () => undefined };

let server: TestPostgres;
let template: string;
beforeAll(async () => {
  server = await startPostgres();
  template = await server.createDatabase();
  await migrate(template, now);
});
afterAll(() => server.stop());

let url: string;
let observer: LeasePort;
const open: Postgres[] = [];
const undo: (() => unknown)[] = [];
beforeEach(async () => {
  url = await server.createDatabase(template);
  observer = createLeasePort(door());
});
afterEach(async () => {
  for (const step of undo.splice(0)) await step();
  for (const postgres of open.splice(0)) await postgres.close();
});

function door(): Postgres {
  const postgres = connect(url, { connectTimeoutMs: 1_000, statementTimeoutMs: 1_000, maxConnections: 2 });
  open.push(postgres);
  return postgres;
}

/**
 * Faster than at work, with time enough for a busy machine; in proportion, so that a standstill of this process counts for nothing,
 * as at work: one that is as long as an answer may take begins the watching anew, and a shorter one is no expiry.
 */
const times = { renewEveryMs: 200, expiresMs: 2_000, askEveryMs: 50, answerWithinMs: 1_000 };

/** A controller as far as the lease is concerned. */
function controller(home: string, port: LeasePort = createLeasePort(door())) {
  const said: string[] = [];
  const note = (_: object, text: string) => void said.push(text);
  const lease = createLease({
    port,
    holder: `${home}-journal`,
    heir: `${home}-heir`,
    place: home,
    nowMs: () => performance.now(),
    log: { info: note, warn: note },
    times,
  });
  const stop = new AbortController();
  undo.push(() => stop.abort());
  let lostTo: LeaseRow | null = null;
  const one = {
    lease,
    said,
    taken: null as Taken | null,
    stop: () => stop.abort(),
    lostTo: () => lostTo,
    /** Waits for its turn, and dies before it renews anything. */
    takeAndDie: (actedLast = false): Promise<Taken | null> =>
      lease.acquire({ actedLast, onWaiting: async () => undefined, signal: stop.signal }),
    /** Waits for its turn, then renews the lease. */
    async act(actedLast = false): Promise<Taken | null> {
      one.taken = await one.takeAndDie(actedLast);
      if (one.taken !== null) {
        undo.push(() => lease.giveBack());
        lease.hold((row) => {
          lostTo = row;
        });
      }
      return one.taken;
    },
  };
  return one;
}

/** By one connection, however often it is looked: a server has only so many. */
const row = () => observer.read();

/** So many renewals that it would have expired without them. */
async function renewedForLongerThanItLasts(): Promise<void> {
  const { renewals } = await row();
  const enough = times.expiresMs / times.renewEveryMs;
  await until('many renewals', async () => (await row()).renewals > renewals + enough);
}

test('the first one acts at once; a second one waits as long as the first renews, and says for whom', async () => {
  const first = controller('first');
  expect(await first.act()).toEqual({ from: 'nobody' });
  const second = controller('second');
  void second.act();
  await renewedForLongerThanItLasts();
  expect(second.taken).toBeNull();
  expect(second.said[0]).toBe('waiting to take over: the controller at first acts');
  // Not again unless there was something else to say, such as that Postgres took its time.
  expect(second.said.filter((line, i) => line === second.said[i - 1])).toEqual([]);
  expect(await row()).toMatchObject({ holder: 'first-journal', fence: 1 });
});

test('the holder falls silent: another takes over, with a higher fence and as its heir; the first hears of it and stays lost', async () => {
  let hangs = false;
  const port = createLeasePort(door());
  // As a process that is stopped: nothing of it happens, and then what it had begun.
  const resumed = Promise.withResolvers<void>();
  const first = controller('first', {
    ...port,
    renew: async (holder, fence) => {
      if (hangs) await resumed.promise;
      return port.renew(holder, fence);
    },
  });
  await first.act();
  hangs = true;
  const second = controller('second');
  expect(await second.act()).toEqual({ from: { journalId: 'first-journal' } });
  expect(await row()).toMatchObject({ holder: 'second-heir', fence: 2 });
  hangs = false;
  resumed.resolve();
  expect(await first.lease.confirm()).toBe('lost');
  expect(first.lostTo()).toMatchObject({ holder: 'second-heir', place: 'second' });
  expect(await second.lease.confirm()).toBe('held');
});

test('given back, it is taken at once; the same home takes its own at once, whoever watches', async () => {
  const first = controller('first');
  await first.act();
  await first.lease.giveBack();
  // In one home only one acts at a time (acting-lock.ts): what was started before is dead.
  expect(await controller('first').takeAndDie()).toEqual({ from: 'self' });
  const again = controller('first');
  expect(await again.act()).toEqual({ from: 'self' });
  await again.lease.giveBack();
  expect(await controller('second').act()).toEqual({ from: { journalId: 'first-journal' } });
});

test('two that wait take it one at a time', async () => {
  const [a, b] = [controller('a'), controller('b')];
  const first = controller('first');
  await first.act();
  void a.act();
  void b.act();
  await first.lease.giveBack();
  await until('one of them to act', () => a.taken ?? b.taken);
  await renewedForLongerThanItLasts();
  expect([a.taken, b.taken].filter((taken) => taken !== null)).toHaveLength(1);
});

test('Postgres is away for longer than the lease lasts: the holder goes on and has it afterwards; nobody takes over', async () => {
  const first = controller('first');
  await first.act();
  const second = controller('second');
  void second.act();
  await until('the second to wait', () => second.said.length > 0);
  await server.kill();
  await until('both to have noticed', () =>
    [first, second].every(({ said }) => said.some((line) => /cannot be renewed|does not say/.test(line))),
  );
  await pause(2 * times.expiresMs);
  await server.start();
  await until('the lease to be renewed', async () => (await first.lease.confirm()) === 'held');
  await renewedForLongerThanItLasts();
  expect(second.taken).toBeNull();
  expect(first.lostTo()).toBeNull();
  expect(await row()).toMatchObject({ holder: 'first-journal' });
}, 60_000);

test('a start while Postgres is away: who acted last goes on, anyone else waits and says so', async () => {
  const nowhere = createLeasePort(connect('postgres://x:y@127.0.0.1:1/z', { connectTimeoutMs: 200 }));
  expect(await controller('first', nowhere).act(true)).toEqual({ from: 'self' });
  const other = controller('second', nowhere);
  void other.act();
  await until('it to say why it waits', () =>
    other.said.some((line) => line.includes('Postgres does not say who acts')),
  );
  expect(other.taken).toBeNull();
});

test('the database is set back to an older state: the holder takes its lease again', async () => {
  const first = controller('first');
  await first.act();
  await command(
    url,
    `update hotline.lease set holder = 'older-journal', fence = 0, renewals = 0, place = 'long gone'`,
  );
  await until('the lease to be held again', async () => (await row()).holder === 'first-journal');
  expect(first.lostTo()).toBeNull();
});

test('the heir goes on from snapshot and events; of the journal before, nothing is taken from then on', async () => {
  const journalId = 'first-journal';
  const events = journalOf(goldenStories('2026-03-02')).map((event) => ({
    ...event,
    eventId: `${journalId}-${event.seq}` as EventId,
  }));
  const first = controller('first');
  await first.act();
  const history = createHistory(door());
  const half = Math.floor(events.length / 2);
  const expected = { world: emptyWorld(), today: createToday('2026-03-02'), seq: 0 };
  replay(expected, events.slice(0, half), todayRules);
  await createInheritance(door()).keepSnapshot(journalId, journalId, half, writeSnapshot(expected));
  replay(expected, events.slice(half, -1), todayRules);
  await history.write(journalId, events.slice(0, -1));
  await first.lease.giveBack();

  const second = controller('second');
  await second.act();
  const { state, from } = await inheritState(
    createInheritance(door()),
    journalId,
    'second-heir',
    todayRules,
    now,
  );
  expect(from).toBe(journalId);
  expect(state).toEqual({ ...expected, seq: 0 });
  await expect(history.write(journalId, events.slice(-1))).rejects.toThrow(JournalClosed);
});

test('an heir that dies at once, having told of events but kept no snapshot: the next heir has the calls that were inherited', async () => {
  const events = journalOf(goldenStories('2026-03-02'));
  const named = (journalId: string, some: readonly HotlineEvent[]) =>
    some.map((event, i) => ({ ...event, seq: i + 1, eventId: `${journalId}-${i + 1}` as EventId }));
  const half = Math.floor(events.length / 2);
  const [before, after] = [
    named('first-journal', events.slice(0, half)),
    named('second-heir', events.slice(half)),
  ];
  const history = createHistory(door());
  const inherit = (from: string, heir: string) =>
    inheritState(createInheritance(door()), from, heir, todayRules, now);

  const first = controller('first');
  await first.act();
  await history.write('first-journal', before);
  await first.lease.giveBack();
  const second = controller('second');
  await second.act();
  const expected = (await inherit('first-journal', 'second-heir')).state;
  expect(expected.world.calls.size).toBeGreaterThan(0);
  await history.write('second-heir', after);
  await second.lease.giveBack();
  const third = controller('third');
  await third.act();
  const { state } = await inherit('second-heir', 'third-heir');
  replay(expected, after, todayRules);
  expect(state).toEqual({ ...expected, seq: 0 });
});

test('who writes the journal was stopped in mid-transaction: it is cut off, and does not hold up the heir', async () => {
  const first = controller('first');
  await first.act();
  await createHistory(door()).write('first-journal', journalOf(goldenStories('2026-03-02')).slice(0, 1));
  const stuck = new Client({ connectionString: url });
  const cutOff = new Promise<Error>((resolve) => stuck.on('error', resolve));
  await stuck.connect();
  await stuck.query('begin');
  await stuck.query('update hotline.journal_position set seq = seq');
  await createInheritance(door()).close(['first-journal']);
  expect((await cutOff).message).toMatch(/terminat/);
  const [position] = await command(url, 'select closed_at from hotline.journal_position');
  expect(position?.closed_at).not.toBeNull();
});
