import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/**
 * What callers are told about themselves (schema `service`): customers, bills, outages, orders. Flows look things up here
 * (`dialplans/lookups.yaml`) as role `hotline_lookup`, which sees this schema and nothing else. An operator fills it from their own
 * systems, or points the lookups elsewhere; the demo centre has demo data (db/seeds). Row types: db/service.ts.
 */
export const service: Migration = {
  async up(db) {
    for (const statement of statements) await sql.raw(statement).execute(db);
  },
};

/** Roles belong to the whole server: another database may have made it, and who may not create roles goes without. */
const role = `
  do $$ begin
    if not exists (select from pg_roles where rolname = 'hotline_lookup') then
      create role hotline_lookup nologin;
      execute format('grant hotline_lookup to %I', current_user);
    end if;
  exception
    when insufficient_privilege then
      raise notice 'role hotline_lookup not made: this user may not create roles';
    when duplicate_object or unique_violation then
      raise notice 'role hotline_lookup was made by another at this moment';
  end $$`;

const standing = (account: string) => `
  select ${account},
         case when balance > 0 then 'in-credit' when balance < 0 then 'in-arrears' else 'settled' end as standing,
         greatest(balance, 0) as balance,
         greatest(-balance, 0) as arrears`;

const statements = [
  'create schema service',
  role,
  `create table service.area (
     area_code text primary key check (area_code ~ '^[0-9]{6}$'),
     name_zh text not null,
     name_en text not null
   )`,
  `create table service.customer (
     customer_id text primary key,
     name text not null,
     class text not null check (class in ('ordinary', 'vip', 'blacklisted'))
   )`,
  `create table service.customer_phone (
     number text not null,
     customer_id text not null references service.customer on delete cascade,
     primary key (number, customer_id)
   )`,
  'create index customer_phone_by_customer on service.customer_phone (customer_id)',

  `create table service.power_account (
     account text primary key check (account ~ '^([0-9]{10}|[0-9]{13})$'),
     customer_id text not null references service.customer on delete cascade,
     area_code text not null references service.area,
     address text not null,
     supply text not null check (supply in ('connected', 'cut-off')),
     balance numeric(11, 2) not null
   )`,
  'create index power_account_by_customer on service.power_account (customer_id)',
  'create index power_account_by_area on service.power_account (area_code)',
  `create table service.power_bill (
     account text not null references service.power_account on delete cascade,
     month date not null check (extract(day from month) = 1),
     kwh integer not null check (kwh >= 0),
     amount numeric(11, 2) not null,
     due_on date not null,
     paid_on date,
     primary key (account, month)
   )`,
  `create table service.power_reading (
     account text not null references service.power_account on delete cascade,
     read_on date not null,
     kwh integer not null check (kwh >= 0),
     primary key (account, read_on)
   )`,
  `create table service.outage (
     outage_id text primary key,
     area_code text not null references service.area,
     kind text not null check (kind in ('fault', 'planned')),
     cause text not null,
     begins_at timestamptz not null,
     restored_by timestamptz not null,
     ended_at timestamptz,
     check (begins_at < restored_by)
   )`,
  'create index outage_by_area on service.outage (area_code, restored_by)',

  `create table service.telecom_line (
     line text primary key check (line ~ '^[0-9]{7,12}$'),
     customer_id text not null references service.customer on delete cascade,
     area_code text not null references service.area,
     plan text not null,
     state text not null check (state in ('working', 'suspended', 'no-signal')),
     data_left_gb integer not null check (data_left_gb >= 0),
     balance numeric(11, 2) not null
   )`,
  'create index telecom_line_by_customer on service.telecom_line (customer_id)',
  `create table service.telecom_bill (
     line text not null references service.telecom_line on delete cascade,
     month date not null check (extract(day from month) = 1),
     amount numeric(11, 2) not null,
     due_on date not null,
     paid_on date,
     primary key (line, month)
   )`,
  `create table service.line_fault (
     fault_id text primary key,
     line text not null references service.telecom_line on delete cascade,
     cause text not null,
     begins_at timestamptz not null,
     restored_by timestamptz not null,
     ended_at timestamptz,
     check (begins_at < restored_by)
   )`,
  'create index line_fault_by_line on service.line_fault (line)',

  `create table service.service_order (
     order_number text primary key check (order_number ~ '^[0-9]{6,16}$'),
     customer_id text not null references service.customer on delete cascade,
     kind text not null,
     status text not null check (status in ('received', 'scheduled', 'under-way', 'done', 'cancelled')),
     appointed_at timestamptz,
     updated_at timestamptz not null
   )`,

  `create view service.power_standing as ${standing('account')} from service.power_account`,
  `create view service.telecom_standing as ${standing('line')} from service.telecom_line`,
  `create view service.outage_now as
     select outage_id, area_code, kind, cause, begins_at, restored_by
       from service.outage
      where begins_at <= now() and coalesce(ended_at, restored_by) > now()`,
  `create view service.outage_notice as
     select outage_id, area_code, cause, begins_at, restored_by
       from service.outage
      where kind = 'planned' and begins_at > now() and ended_at is null`,
  `create view service.line_fault_now as
     select distinct on (line) fault_id, line, cause, begins_at, restored_by
       from service.line_fault
      where begins_at <= now() and coalesce(ended_at, restored_by) > now()
      order by line, restored_by desc`,
  // The call that asks has not ended: it does not make its own caller a repeat caller.
  `create view service.recent_call as
     select caller_number, hotline, started_at, outcome
       from hotline.call
      where started_at > now() - interval '24 hours' and ended_at is not null and caller_number <> ''`,
  `comment on view service.recent_call is 'Calls of the last 24 hours that have ended: for telling repeat callers.'`,
  `comment on view service.outage_now is 'Outages under way; restored_by is when supply is expected back.'`,
  `comment on view service.outage_notice is 'Planned outages still to come.'`,
  `comment on view service.line_fault_now is 'The known fault of a line, if it has one now.'`,
  `comment on view service.power_standing is 'How accounts stand: balance when in credit, arrears when in arrears; neither is negative.'`,
  `comment on view service.telecom_standing is 'How lines stand: balance when in credit, arrears when in arrears; neither is negative.'`,
];
