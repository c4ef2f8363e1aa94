import type { ServiceTables } from '../service.ts';
import { demoCrowd } from './demo-crowd.ts';
import { type DemoPerson, demoAreas, demoOrders, demoPeople } from './demo-people.ts';

/** All demo rows of schema `service`, in an order in which references hold. */
export type DemoRows = { readonly [Table in keyof ServiceTables]: ServiceTables[Table][] };

/**
 * Demo data as of a local day (YYYY-MM-DD): the same day gives the same rows. An outage is under way on the whole of that day, and
 * until the next morning; bills are those of the months before. Moments are local wall times `YYYY-MM-DD HH:MM`.
 */
export function demoService(today: string): DemoRows {
  const rows: DemoRows = {
    area: demoAreas.map(({ code, zh, en }) => ({ area_code: code, name_zh: zh, name_en: en })),
    customer: [],
    customer_phone: [],
    power_account: [],
    power_bill: [],
    power_reading: [],
    outage: demoOutages(today),
    telecom_line: [],
    telecom_bill: [],
    line_fault: [],
    service_order: [],
  };
  for (const person of [...demoPeople, ...demoCrowd()]) addPerson(rows, person, today);
  for (const { number, phone, kind, status, day, ...at } of demoOrders)
    rows.service_order.push({
      order_number: number,
      customer_id: customerOf(phone),
      kind,
      status,
      appointed_at: 'time' in at ? `${dayAfter(today, day)} ${at.time}` : null,
      updated_at: `${dayAfter(today, Math.min(day, 0))} 00:00`,
    });
  return rows;
}

const customerOf = (phone: string): string => `demo-${phone}`;

function addPerson(rows: DemoRows, person: DemoPerson, today: string): void {
  const customer_id = customerOf(person.phone);
  const { area: area_code } = person;
  rows.customer.push({ customer_id, name: person.name, class: person.class });
  rows.customer_phone.push({ number: person.phone, customer_id });
  for (const { account, supply = 'connected', balance, kwh, amount, paid } of person.accounts ?? []) {
    const address = `演示路 ${account.slice(-3)} 号`;
    rows.power_account.push({ account, customer_id, area_code, address, supply, balance });
    rows.power_bill.push({ account, kwh, ...lastBill(today, amount, paid) });
    rows.power_reading.push({ account, read_on: today, kwh: readSoFar(kwh, today) });
  }
  for (const one of person.lines ?? []) {
    const { line, plan, state = 'working', dataLeftGb, balance, amount, paid, fault } = one;
    rows.telecom_line.push({ line, customer_id, area_code, plan, state, data_left_gb: dataLeftGb, balance });
    rows.telecom_bill.push({ line, ...lastBill(today, amount, paid) });
    if (fault !== undefined)
      rows.line_fault.push({
        fault_id: `demo-${line}`,
        line,
        cause: fault,
        begins_at: `${dayAfter(today, -1)} 22:00`,
        restored_by: `${dayAfter(today, 1)} 12:00`,
        ended_at: null,
      });
  }
}

/** Of the month before, due on the 20th of this one. */
function lastBill(today: string, amount: string, paid: boolean) {
  const month = `${dayAfter(`${today.slice(0, 7)}-01`, -1).slice(0, 7)}-01`;
  const due_on = `${today.slice(0, 7)}-20`;
  return { month, amount, due_on, paid_on: paid ? `${today.slice(0, 7)}-01` : null };
}

const readSoFar = (kwhOfMonth: number, today: string): number =>
  Math.round((kwhOfMonth * Number(today.slice(8))) / 31);

/** A storm's fault and planned works under way, a notice of works in three days, and one that is over. */
const demoOutages = (today: string): ServiceTables['outage'][] => [
  outage('fault-now', '250003', 'fault', 'storm', `${today} 00:00`, `${dayAfter(today, 1)} 09:30`),
  outage('works-now', '250004', 'planned', 'maintenance', `${today} 00:00`, `${dayAfter(today, 1)} 18:00`),
  outage(
    'works-to-come',
    '250005',
    'planned',
    'upgrade',
    `${dayAfter(today, 3)} 08:00`,
    `${dayAfter(today, 3)} 17:00`,
  ),
  {
    ...outage('over', '250006', 'fault', 'equipment', `${dayAfter(today, -1)} 06:00`, `${today} 23:00`),
    ended_at: `${dayAfter(today, -1)} 08:40`,
  },
];

const outage = (
  id: string,
  area_code: string,
  kind: 'fault' | 'planned',
  cause: string,
  begins_at: string,
  restored_by: string,
): ServiceTables['outage'] => ({
  outage_id: `demo-${id}`,
  area_code,
  kind,
  cause,
  begins_at,
  restored_by,
  ended_at: null,
});

/** A day so many days later, both YYYY-MM-DD. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
