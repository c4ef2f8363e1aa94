/**
 * Row types of schema `service`: what callers can be told about themselves. Days are `date` and travel as YYYY-MM-DD, moments are
 * `timestamptz`, money is numeric yuan and travels as a decimal text. Views for lookups: outage_now, outage_notice,
 * line_fault_now, power_standing, telecom_standing, recent_call (db/migrations/0011-service.ts).
 */
export type ServiceTables = {
  /** Where somebody lives; the code is the postal code, which callers know. */
  area: { area_code: string; name_zh: string; name_en: string };
  customer: { customer_id: string; name: string; class: 'ordinary' | 'vip' | 'blacklisted' };
  /** Numbers a customer calls from; one number may be several customers'. */
  customer_phone: { number: string; customer_id: string };
  /** A supply contract (户号): 10 digits, or 13 of the new kind. Negative balance: arrears. */
  power_account: {
    account: string;
    customer_id: string;
    area_code: string;
    address: string;
    supply: 'connected' | 'cut-off';
    balance: Money;
  };
  /** One per account and month; `month` is its first day. */
  power_bill: {
    account: string;
    month: Day;
    kwh: number;
    amount: Money;
    due_on: Day;
    paid_on: Day | null;
  };
  /** The month's consumption up to a day. */
  power_reading: { account: string; read_on: Day; kwh: number };
  /** `restored_by`: when supply is expected back, told to callers. `ended_at`: when it truly was. */
  outage: {
    outage_id: string;
    area_code: string;
    kind: 'fault' | 'planned';
    cause: string;
    begins_at: MomentText;
    restored_by: MomentText;
    ended_at: MomentText | null;
  };
  /** A telephone or broadband line, by its number. */
  telecom_line: {
    line: string;
    customer_id: string;
    area_code: string;
    plan: string;
    state: 'working' | 'suspended' | 'no-signal';
    data_left_gb: number;
    balance: Money;
  };
  telecom_bill: { line: string; month: Day; amount: Money; due_on: Day; paid_on: Day | null };
  line_fault: {
    fault_id: string;
    line: string;
    cause: string;
    begins_at: MomentText;
    restored_by: MomentText;
    ended_at: MomentText | null;
  };
  /** What was ordered or reported, of both hotlines. `appointed_at`: when somebody comes. */
  service_order: {
    order_number: string;
    customer_id: string;
    kind: string;
    status: 'received' | 'scheduled' | 'under-way' | 'done' | 'cancelled';
    appointed_at: MomentText | null;
    updated_at: MomentText;
  };
};

/** YYYY-MM-DD. */
export type Day = string;
/** Yuan as a decimal text such as "128.50". */
export type Money = string;
/** Written as local wall time of the centre, `YYYY-MM-DD HH:MM`; the session's time zone makes it a moment. */
type MomentText = string;
