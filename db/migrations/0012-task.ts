import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What a person has to see to: opened by events (TaskOpened), done by people. */
export const task: Migration = {
  async up(db) {
    await sql`
      create table hotline.task (
        task_id text primary key,
        opened_at timestamptz not null,
        kind text not null,
        call_id text,
        hotline text,
        queue text,
        agent text,
        number text not null,
        because text not null,
        assigned_to text,
        done_at timestamptz,
        done_by text,
        note text not null default '',
        check ((done_at is null) = (done_by is null))
      )`.execute(db);
    await sql`create index task_open on hotline.task (opened_at, task_id) where done_at is null`.execute(db);
    await sql`create index task_by_time on hotline.task (opened_at, task_id)`.execute(db);
  },
};
