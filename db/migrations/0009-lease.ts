import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Who may act, and what another controller needs to go on from where that one ends. */
export const lease: Migration = {
  async up(db) {
    // One row. `inherits_from`: whose state the holder goes on from. `fence` grows with each taking, `renewals` with each renewal; times are this database's own.
    await sql`
      create table hotline.lease (
        id smallint primary key check (id = 1),
        holder text,
        inherits_from text,
        fence bigint not null,
        renewals bigint not null,
        renewed_at timestamptz not null,
        place text not null,
        given_back boolean not null
      )`.execute(db);
    await sql`insert into hotline.lease values (1, null, null, 0, 0, now(), '', true)`.execute(db);
    // Set when another controller has taken over: nothing of this journal is taken from then on.
    await sql`alter table hotline.journal_position add column closed_at timestamptz`.execute(db);
    await sql`
      create table hotline.snapshot (
        journal_id text primary key,
        seq bigint not null,
        kept_at timestamptz not null,
        body text not null
      )`.execute(db);
  },
};
