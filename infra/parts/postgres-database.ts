import pg from 'pg';
import { PartError } from './part.ts';

/** Oldest server the schema works on. */
const oldestMajor = 14;

/** Connects once. Throws what the server or the network says; the message never holds the password. */
export async function checkPostgres(url: string): Promise<{ major: number }> {
  return withClient(url, async (client) => {
    const result = await client.query<{ version: string }>(
      "select current_setting('server_version_num') as version",
    );
    return { major: Math.floor(Number(result.rows[0]?.version) / 10_000) };
  });
}

/**
 * Makes role and database `hotline` as far as they are missing, and makes the role's password ours; and the role that lookups act
 * as (db/migrations/0011-service.ts). Repeatable.
 */
export async function createRoleAndDatabase(superuserUrl: string, password: string): Promise<void> {
  await withClient(superuserUrl, async (client) => {
    const role = await client.query("select 1 from pg_roles where rolname = 'hotline'");
    const verb = role.rowCount === 0 ? 'create' : 'alter';
    // A role's password cannot be a bound parameter; it is quoted by the driver and made of letters and digits anyway.
    await client.query(`${verb} role hotline login password ${client.escapeLiteral(password)}`);
    const lookups = await client.query("select 1 from pg_roles where rolname = 'hotline_lookup'");
    if (lookups.rowCount === 0) await client.query('create role hotline_lookup nologin');
    await client.query('grant hotline_lookup to hotline');
    const database = await client.query("select 1 from pg_database where datname = 'hotline'");
    if (database.rowCount === 0) await client.query('create database hotline owner hotline');
  });
}

/** Makes sure the database somebody else runs can be used. @throws {PartError} saying what is wrong with `DATABASE_URL`. */
export async function checkExternalDatabase(url: string): Promise<void> {
  const { host, pathname } = new URL(url);
  const where = `DATABASE_URL: Postgres at ${host}${pathname}`;
  let found: { major: number };
  try {
    found = await checkPostgres(url);
  } catch (error) {
    throw new PartError(
      `${where} cannot be used: ${reason(error)}; correct DATABASE_URL, start that server, or unset it to use the embedded Postgres`,
    );
  }
  if (found.major < oldestMajor) {
    throw new PartError(`${where} is version ${found.major}; version ${oldestMajor} or later is needed`);
  }
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, query_timeout: 5000 });
  // A connection lost between queries is said here and nowhere else; the next query fails with the same reason.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}

/** An AggregateError of several refused addresses has no message of its own. */
function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join(', ');
  return error instanceof Error ? error.message : String(error);
}
