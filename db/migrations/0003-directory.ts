import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** The centre as it is configured: hotlines, queues, agents. Rows are never deleted, as old records name them. */
export const directory: Migration = {
  async up(db) {
    await sql`
      create table hotline.hotline (
        hotline text primary key,
        name jsonb not null,
        numbers text[] not null,
        removed_at timestamptz
      )`.execute(db);
    await sql`
      create table hotline.queue (
        queue text primary key,
        name jsonb not null,
        removed_at timestamptz
      )`.execute(db);
    await sql`
      create table hotline.queue_definition (
        queue text not null references hotline.queue,
        valid_from timestamptz not null,
        valid_to timestamptz not null default 'infinity',
        service_level_threshold_ms integer not null check (service_level_threshold_ms >= 0),
        short_abandon_ms integer not null check (short_abandon_ms >= 0),
        primary key (queue, valid_from),
        check (valid_from < valid_to)
      )`.execute(db);
    // One definition is in force at a time.
    await sql`create unique index queue_definition_in_force on hotline.queue_definition (queue) where valid_to = 'infinity'`.execute(
      db,
    );
    await sql`
      create table hotline.agent (
        agent text primary key,
        name text not null,
        queues text[] not null,
        removed_at timestamptz
      )`.execute(db);
  },
};
