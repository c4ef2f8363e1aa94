import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Who may sign in, who is signed in, and who looked at what is normally hidden. */
export const people: Migration = {
  async up(db) {
    await sql`
      create table hotline.staff_user (
        user_name text primary key,
        name text not null,
        role text not null check (role in ('agent', 'lead', 'admin')),
        agent text check ((agent is not null) = (role = 'agent')),
        password_hash text not null
      )`.execute(db);
    await sql`
      create table hotline.session (
        token_hash bytea primary key,
        user_name text not null references hotline.staff_user on delete cascade,
        created_at timestamptz not null,
        expires_at timestamptz not null
      )`.execute(db);
    await sql`create index session_by_user on hotline.session (user_name)`.execute(db);
    await sql`create index session_by_expiry on hotline.session (expires_at)`.execute(db);
    await sql`
      create table hotline.audit_entry (
        audit_id bigint generated always as identity primary key,
        at timestamptz not null,
        user_name text not null,
        role text not null,
        action text not null,
        resource text not null,
        reason text not null,
        address text not null
      )`.execute(db);
  },
};
