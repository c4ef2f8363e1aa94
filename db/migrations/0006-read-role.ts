import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * The role `hotline_read`: grant it to whoever reports with SQL. It sees the views (granted where they are made) and
 * nothing else. Roles belong to the whole server: another database may have made it already; and who may not create roles gets
 * the views without it.
 */
export const readRole: Migration = {
  async up(db) {
    await sql`
      do $$ begin
        if not exists (select from pg_roles where rolname = 'hotline_read') then
          create role hotline_read nologin;
        end if;
      exception
        when insufficient_privilege then
          raise notice 'role hotline_read not made: this user may not create roles';
        when duplicate_object or unique_violation then
          raise notice 'role hotline_read was made by another at this moment';
      end $$`.execute(db);
  },
};
