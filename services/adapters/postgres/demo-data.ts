import { sql } from 'kysely';
import { demoService } from '../../../db/seeds/demo-service.ts';
import type { ServiceTables } from '../../../db/service.ts';
import type { Postgres } from './connect.ts';
import { named } from './errors.ts';
import { type Target, upsert } from './upsert.ts';

/**
 * Sows the demo customers, bills and outages as of a local day (YYYY-MM-DD). Idempotent: rows are put back to what they were made as;
 * others are not touched.
 */
export async function sowDemoData(
  { db, where }: Postgres,
  { today, timeZone }: { today: string; timeZone: string },
): Promise<void> {
  const rows = demoService(today);
  await named(where, 'Sowing demo data', () =>
    db.transaction().execute(async (trx) => {
      // The rows' moments are wall times of the centre.
      await sql`select set_config('timezone', ${timeZone}, true)`.execute(trx);
      // In the order of `targets`: a row comes after those it refers to.
      for (const table of Object.keys(targets) as (keyof ServiceTables)[])
        await upsert<Record<string, unknown>>(trx, targets[table], rows[table], 'replace');
    }),
  );
}

const target = (table: string, key: string[], columns: Record<string, string>) => ({
  table: `service.${table}`,
  key,
  columns,
});

const targets: { readonly [Table in keyof ServiceTables]: Target<Record<string, unknown>> } = {
  area: target('area', ['area_code'], { area_code: 'text', name_zh: 'text', name_en: 'text' }),
  customer: target('customer', ['customer_id'], { customer_id: 'text', name: 'text', class: 'text' }),
  customer_phone: target('customer_phone', ['number', 'customer_id'], {
    number: 'text',
    customer_id: 'text',
  }),
  power_account: target('power_account', ['account'], {
    account: 'text',
    customer_id: 'text',
    area_code: 'text',
    address: 'text',
    supply: 'text',
    balance: 'numeric',
  }),
  power_bill: target('power_bill', ['account', 'month'], {
    account: 'text',
    month: 'date',
    kwh: 'integer',
    amount: 'numeric',
    due_on: 'date',
    paid_on: 'date',
  }),
  power_reading: target('power_reading', ['account', 'read_on'], {
    account: 'text',
    read_on: 'date',
    kwh: 'integer',
  }),
  outage: target('outage', ['outage_id'], {
    outage_id: 'text',
    area_code: 'text',
    kind: 'text',
    cause: 'text',
    begins_at: 'timestamptz',
    restored_by: 'timestamptz',
    ended_at: 'timestamptz',
  }),
  telecom_line: target('telecom_line', ['line'], {
    line: 'text',
    customer_id: 'text',
    area_code: 'text',
    plan: 'text',
    state: 'text',
    data_left_gb: 'integer',
    balance: 'numeric',
  }),
  telecom_bill: target('telecom_bill', ['line', 'month'], {
    line: 'text',
    month: 'date',
    amount: 'numeric',
    due_on: 'date',
    paid_on: 'date',
  }),
  line_fault: target('line_fault', ['fault_id'], {
    fault_id: 'text',
    line: 'text',
    cause: 'text',
    begins_at: 'timestamptz',
    restored_by: 'timestamptz',
    ended_at: 'timestamptz',
  }),
  service_order: target('service_order', ['order_number'], {
    order_number: 'text',
    customer_id: 'text',
    kind: 'text',
    status: 'text',
    appointed_at: 'timestamptz',
    updated_at: 'timestamptz',
  }),
};
