import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import {
  connect,
  createInheritance,
  createLeasePort,
  DatabaseError,
  migrate,
} from '../adapters/postgres/index.ts';
import { ConfigError } from '../config.ts';
import { createHangGuard } from '../runtime/hang-guard.ts';
import { inheritState } from '../runtime/inherit.ts';
import type { Journal } from '../runtime/journal.ts';
import { createLease, type Taken } from '../runtime/lease.ts';
import type { LeasePort } from '../runtime/lease-port.ts';
import { placeOf } from '../runtime/place.ts';
import { clock, schedule } from './clock.ts';
import type { Definitions } from './definitions.ts';
import { actedLast, noteActedLast, openJournal, replaceJournal } from './local-files.ts';
import { createWaitingRoom } from './waiting-room.ts';
import { warmUp } from './warm-up.ts';

const undefinedTable = '42P01';
const nowMs = () => performance.now();

/** This controller's turn: it holds the lease, and this is the journal it goes on with. */
export type Turn = {
  readonly journal: Journal;
  readonly taken: Taken;
  readonly guard: ReturnType<typeof createHangGuard>;
  /** Asks for the lease again and again from now on; called once when another has it. */
  hold(onLost: (place: string) => void): void;
  /** Another may take over at once. */
  giveBack(): Promise<void>;
};

/**
 * Waits until no controller acts anywhere, and takes over: from this home's own journal, or from what another home's controller
 * left in Postgres. To be called by the only controller of its home that may open the journal.
 * @returns null when `signal` fired before
 */
export async function awaitTurn(
  definitions: Definitions,
  log: Logger,
  signal: AbortSignal,
): Promise<Turn | null> {
  const { config } = definitions;
  if (!config.databaseUrl)
    throw new ConfigError(['HOTLINE_DATABASE_URL: is not set; start with `npm start`']);
  // Doors of its own, with short limits: a busy service must not keep the lease from being renewed.
  const postgres = connect(config.databaseUrl, {
    maxConnections: 2,
    connectTimeoutMs: 1_000,
    statementTimeoutMs: 1_000,
    applicationName: 'hotline-lease',
    onConnectionLost: (error) => log.debug({ err: error }, 'a connection for the lease was lost'),
  });
  let journal = openJournal(config, log);
  const heir = randomUUID();
  const port = withTables(createLeasePort(postgres), config.databaseUrl);
  const lease = createLease({
    port,
    holder: journal.id,
    heir,
    place: placeOf(config.homeDir),
    nowMs,
    log: log.child({ part: 'lease' }),
  });
  const knowsItself = actedLast(config, journal);
  // A first start: making the tables takes longer than an answer may. What cannot be done is said below.
  if (!knowsItself) await port.read().catch(() => undefined);
  const room = createWaitingRoom(config);
  let warm = false;
  const onWaiting = async (anotherActs: boolean): Promise<void> => {
    await room.open(anotherActs);
    if (!anotherActs || warm) return;
    warm = true;
    void warmUp(definitions, log);
  };
  const taken = await lease.acquire({ actedLast: knowsItself, onWaiting, signal });
  await room.close();
  if (taken === null) {
    journal.close();
    await postgres.close();
    return null;
  }
  let lost = false;
  let tell: (place: string) => void = () => undefined;
  lease.hold(({ place }) => {
    lost = true;
    noteActedLast(config, { journalId: journal.id, superseded: true });
    tell(place);
  });
  if (typeof taken.from === 'object') {
    journal.close();
    await inherit(definitions, createInheritance(postgres), taken.from.journalId, heir, log);
    journal = openJournal(config, log);
  }
  noteActedLast(config, { journalId: journal.id, superseded: lost });
  const guard = createHangGuard({
    nowMs,
    schedule,
    confirm: lease.confirm,
    onHung: (forMs) => log.warn({ forMs }, 'this controller hung; it asks whether it may go on'),
  });
  return {
    journal,
    taken,
    guard,
    hold(onLost) {
      tell = onLost;
      if (lost) onLost('another home');
    },
    async giveBack() {
      guard.stop();
      await lease.giveBack();
      await postgres.close();
    },
  };
}

/** Goes on trying: without the state of before, the calls that live would be nobody's. */
async function inherit(
  { config, todayRules }: Definitions,
  port: ReturnType<typeof createInheritance>,
  before: string,
  heir: string,
  log: Logger,
): Promise<void> {
  for (;;) {
    try {
      const beganMs = nowMs();
      const { state, from, events } = await inheritState(port, before, heir, todayRules, clock());
      replaceJournal(config, heir, state, log);
      const tookMs = Math.round(nowMs() - beganMs);
      log.info({ from, events, calls: state.world.calls.size, tookMs }, 'state taken over from Postgres');
      return;
    } catch (error) {
      log.error({ err: error }, 'the state cannot be taken over from Postgres; it is tried again');
      await new Promise<void>((done) => schedule(500, done));
    }
  }
}

/** The tables are made when there are none yet, or only older ones. */
function withTables(port: LeasePort, url: string): LeasePort {
  let making: Promise<unknown> | null = null;
  return {
    ...port,
    async read() {
      try {
        return await port.read();
      } catch (error) {
        if (!(error instanceof DatabaseError && error.code === undefinedTable)) throw error;
      }
      making ??= migrate(url, clock()).finally(() => {
        making = null;
      });
      await making;
      return port.read();
    },
  };
}
