import { Pool, type PoolClient } from 'pg';
import type { Lookup } from '../../ivr/lookups.ts';
import { type LookupSourcePort, type SourceAnswer, SourceAway } from '../../runtime/lookup-source.ts';
import { namedParameters } from '../../runtime/named-parameters.ts';
import { explain } from './explain.ts';

export type SqlSourceOptions = {
  readonly url: string;
  /** Connections at most; no more questions come at once. */
  readonly maxConnections: number;
  /** Zone of the dates and times that are told. */
  readonly timeZone: string;
  /** Acts with the rights of this role where it is there and may be taken; null to act as who signed in. */
  readonly role: string | null;
  readonly onConnectionLost: (error: Error) => void;
};

/** No lookup may take longer. */
const longestMs = 5_000;

/**
 * A database that is asked with SQL: a pool of its own, whose sessions only read. What comes is text as Postgres writes it (numeric
 * 128.50, date 2026-05-01). A question that takes too long is stopped by the server, and its connection is given up.
 */
export function createSqlSource(options: SqlSourceOptions): LookupSourcePort {
  const pool = new Pool({
    connectionString: options.url,
    max: options.maxConnections,
    connectionTimeoutMillis: longestMs,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'hotline-lookup',
    types: { getTypeParser: () => String },
    query_timeout: longestMs + 1_000,
  });
  pool.on('connect', (client) => client.on('error', options.onConnectionLost));
  // The pool repeats what its idle connections said.
  pool.on('error', () => undefined);
  const prepared = new WeakMap<PoolClient, { statementTimeoutMs: number }>();

  /** A connection that comes too late goes back to the pool. */
  async function connection(signal: AbortSignal): Promise<PoolClient> {
    const tooLate = Promise.withResolvers<never>();
    const giveUp = () => tooLate.reject(new SourceAway('the database gave no connection in time'));
    signal.addEventListener('abort', giveUp, { once: true });
    const coming = pool.connect();
    try {
      return await Promise.race([coming, tooLate.promise]);
    } catch (error) {
      // Whoever waits is told `error`; what else becomes of the attempt concerns nobody.
      coming.then(
        (client) => client.release(),
        () => undefined,
      );
      throw error;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  async function prepare(client: PoolClient, lookup: Lookup): Promise<void> {
    let session = prepared.get(client);
    if (session === undefined) {
      await client.query(sessionSettings, [options.timeZone]);
      if (options.role !== null) await client.query(takeRole, [options.role]);
      session = { statementTimeoutMs: 0 };
      prepared.set(client, session);
    }
    if (session.statementTimeoutMs === lookup.timeoutMs) return;
    await client.query(`select set_config('statement_timeout', $1, false)`, [String(lookup.timeoutMs)]);
    session.statementTimeoutMs = lookup.timeoutMs;
  }

  return {
    async ask(lookup, parameters, signal) {
      let client: PoolClient;
      try {
        client = await connection(signal);
      } catch (error) {
        throw explain(error);
      }
      // Nobody waits for it any more: the connection goes, and with it what a server that hangs may still say.
      const giveUp = (): void => client.release(true);
      signal.addEventListener('abort', giveUp, { once: true });
      try {
        await prepare(client, lookup);
        return await askOn(client, lookup, parameters);
      } catch (error) {
        throw explain(error);
      } finally {
        signal.removeEventListener('abort', giveUp);
        if (!signal.aborted) client.release();
      }
    },
    close: () => pool.end(),
  };
}

async function askOn(
  client: PoolClient,
  lookup: Lookup,
  parameters: Readonly<Record<string, string>>,
): Promise<SourceAnswer> {
  if (lookup.question.kind !== 'sql') throw new Error(`lookup ${lookup.id} is none for a database`);
  const { text, names } = namedParameters(lookup.question.text);
  // Postgres takes no NUL; nobody's number has one.
  const values = names.map((name) => (parameters[name] ?? '').replaceAll('\0', ''));
  // By name: parsed and planned once for each connection.
  const { rows } = await client.query<Record<string, string | null>>({
    name: `lookup ${lookup.id}`,
    text: `select * from (${text}\n) as answer limit 1`,
    values,
  });
  return rows[0] ?? null;
}

const sessionSettings = `
  select set_config('default_transaction_read_only', 'on', false),
         set_config('search_path', 'service, public', false),
         set_config('timezone', $1, false),
         set_config('datestyle', 'ISO, YMD', false),
         set_config('lock_timeout', '1000', false)`;

/** As it was signed in where there is no such role, or it may not be taken. */
const takeRole = `
  select case when exists (select from pg_roles where rolname = $1)
              then case when pg_has_role(current_user, $1::name, 'member') then set_config('role', $1, false) end
         end`;
