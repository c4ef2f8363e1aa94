import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * What happened (event) and what it amounts to (call, visit, conversation, agent_interval), in partitions of one
 * month (UTC) each. A partition's key column is part of the primary key, as Postgres asks; it never changes.
 * Rows of a month that has no partition yet go to the default partition, so that nothing is ever refused for its date.
 *
 * No CHECKs on outcomes and the like: the events are the truth, and a word this schema does not know yet must not
 * stop them from being stored.
 */
export const ledger: Migration = {
  async up(db) {
    await sql`
      create table hotline.event (
        event_id text not null,
        at timestamptz not null,
        journal_id text not null,
        seq bigint not null,
        call_id text,
        agent text,
        type text not null,
        payload jsonb not null,
        primary key (event_id, at)
      ) partition by range (at)`.execute(db);
    await sql`create index event_by_call on hotline.event (call_id, at) where call_id is not null`.execute(
      db,
    );
    await sql`create index event_by_agent on hotline.event (agent, at) where agent is not null`.execute(db);
    // Rows come nearly in the order of time: a small block-range index finds a day.
    await sql`create index event_by_time on hotline.event using brin (at)`.execute(db);

    await sql`
      create table hotline.journal_position (
        journal_id text primary key,
        seq bigint not null
      )`.execute(db);

    await sql`
      create table hotline.call (
        call_id text not null,
        started_at timestamptz not null,
        node_id text not null,
        source text not null,
        caller_number text not null,
        dialled_number text not null,
        hotline text,
        ended_at timestamptz,
        outcome text,
        release_party text,
        queue text,
        agent text,
        wait_ms integer not null,
        ring_ms integer not null,
        talk_ms integer not null,
        hold_ms integer not null,
        wrap_up_ms integer not null,
        wrap_ups_due smallint not null,
        transfers smallint not null,
        disposition text,
        resolved boolean,
        survey_score smallint,
        recording text,
        degraded boolean not null,
        sip_call_id text not null,
        primary key (call_id, started_at)
      ) partition by range (started_at)`.execute(db);
    await sql`create index call_by_time on hotline.call (started_at, call_id)`.execute(db);
    await sql`create index call_by_number on hotline.call (caller_number, started_at)`.execute(db);
    await sql`create index call_by_agent on hotline.call (agent, started_at)`.execute(db);

    await sql`
      create table hotline.visit (
        visit_id text not null,
        queued_at timestamptz not null,
        call_id text not null,
        queue text not null,
        hotline text not null,
        left_at timestamptz,
        outcome text,
        flow_out_reason text,
        wait_ms integer,
        agent text,
        priority integer not null,
        primary key (visit_id, queued_at)
      ) partition by range (queued_at)`.execute(db);
    await sql`create index visit_by_call on hotline.visit (call_id)`.execute(db);
    await sql`create index visit_by_interval on hotline.visit (${quarterHour('queued_at')}, queue)`.execute(
      db,
    );

    await sql`
      create table hotline.conversation (
        agent_leg_id text not null,
        queued_at timestamptz not null,
        call_id text not null,
        visit_id text not null,
        queue text not null,
        agent text not null,
        answered_at timestamptz not null,
        ended_at timestamptz,
        wait_ms integer not null,
        ring_ms integer not null,
        talk_ms integer,
        hold_ms integer,
        released_by text,
        cause text,
        wrap_up_ms integer,
        handle_ms integer,
        primary key (agent_leg_id, queued_at)
      ) partition by range (queued_at)`.execute(db);
    await sql`create index conversation_by_call on hotline.conversation (call_id)`.execute(db);
    await sql`create index conversation_by_interval on hotline.conversation (${quarterHour('queued_at')}, queue)`.execute(
      db,
    );

    await sql`
      create table hotline.agent_interval (
        interval_id text not null,
        started_at timestamptz not null,
        agent text not null,
        state text not null,
        reason text,
        call_id text,
        ended_at timestamptz,
        primary key (interval_id, started_at)
      ) partition by range (started_at)`.execute(db);
    await sql`create index agent_interval_by_agent on hotline.agent_interval (agent, started_at)`.execute(db);
    await sql`create index agent_interval_open on hotline.agent_interval (agent) where ended_at is null`.execute(
      db,
    );

    for (const parent of partitionedTables) {
      await sql`create table ${sql.table(`hotline.${parent}_default`)} partition of ${sql.table(`hotline.${parent}`)} default`.execute(
        db,
      );
    }
  },
};

const partitionedTables = ['event', 'call', 'visit', 'conversation', 'agent_interval'];

/** The start of the quarter of an hour; the same words stand in the view `kpi_interval`, so that it uses the index. */
const quarterHour = (column: string) =>
  sql`date_bin('15 minutes'::interval, ${sql.ref(column)}, '2000-01-01 00:00:00+00'::timestamptz)`;
