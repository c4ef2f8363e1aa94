import { type Kysely, sql } from 'kysely';
import { type MigrationProvider, Migrator } from 'kysely/migration';
import { migrations } from '../../../db/migrations/index.ts';
import type { Database } from '../../../db/schema.ts';
import { views } from '../../../db/views/index.ts';
import type { View } from '../../../db/views/view.ts';
import type { Instant } from '../../events/instant.ts';
import { connect } from './connect.ts';
import { named } from './errors.ts';
import { ensurePartitions } from './partitions.ts';

/** What a call of `migrate` changed; nothing when the database was up to date. */
export type MigrationReport = { migrations: string[]; views: string[]; partitions: number };

/**
 * Brings the database that `url` names up to date: tables, views, grants, and the partitions around `now`. Safe to run at
 * every start and by two controllers at once. All or nothing: a migration that fails leaves the schema as it was.
 * @throws {DatabaseError} naming the migration, the place and what to do
 */
export async function migrate(url: string, now: Instant): Promise<MigrationReport> {
  // A door of its own: a migration may take longer than any statement of the running service may.
  const postgres = connect(url, {
    maxConnections: 2,
    statementTimeoutMs: 0,
    applicationName: 'hotline-migrate',
  });
  try {
    await postgres.check();
    const done = await named(postgres.where, 'Migrating', () => runMigrations(postgres.db));
    const renewed = await named(postgres.where, 'Making the views', () => renewViews(postgres.db));
    await named(postgres.where, 'Granting lookups', () => grantLookups(postgres.db));
    return { migrations: done, views: renewed, partitions: await ensurePartitions(postgres, now) };
  } finally {
    await postgres.close();
  }
}

const provider: MigrationProvider = { getMigrations: async () => ({ ...migrations }) };

async function runMigrations(db: Kysely<Database>): Promise<string[]> {
  const migrator = new Migrator({ db, provider, migrationTableSchema: 'hotline' });
  const { error, results = [] } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  return results.filter((one) => one.status === 'Success').map((one) => one.migrationName);
}

/**
 * Makes the views whose text changed since the last time. The others are not touched: replacing a view waits for every
 * query that reads it, and a start must not wait for someone's report.
 */
async function renewViews(db: Kysely<Database>): Promise<string[]> {
  return db.transaction().execute(async (trx) => {
    await sql`create table if not exists hotline.view_text (name text primary key, text text not null)`.execute(
      trx,
    );
    // Two controllers that start at once take turns.
    await sql`lock table hotline.view_text in exclusive mode`.execute(trx);
    const present = new Map(
      (await trx.selectFrom('view_text').select(['name', 'text']).execute()).map((row) => [
        row.name,
        row.text,
      ]),
    );
    const renewed: string[] = [];
    for (const view of views) {
      const text = `${view.comment}\n${view.query}`;
      if (present.get(view.name) === text) continue;
      await makeView(trx, view);
      await trx
        .insertInto('view_text')
        .values({ name: view.name, text })
        .onConflict((it) => it.column('name').doUpdateSet({ text }))
        .execute();
      renewed.push(view.name);
    }
    return renewed;
  });
}

/** At every start: the role may have been made since, by who may make roles. */
async function grantLookups(db: Kysely<Database>): Promise<void> {
  await sql`
    do $$ begin
      if exists (select from pg_roles where rolname = 'hotline_lookup')
         and not has_schema_privilege('hotline_lookup', 'service', 'usage') then
        grant usage on schema service to hotline_lookup;
        grant select on all tables in schema service to hotline_lookup;
      end if;
    end $$`.execute(db);
}

async function makeView(db: Kysely<Database>, view: View): Promise<void> {
  const name = sql.table(`public.${view.name}`);
  await sql`create or replace view ${name} as ${sql.raw(view.query)}`.execute(db);
  await sql`comment on view ${name} is ${sql.lit(view.comment)}`.execute(db);
  // The role is missing where our user may not make roles.
  await sql`
    do $$ begin
      if exists (select from pg_roles where rolname = 'hotline_read') then
        grant usage on schema public to hotline_read;
        grant select on ${name} to hotline_read;
      end if;
    end $$`.execute(db);
}
