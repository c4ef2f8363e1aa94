import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The calls that Asterisk's own account tells of, and what is found when our records are held against it. */
export const secondWitness: Migration = {
  async up(db) {
    await sql`
      create table hotline.witnessed_call (
        call_id text primary key,
        started_at timestamptz not null
      )`.execute(db);
    await sql`create index witnessed_call_by_time on hotline.witnessed_call (started_at)`.execute(db);
    // Of calls from before there is no account, and none is missed.
    await sql`create table hotline.witness_begin (began_at timestamptz not null)`.execute(db);
    await sql`insert into hotline.witness_begin values (now())`.execute(db);
    await sql`
      create table hotline.ledger_unexplained (
        kind text not null,
        id text not null,
        call_id text not null,
        started_at timestamptz not null,
        reason text not null,
        found_at timestamptz not null,
        primary key (kind, id)
      )`.execute(db);
  },
};
