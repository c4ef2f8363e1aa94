import type { ServiceTables } from '../service.ts';

/**
 * The demo customers that people try the hotline with: one for each answer a flow can give. Their numbers are stable and
 * listed in db/seeds/README.md; the many others (demo-crowd.ts) only make the tables look lived in.
 */
export type DemoPerson = {
  readonly phone: string;
  readonly name: string;
  readonly class: ServiceTables['customer']['class'];
  readonly area: string;
  readonly accounts?: readonly DemoAccount[];
  readonly lines?: readonly DemoLine[];
};
export type DemoAccount = {
  readonly account: string;
  readonly supply?: 'cut-off';
  readonly balance: string;
  readonly kwh: number;
  readonly amount: string;
  readonly paid: boolean;
};
export type DemoLine = {
  readonly line: string;
  readonly plan: string;
  readonly state?: 'suspended' | 'no-signal';
  readonly dataLeftGb: number;
  readonly balance: string;
  readonly amount: string;
  readonly paid: boolean;
  readonly fault?: string;
};

/** By postal code. What is out where: demoOutages in demo-service.ts. */
export const demoAreas = [
  { code: '250001', zh: '历下区', en: 'Lixia' },
  { code: '250002', zh: '市中区', en: 'Shizhong' },
  { code: '250003', zh: '槐荫区', en: 'Huaiyin' },
  { code: '250004', zh: '天桥区', en: 'Tianqiao' },
  { code: '250005', zh: '历城区', en: 'Licheng' },
  { code: '250006', zh: '长清区', en: 'Changqing' },
] as const;

const paid = { kwh: 168, amount: '91.73', paid: true };

export const demoPeople: readonly DemoPerson[] = [
  {
    phone: '13800000001',
    name: '李明',
    class: 'ordinary',
    area: '250001',
    accounts: [{ account: '3100000001', balance: '128.50', ...paid }],
    lines: [
      { line: '13800000001', plan: 'family', dataLeftGb: 12, balance: '36.80', amount: '99.00', paid: true },
    ],
  },
  {
    phone: '13800000002',
    name: '王贵宾',
    class: 'vip',
    area: '250002',
    accounts: [{ account: '3100000002', balance: '-256.05', kwh: 471, amount: '256.05', paid: false }],
    lines: [
      {
        line: '13800000002',
        plan: 'unlimited',
        dataLeftGb: 200,
        balance: '0.00',
        amount: '199.00',
        paid: true,
      },
    ],
  },
  {
    phone: '13800000003',
    name: '张停电',
    class: 'ordinary',
    area: '250003',
    accounts: [{ account: '3100000003', balance: '10.00', ...paid }],
    lines: [
      {
        line: '13800000003',
        plan: 'broadband',
        dataLeftGb: 0,
        balance: '5.20',
        amount: '79.00',
        paid: true,
        fault: 'cable-cut',
      },
    ],
  },
  {
    phone: '13800000004',
    name: '赵检修',
    class: 'ordinary',
    area: '250004',
    accounts: [{ account: '3100000004', balance: '0.00', ...paid }],
    lines: [
      {
        line: '13800000004',
        plan: 'basic',
        state: 'suspended',
        dataLeftGb: 0,
        balance: '-58.00',
        amount: '58.00',
        paid: false,
      },
    ],
  },
  {
    phone: '13800000005',
    name: '钱预告',
    class: 'ordinary',
    area: '250005',
    accounts: [{ account: '3100000005', balance: '300.00', ...paid }],
    lines: [
      {
        line: '13800000005',
        plan: 'broadband',
        state: 'no-signal',
        dataLeftGb: 0,
        balance: '20.00',
        amount: '129.00',
        paid: true,
      },
    ],
  },
  {
    phone: '13800000006',
    name: '孙十三',
    class: 'ordinary',
    area: '250006',
    accounts: [{ account: '3701000000006', balance: '0.05', kwh: 1002, amount: '572.10', paid: true }],
  },
  { phone: '13800000007', name: '骚扰者', class: 'blacklisted', area: '250001' },
  {
    phone: '13800000008',
    name: '周欠费',
    class: 'ordinary',
    area: '250002',
    accounts: [
      {
        account: '3100000008',
        supply: 'cut-off',
        balance: '-1020.00',
        kwh: 355,
        amount: '193.40',
        paid: false,
      },
    ],
  },
  // Two accounts: the caller's number alone does not say which is meant.
  {
    phone: '13800000009',
    name: '吴两户',
    class: 'ordinary',
    area: '250001',
    accounts: [
      { account: '3100000009', balance: '66.00', ...paid },
      { account: '3100000010', balance: '-12.30', kwh: 23, amount: '12.30', paid: false },
    ],
  },
];

/** Orders in every stage. `day` counts from the seeding day; `time` is that of an appointment. */
export const demoOrders = [
  { number: '2600000001', phone: '13800000001', kind: 'installation', status: 'received', day: 0 },
  { number: '2600000002', phone: '13800000002', kind: 'move', status: 'scheduled', day: 1, time: '09:30' },
  { number: '2600000003', phone: '13800000003', kind: 'repair', status: 'under-way', day: 0 },
  { number: '2600000004', phone: '13800000004', kind: 'plan-change', status: 'done', day: -2 },
  { number: '2600000005', phone: '13800000005', kind: 'installation', status: 'cancelled', day: -5 },
  {
    number: '2600000006',
    phone: '13800000006',
    kind: 'new-supply',
    status: 'scheduled',
    day: 2,
    time: '14:00',
  },
  { number: '2600000007', phone: '13800000001', kind: 'meter-check', status: 'under-way', day: -1 },
  { number: '2600000008', phone: '13800000008', kind: 'complaint', status: 'received', day: 0 },
] as const;
