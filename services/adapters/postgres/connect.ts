import { setTimeout as delay } from 'node:timers/promises';
import { CompiledQuery, Kysely, PostgresDialect } from 'kysely';
import { Pool, types } from 'pg';
import type { Database } from '../../../db/schema.ts';
import { DatabaseError, named, type Where } from './errors.ts';

export type Db = Kysely<Database>;

/** An open door to Postgres: queries go through `db`, errors say `where`. */
export type Postgres = {
  readonly db: Db;
  readonly where: Where;
  /** Rejects with a DatabaseError that says what to do when the database can't be reached or used. */
  check(): Promise<void>;
  /** Waits for running queries, but not for a server that hangs; then closes all connections. */
  close(): Promise<void>;
};

export type ConnectOptions = {
  /** Connections at most; further queries wait for one, at most `connectTimeoutMs`. */
  maxConnections?: number;
  connectTimeoutMs?: number;
  /** A statement that takes longer is stopped by the server; 0 = never. */
  statementTimeoutMs?: number;
  /** Shown in pg_stat_activity. */
  applicationName?: string;
  /** Told when a connection is lost; the next query opens another. */
  onConnectionLost?: (error: DatabaseError) => void;
};

/** Longer than any answer of a server that works; the controller has to end within seconds whatever Postgres does. */
const closeWithinMs = 3_000;
const OLDEST_SERVER = 140_000;

/**
 * Prepares connections to the database that `url` names; none is opened before the first query, so that the service
 * can start while Postgres is away.
 * @throws {DatabaseError} when `url` is not a Postgres URL
 */
export function connect(url: string, options: ConnectOptions = {}): Postgres {
  const where = whereIs(url);
  const statementTimeoutMs = options.statementTimeoutMs ?? 15_000;
  const pool = new Pool({
    connectionString: url,
    max: options.maxConnections ?? 8,
    // Signing in to the server takes several round trips: a slow wire must be given the time for them.
    connectionTimeoutMillis: options.connectTimeoutMs ?? 12_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: options.applicationName ?? 'hotline',
    types: { getTypeParser },
    // The server's own limit comes first; this one is for a server that does not answer at all.
    ...(statementTimeoutMs > 0 && { query_timeout: statementTimeoutMs + 5_000 }),
  });
  // Also one that is taken out of the pool and between two questions: its error would otherwise end the process.
  pool.on('connect', (client) =>
    client.on('error', (error) =>
      options.onConnectionLost?.(
        new DatabaseError(`connection to database ${where} lost: ${error.message}`, '', true, error),
      ),
    ),
  );
  // The pool repeats what its idle connections said.
  pool.on('error', () => undefined);
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({
      pool,
      onCreateConnection: async (connection) => {
        await connection.executeQuery(CompiledQuery.raw(sessionSettings, [String(statementTimeoutMs)]));
      },
    }),
  });
  return {
    db,
    where,
    check: () => named(where, 'Connecting', () => checkServer(db, where)),
    close: async () => {
      const closing = (async () => {
        await db.destroy();
        // Kysely ends the pool only if it was ever used.
        if (!pool.ended) await pool.end();
      })();
      await Promise.race([closing, delay(closeWithinMs, undefined, { ref: false })]);
    },
  };
}

/**
 * Set on each connection rather than in the start-up packet, which connection poolers cut. Somebody else's database may have other
 * defaults: the driver reads ISO dates only, and what is written together is not meant to fail when others write.
 */
const sessionSettings = `
  select set_config('search_path', 'hotline, public', false),
         set_config('timezone', 'UTC', false),
         set_config('datestyle', 'ISO, YMD', false),
         set_config('default_transaction_isolation', 'read committed', false),
         set_config('statement_timeout', $1, false),
         set_config('lock_timeout', '5000', false),
         set_config('idle_in_transaction_session_timeout', '30000', false)`;

async function checkServer(db: Db, where: Where): Promise<void> {
  const { rows } = await db.executeQuery<{ version: number; shown: string }>(
    CompiledQuery.raw(
      `select current_setting('server_version_num')::int as version, current_setting('server_version') as shown`,
    ),
  );
  const server = rows[0];
  if (server === undefined || server.version < OLDEST_SERVER) {
    throw new DatabaseError(
      `database ${where} is Postgres ${server?.shown ?? 'of unknown version'}; 14 or newer is needed`,
      '',
      false,
      undefined,
    );
  }
}

/** Counts and sums are bigint in Postgres, which the driver would give as text; ours stay far below 2^53. */
const getTypeParser: typeof types.getTypeParser = (oid: number, format?: 'text' | 'binary') =>
  oid === types.builtins.INT8 && format !== 'binary' ? Number : types.getTypeParser(oid, format);

/** Reads the URL as far as needed to say where the database is. The driver's own errors would quote the password. */
function whereIs(url: string): Where {
  if (!/^postgres(ql)?:\/\//.test(url)) throw wrongUrl('it is not a Postgres URL');
  const parsed = URL.parse(url);
  const user = decoded(parsed?.username);
  const database = decoded(parsed?.pathname.slice(1));
  if (parsed === null || user === null || database === null || decoded(parsed.password) === null) {
    throw wrongUrl('it is not a valid URL (special characters in user and password are written %XX)');
  }
  if (database === '') throw wrongUrl('it names no database');
  const host = parsed.searchParams.get('host') ?? (parsed.hostname || 'localhost');
  const place = host.startsWith('/') ? host : `${host}:${parsed.port || 5432}`;
  return `${database} at ${place} as user ${user || '(default)'}`;
}

function decoded(text: string | undefined): string | null {
  try {
    return decodeURIComponent(text ?? '');
  } catch {
    return null;
  }
}

function wrongUrl(why: string): DatabaseError {
  const message = `DATABASE_URL: ${why}; it must look like postgres://user:password@host:5432/database`;
  return new DatabaseError(message, '', false, undefined);
}
