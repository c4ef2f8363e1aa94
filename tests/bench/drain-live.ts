import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createHistory, migrate } from '../../services/adapters/postgres/index.ts';
import type { HotlineEvent } from '../../services/events/events.ts';
import { instant } from '../../services/events/instant.ts';
import { Journal } from '../../services/runtime/journal.ts';
import { createShipper } from '../../services/runtime/shipper.ts';
import { command, startPostgres } from '../support/postgres.ts';
import { pause } from '../support/until.ts';
import { busyHours } from './drain.ts';
import type { Benchmark } from './figure.ts';
import { quantile, rounded, spread } from './statistics.ts';

/** Steps of 3 events each: some 20 calls a second. */
const stepEveryMs = 6;
const eventsPerStep = 3;
const eventsPerSecondAtLeast = 5_000;

/**
 * A backlog goes to a real, durable Postgres by the production shipper while steps of calls go on in the same process: how fast it
 * goes, and how late the steps are because of it, against the same steps before.
 */
export const drainLive: Benchmark = async ({ quick, say }) => {
  const server = await startPostgres({ durable: true });
  const folder = mkdtempSync(join(tmpdir(), 'hotline-bench-'));
  const journal = new Journal({
    file: join(folder, 'journal.db'),
    newId: 'bench',
    onProblem: ({ problem }) => say(`${problem}`),
  });
  const from = instant(Date.parse('2026-03-02T09:00:00+08:00'));
  const url = await server.createDatabase();
  await migrate(url, from);
  const postgres = connect(url);
  const shipper = createShipper({
    journal,
    history: createHistory(postgres),
    schedule: (ms, callback) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    onState: (up, problem) => void (up || say(`${problem}`)),
    onShipped: (seq) => journal.prune(seq),
  });
  try {
    const events = busyHours(quick ? 1_500 : 6_000, from);
    const backlog = events.slice(0, Math.floor(events.length * 0.8));
    const live = events.slice(backlog.length);
    for (let at = 0; at < backlog.length; at += 1_000) {
      journal.append(backlog.slice(at, at + 1_000));
      await pause(1);
    }
    // What is shipped is pruned, as in service.
    for (const seq of [backlog.length - 1, backlog.length]) journal.saveSnapshot(seq, `{"seq":${seq}}`);
    const calls = stepping(journal, live);
    await pause(quick ? 2_000 : 5_000);
    const before = calls.lateness();
    const begun = performance.now();
    shipper.start();
    await shipper.caughtUp(300_000);
    const seconds = (performance.now() - begun) / 1_000;
    const during = calls.lateness();
    const shipped = backlog.length + calls.stop();
    await shipper.caughtUp(60_000);
    const [arrived] = await command(url, 'select count(*)::int as events from call_event');
    if (arrived?.events !== shipped)
      throw new Error(`${shipped} events were written, ${arrived?.events} arrived`);
    return [
      {
        what: 'backlog to Postgres while calls go on',
        unit: 'events/s',
        value: Math.round(backlog.length / seconds),
        budget: { atLeast: eventsPerSecondAtLeast },
        detail: { backlog: backlog.length, seconds: rounded(seconds, 2), slowestStepMs: quantile(during, 1) },
      },
      {
        what: 'a step is late while the backlog drains, p99',
        unit: 'ms',
        value: rounded(quantile(during, 0.99), 1),
        detail: spread(during),
      },
      {
        what: 'the same before',
        unit: 'ms',
        value: rounded(quantile(before, 0.99), 1),
        detail: spread(before),
      },
    ];
  } finally {
    await shipper.stop(1_000);
    journal.close();
    await postgres.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Steps at a steady beat. How late each ends behind the moment at which it was due is what a caller would notice. */
function stepping(journal: Journal, events: readonly HotlineEvent[]) {
  let samples: number[] = [];
  let done = 0;
  let due = performance.now();
  const beat = (): void => {
    // A beat that was missed counts with its own lateness.
    for (; due <= performance.now(); due += stepEveryMs) {
      const some = events.slice(done, done + eventsPerStep);
      if (some.length > 0) journal.append(some);
      done += some.length;
      samples.push(performance.now() - due);
    }
    timer = setTimeout(beat, Math.max(0, due - performance.now()));
  };
  let timer = setTimeout(beat, stepEveryMs);
  return {
    /** Of the steps since it was last asked. */
    lateness(): number[] {
      const taken = samples;
      samples = [];
      return taken;
    },
    /** @returns how many events the steps had */
    stop(): number {
      clearTimeout(timer);
      return done;
    },
  };
}
