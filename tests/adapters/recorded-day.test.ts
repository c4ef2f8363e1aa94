import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { connect, createHistory, migrate, recordedDay } from '../../services/adapters/postgres/index.ts';
import { emptyLedger, foldLedger } from '../../services/cdr/ledger.ts';
import { instant } from '../../services/events/instant.ts';
import { scenarioOfDay } from '../../services/workforce/recorded-day.ts';
import { simulate } from '../../services/workforce/simulate.ts';
import { callPlans, historyOf } from '../support/histories.ts';
import { startPostgres } from '../support/postgres.ts';
import { queueDefinition, smallCentre } from '../support/small-centre.ts';

const morning = instant(Date.parse('2026-03-02T09:00:00+08:00'));
const dayMs = 86_400_000;

test('a day is read from Postgres as it was recorded, and can be served again', async () => {
  const events = historyOf(
    fc.sample(callPlans(morning, { min: 60, max: 60 }), { numRuns: 1, seed: 11 })[0] ?? [],
  );
  const server = await startPostgres();
  try {
    const url = await server.createDatabase();
    await migrate(url, morning);
    const postgres = connect(url);
    try {
      await createHistory(postgres).write('j', events);
      const day = await recordedDay(postgres, morning, instant(morning + dayMs));
      const ledger = foldLedger(emptyLedger(), events);
      const key = (visit: {
        queue: string;
        queuedAt: number;
        outcome: string | null;
        waitMs: number | null;
      }) => `${visit.queue} ${visit.queuedAt} ${visit.outcome} ${visit.waitMs}`;
      const within = [...ledger.visits.values()].filter(({ queuedAt }) => queuedAt < morning + dayMs);
      expect(day.visits.map(key).sort()).toEqual(within.map(key).sort());
      expect(day.visits.length).toBeGreaterThan(30);
      expect(day.conversations.length).toBeGreaterThan(5);
      expect(await recordedDay(postgres, instant(morning - dayMs), morning)).toMatchObject({
        visits: [],
        conversations: [],
      });

      const centre = smallCentre(
        ['power-service', 'billing', 'faults'].map((queue) => queueDefinition(queue)),
      );
      const { queues } = simulate(scenarioOfDay(day, centre, 900_000), 1);
      const offered = queues.flatMap(({ intervals }) => intervals.map(({ counts }) => counts.offered));
      expect(offered.reduce((sum, one) => sum + one, 0)).toBe(
        day.visits.filter(({ queue }) => centre.queues.has(queue)).length,
      );

      // The command, as people call it: with the demo centre, whose queue power-service is in these histories.
      const cli = join(import.meta.dirname, '../../services/workforce/cli.ts');
      const { stdout } = await promisify(execFile)(process.execPath, [cli, '--day', '2026-03-02', '--json'], {
        env: { PATH: process.env.PATH, DATABASE_URL: url },
      });
      const { rows } = JSON.parse(stdout) as { rows: { scenario: string; queue: string; offered: number }[] };
      const offeredIn = (scenario: string) =>
        rows.find((row) => row.scenario === scenario && row.queue === 'power-service')?.offered;
      expect(offeredIn('as recorded')).toBeGreaterThan(5);
      expect(offeredIn('as it is')).toBe(offeredIn('as recorded'));
    } finally {
      await postgres.close();
    }
  } finally {
    await server.stop();
  }
});
