import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Events and audit entries are not changed. (Retention removes them by whole partitions and by age.) */
export const appendOnly: Migration = {
  async up(db) {
    await sql`
      create function hotline.refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception '% is append-only: rows are added, never changed', tg_table_name
          using errcode = 'restrict_violation';
      end $$`.execute(db);
    await sql`
      create trigger event_append_only before update on hotline.event
      for each row execute function hotline.refuse_change()`.execute(db);
    await sql`
      create trigger audit_entry_append_only before update or delete on hotline.audit_entry
      for each row execute function hotline.refuse_change()`.execute(db);
  },
};
