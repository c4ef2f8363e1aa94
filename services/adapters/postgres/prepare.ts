import type { Logger } from 'pino';
import { after, type Instant } from '../../events/instant.ts';
import { localDayIn } from '../../kpi/local-day.ts';
import type { Centre } from '../../runtime/centre.ts';
import type { Credentials } from '../../runtime/secrets.ts';
import type { Postgres } from './connect.ts';
import { sowDemoData } from './demo-data.ts';
import { syncCentre } from './directory.ts';
import { migrate } from './migrate.ts';
import { ensurePartitions } from './partitions.ts';
import { removeTasksDoneBefore } from './tasks.ts';
import { syncUsers } from './users.ts';

/** How long a start waits for Postgres before it goes on without. */
const patienceMs = 10_000;
const retryMs = 2_000;
const dayMs = 24 * 60 * 60 * 1000;
const lookAfterEveryMs = 6 * 60 * 60 * 1000;

/**
 * Migrates the database and brings people and the centre's names up to date. Tries for ever, but is awaited for some
 * seconds only: calls are served without Postgres too.
 */
export async function prepareDatabase(options: {
  url: string;
  postgres: Postgres;
  centre: Centre;
  credentials: Credentials;
  /** Tasks are removed when they have been done for so long. */
  tasksDays: number;
  /** Demo data is sown as of the day there. */
  timeZone: string;
  clock: () => Instant;
  schedule: (ms: number, callback: () => void) => () => void;
  log: Logger;
  /** Tables and people are there; called once. */
  onPrepared: () => void;
}): Promise<void> {
  const { url, postgres, centre, credentials, tasksDays, timeZone, clock, schedule, log, onPrepared } =
    options;
  const prepare = async () => {
    const done = await migrate(url, clock());
    if (done.migrations.length > 0) log.info(done, 'database migrated');
    const users = await syncUsers(postgres, centre, credentials.users);
    if (users.withoutPassword.length > 0)
      log.warn(
        { users: users.withoutPassword },
        'people without a password in credentials.json cannot sign in',
      );
    await syncCentre(postgres, centre, clock());
    lookAfter();
  };
  const removeOldTasks = async () => {
    const removed = await removeTasksDoneBefore(postgres, after(clock(), -tasksDays * dayMs));
    if (removed > 0) log.info({ removed, days: tasksDays }, 'tasks done long ago are removed');
  };
  /** What is to be there ahead of its time, and what has had its time. */
  const lookAfter = () => {
    ensurePartitions(postgres, clock()).catch((error: unknown) =>
      log.warn({ err: error }, 'partitions could not be made ahead; the next try is in 6 hours'),
    );
    removeOldTasks().catch((error: unknown) =>
      log.warn({ err: error }, 'old tasks could not be removed; the next try is in 6 hours'),
    );
    if (centre.demoData)
      sowDemoData(postgres, { today: localDayIn(timeZone)(clock()), timeZone }).catch((error: unknown) =>
        log.warn(
          { err: error },
          'the demo data could not be brought up to today; the next try is in 6 hours',
        ),
      );
    schedule(lookAfterEveryMs, lookAfter);
  };
  let settled = false;
  const prepared = new Promise<void>((resolve) => {
    const attempt = () => {
      prepare().then(
        () => {
          settled = true;
          onPrepared();
          resolve();
        },
        (error: unknown) => {
          log.error(
            { err: error },
            'the database cannot be prepared; calls are served, and it is tried again',
          );
          schedule(retryMs, attempt);
        },
      );
    };
    attempt();
  });
  await Promise.race([prepared, new Promise<void>((resolve) => schedule(patienceMs, resolve))]);
  if (!settled) log.warn('going on without Postgres: nobody can sign in until it is there');
}
