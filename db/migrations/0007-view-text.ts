import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The text each view was last made from: a view is made again only when its text in db/views has changed. */
export const viewText: Migration = {
  async up(db) {
    await sql`create table hotline.view_text (name text primary key, text text not null)`.execute(db);
  },
};
