import type { Logger } from 'pino';
import {
  connect,
  createAudit,
  createAuth,
  createFirstCalls,
  createHistory,
  createInheritance,
  createKpiBooks,
  createLedgerCheck,
  createRecords,
  createTasks,
  prepareDatabase,
} from '../adapters/postgres/index.ts';
import { hotlineOf } from '../calls/arrive.ts';
import { ConfigError } from '../config.ts';
import { asId, type NodeId } from '../events/ids.ts';
import type { Instant } from '../events/instant.ts';
import type { Engine } from '../runtime/engine.ts';
import { watchFirstCalls } from '../runtime/first-calls.ts';
import type { Journal } from '../runtime/journal.ts';
import { createKpiCheck } from '../runtime/kpi-check.ts';
import { createReconciliation } from '../runtime/reconcile.ts';
import { keepSharedSnapshots } from '../runtime/shared-snapshots.ts';
import { createShipper } from '../runtime/shipper.ts';
import { createStoreWatch } from '../runtime/store-watch.ts';
import type { Witness } from '../runtime/witness.ts';
import { clock, schedule } from './clock.ts';
import type { Definitions } from './definitions.ts';

export type RecordsSideOptions = {
  readonly definitions: Definitions;
  readonly log: Logger;
  readonly journal: Journal;
  readonly witness: Witness;
  readonly engine: Pick<Engine, 'state' | 'importEvents' | 'onEvents'>;
};

/** Everything that speaks with Postgres: the history, its reconciliation with Asterisk's own account, people, reports. */
export function createRecordsSide({ definitions, log, journal, witness, engine }: RecordsSideOptions) {
  const { config, credentials, rules, todayRules } = definitions;
  const { centre } = rules;
  const { databaseUrl } = config;
  if (!databaseUrl) throw new ConfigError(['HOTLINE_DATABASE_URL: is not set; start with `npm start`']);
  const postgres = connect(databaseUrl, {
    onConnectionLost: (error) => log.warn({ err: error }, 'a connection to Postgres was lost'),
  });
  /** At the start nobody has asked it yet. */
  let downSince: Instant | null = clock();
  let takesEvents = false;
  const isUp = () => takesEvents && watch.answers();
  const noteWhetherUp = () => {
    downSince = isUp() ? null : (downSince ?? clock());
  };
  const watch = createStoreWatch({ check: postgres.check, schedule, onChange: noteWhetherUp });
  const shipper = createShipper({
    journal,
    history: createHistory(postgres),
    schedule,
    onState: (up, problem) => {
      takesEvents = up;
      noteWhetherUp();
      if (up) log.info('Postgres takes events');
      else log.warn(`Postgres takes no events: ${problem}`);
    },
    onShipped: (seq) => journal.prune(seq),
    onMissing: (missing) =>
      log.error(missing, 'these events are not in the journal any more: Postgres goes on without them'),
  });
  const reconciliation = createReconciliation({
    witness,
    ledger: createLedgerCheck(postgres),
    world: engine.state.world,
    rules: {
      nodeId: asId<NodeId>(config.nodeId),
      hotlineOf: (number) => hotlineOf(centre, number),
    },
    importEvents: engine.importEvents,
    shipped: () => shipper.caughtUp(5_000),
    clock,
    schedule,
    log: log.child({ part: 'reconciliation' }),
  });
  const kpiCheck = createKpiCheck({
    state: engine.state,
    onEvents: engine.onEvents,
    // It may get another name (runtime/journal/identity.ts).
    journalId: () => journal.shippedAs,
    books: createKpiBooks(postgres, { timeZone: config.timeZone }),
    queues: [...centre.queues.keys()],
    rules: todayRules,
    shipped: () => shipper.caughtUp(5_000),
    clock,
    schedule,
    log: log.child({ part: 'kpi-check' }),
  });

  const firstCalls = watchFirstCalls({
    port: createFirstCalls(postgres),
    clock,
    schedule,
    log: log.child({ part: 'first-calls' }),
  });

  const sharedSnapshots = keepSharedSnapshots({
    port: createInheritance(postgres),
    journal,
    engine,
    shipped: () => shipper.caughtUp(5_000),
    schedule,
    log,
  });

  const auth = createAuth(postgres);
  let peopleAreKnown = false;
  return {
    shipper,
    reconciliation,
    kpiCheck,
    firstCalls,
    sharedSnapshots,
    isUp,
    /** Since when Postgres is known to be away; null while it answers and takes events. */
    downSince: () => downSince,
    store: createRecords(postgres, { timeZone: config.timeZone }),
    tasks: createTasks(postgres),
    audit: createAudit(postgres),
    auth: {
      ...auth,
      async verifyPassword(user: string, password: string) {
        const person = await auth.verifyPassword(user, password);
        // Calls do not wait for the list of people: until it is there, "wrong password" may be wrong.
        if (person === null && !peopleAreKnown) throw new Error('the list of people is not up to date yet');
        return person;
      },
    },
    /** Brings the database up to date and begins to ship; awaited for some seconds only. */
    prepare: () =>
      prepareDatabase({
        url: databaseUrl,
        postgres,
        centre,
        credentials,
        tasksDays: config.tasksDays,
        timeZone: config.timeZone,
        clock,
        schedule,
        log,
        onPrepared: () => {
          peopleAreKnown = true;
          watch.start();
          shipper.start();
        },
      }),
    close: () => {
      watch.stop();
      return postgres.close();
    },
  };
}
