import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The name under which the events behind a snapshot are stored: not the journal's own when an end of it was once lost. */
export const snapshotName: Migration = {
  async up(db) {
    await sql`alter table hotline.snapshot add column shipped_as text`.execute(db);
  },
};
