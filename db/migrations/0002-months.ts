import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * `hotline.ensure_months(first, count)` makes the partitions of `count` months from the month of `first` on, and
 * returns how many were new. Rows of such a month that waited in the default partition move into it. Safe to call at
 * any time and by several at once.
 */
export const months: Migration = {
  async up(db) {
    await sql`
      create function hotline.ensure_months(first timestamptz, count integer) returns integer
      language plpgsql set search_path = hotline, pg_temp as $$
      declare
        made integer := 0;
        parent record;
        month timestamp;
        low text;
        high text;
        child text;
        columns text;
      begin
        perform pg_advisory_xact_lock(hashtext('hotline.ensure_months'));
        for parent in
          select * from (values ('event', 'at'), ('call', 'started_at'), ('visit', 'queued_at'),
                                ('conversation', 'queued_at'), ('agent_interval', 'started_at')) as p(name, key)
        loop
          select string_agg(quote_ident(attname), ', ' order by attnum) into columns
            from pg_attribute
           where attrelid = parent.name::regclass and attnum > 0 and not attisdropped;
          for step in 0 .. count - 1 loop
            month := date_trunc('month', first at time zone 'UTC') + make_interval(months => step);
            child := format('%s_%s', parent.name, to_char(month, 'YYYY_MM'));
            continue when to_regclass('hotline.' || child) is not null;
            low := to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00';
            high := to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00';
            execute format('create table %I (like %I including defaults)', child, parent.name);
            execute format('lock table %I in access exclusive mode', parent.name || '_default');
            execute format(
              'with moved as (delete from %I where %I >= %L and %I < %L returning %s) insert into %I (%s) select %s from moved',
              parent.name || '_default', parent.key, low, parent.key, high, columns, child, columns, columns);
            execute format('alter table %I attach partition %I for values from (%L) to (%L)',
                           parent.name, child, low, high);
            made := made + 1;
          end loop;
        end loop;
        return made;
      end $$`.execute(db);
  },
};
