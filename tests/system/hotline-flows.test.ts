import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { instant } from '../../services/events/instant.ts';
import { calendarAt, localMomentIn } from '../../services/ivr/calendar.ts';
import { loadCalendar } from '../../services/runtime/calendar-file.ts';
import { demoCustomersAreThere } from '../support/demo-customers.ts';
import { callThroughFlows, disappointments, type FlowCaller } from '../support/flow-callers.ts';
import { holdPostgres } from '../support/hold-postgres.ts';
import { HotlineAtWork } from '../support/hotline-at-work.ts';
import { startRobotAgents } from '../support/robot-agents.ts';
import { until } from '../support/until.ts';

/**
 * Real callers with real keys (RFC 4733 and INFO by turns) through every menu path of both hotlines, against the demo customers in Postgres
 * (db/seeds), to outcome and record. The flows' own tests (dialplans/ivr/*.test.yaml) try the rest: times, holidays, sources away.
 */

let hotline: HotlineAtWork;
beforeAll(async () => {
  hotline = await HotlineAtWork.start(
    { agents: 2, ringTimeoutSeconds: 15 },
    { HOTLINE_FLOWS: 'dialplans/ivr', HOTLINE_TRUNK_SILENCE_S: '600', HOTLINE_TIME_ZONE: timeZone },
  );
  await demoCustomersAreThere(hotline.instance);
});
afterAll(() => hotline?.stop());

/**
 * Desks open and close, and days begin, at a full or half hour: none may come while callers are on their way. In the second half of each half hour
 * the centre is where clocks are a quarter of an hour apart from those of China (+05:45).
 */
const timeZone = new Date().getUTCMinutes() % 30 < 15 ? 'Asia/Shanghai' : 'Asia/Kathmandu';

/** Whether a desk is open now; paths that depend on it are walked as they are at this hour. */
const open = (hours: string): boolean =>
  calendarAt(loadCalendar('dialplans/calendar.yaml'), localMomentIn(timeZone)(instant(Date.now()))).inHours(
    hours,
  );

const gaveUpWaiting = { outcome: 'abandoned_in_queue' };
const served = { outcome: 'self_served' };
const left = { outcome: 'abandoned_in_ivr' };

/** Of 95598. */
const power = (): Omit<FlowCaller, 'to'>[] => [
  { name: 'black list', from: '13800000007', steps: [], outcome: 'blocked', hears: ['blocked'] },
  { name: 'leaves in the greeting', steps: ['welcome hangs-up'], ...left },
  { name: 'leaves in the menu', steps: ['main-menu hangs-up'], ...left },
  {
    name: 'early 0',
    steps: ['welcome 0', 'person-next hangs-up'],
    ...gaveUpWaiting,
    queue: 'power-service',
    hears: ['welcome-95598', 'recording-notice', 'queue-enter'],
  },
  { name: 'early 1, danger', steps: ['welcome 1', 'fault 1', 'danger hangs-up'], ...gaveUpWaiting },
  {
    name: 'three silences',
    steps: ['main-menu', 'person-next hangs-up'],
    ...gaveUpWaiting,
    hears: ['no-input', 'no-input'],
  },
  {
    name: 'three wrong keys',
    steps: ['main-menu 7', 'main-menu 6', 'main-menu #', 'person-next hangs-up'],
    ...gaveUpWaiting,
    hears: ['invalid-key', 'invalid-key'],
  },
  { name: 'VIP', from: '13800000002', steps: ['main-menu 0', 'person-vip hangs-up'], ...gaveUpWaiting },
  {
    name: 'danger',
    steps: ['main-menu 1', 'fault 1', 'danger hangs-up'],
    ...gaveUpWaiting,
    hears: ['danger-advice'],
  },
  {
    name: 'outage by caller',
    from: '13800000003',
    steps: ['main-menu 1', 'fault 2', 'after-outage hangs-up'],
    ...served,
    hears: [
      'outage-fault',
      'cause-storm',
      'outage-restored-by',
      'day-tomorrow',
      'time-morning',
      'hour-9',
      'time-half',
    ],
  },
  {
    name: 'outage by account',
    steps: ['main-menu 1', 'fault 2', 'fault-where 1', 'fault-account 3100000004#', 'after-outage .'],
    ...served,
    hears: ['outage-planned', 'cause-maintenance', 'goodbye'],
  },
  {
    name: 'outage by area, and back to the menu',
    steps: [
      'main-menu 1',
      'fault 2',
      'fault-where 2',
      'fault-area 250003',
      'after-outage 1',
      'main-menu hangs-up',
    ],
    ...served,
  },
  {
    name: 'no outage in the area',
    steps: ['main-menu 1', 'fault 2', 'fault-where 2', 'fault-area 250001', 'fault-agent hangs-up'],
    ...gaveUpWaiting,
    queue: 'power-service',
  },
  {
    name: 'cut off',
    steps: ['main-menu 1', 'fault 2', 'fault-where 1', 'fault-account 3100000008#', 'after-service .'],
    ...served,
    hears: ['cut-off'],
  },
  {
    name: 'account unknown, at a fault',
    steps: ['main-menu 1', 'fault 2', 'fault-where 1', 'fault-account 9999999999#', 'fault-agent hangs-up'],
    ...gaveUpWaiting,
  },
  {
    name: 'eleven digits, then ten',
    steps: [
      'main-menu 1',
      'fault 2',
      'fault-where 1',
      'fault-account 31000000031#',
      'fault-account 3100000003#',
      'after-outage hangs-up',
    ],
    ...served,
    hears: ['ask-account', 'invalid-entry', 'outage-fault'],
  },
  {
    name: 'a star clears',
    steps: [
      'main-menu 1',
      'fault 2',
      'fault-where 1',
      'fault-account 31*3100000003#',
      'after-outage hangs-up',
    ],
    ...served,
  },
  {
    name: 'back to the menu by stars',
    steps: [
      'main-menu 1',
      'fault 2',
      'fault-where 1',
      'fault-account *',
      'fault-where *',
      'fault *',
      'main-menu hangs-up',
    ],
    ...left,
  },
  {
    name: 'bill in credit',
    from: '13800000001',
    steps: ['main-menu 2', 'bill-menu 1', 'after-service hangs-up'],
    ...served,
    hears: ['own-account', 'in-credit', 'n-100', 'n-20', 'n-8', 'unit-yuan', 'n-5', 'unit-jiao', 'last-bill'],
  },
  {
    name: 'bill in arrears',
    from: '13800000002',
    steps: ['main-menu 2', 'bill-menu 1', 'after-service .'],
    ...served,
    hears: [
      'in-arrears',
      'n-200',
      'n-50',
      'n-6',
      'unit-yuan',
      'n-0',
      'n-5',
      'unit-fen',
      'pay-soon',
      'bill-due',
    ],
  },
  {
    name: 'bill settled',
    from: '13800000004',
    steps: ['main-menu 2', 'bill-menu 1', 'after-service hangs-up'],
    ...served,
    hears: ['settled'],
  },
  {
    name: "this month's use",
    from: '13800000001',
    steps: ['main-menu 2', 'bill-menu 2', 'after-service hangs-up'],
    ...served,
    hears: ['usage-until', 'day-today', 'usage-kwh', 'measure-kwh', 'tier-1'],
  },
  {
    name: 'another account',
    from: '13800000001',
    steps: [
      'main-menu 2',
      'bill-menu 3',
      'bill-account 3100000010#',
      'bill-menu 1',
      'after-service hangs-up',
    ],
    ...served,
    hears: ['in-arrears', 'n-10', 'n-2', 'unit-yuan', 'n-3', 'unit-jiao'],
  },
  {
    name: 'two accounts, an unknown one, then a person',
    from: '13800000009',
    steps: [
      'main-menu 2',
      'bill-account 9999999999#',
      'account-unknown',
      'bill-account 0#',
      'person-next hangs-up',
    ],
    ...gaveUpWaiting,
  },
  {
    name: 'leaves while keying in',
    steps: ['main-menu 2', 'bill-account 3100', 'bill-account hangs-up'],
    ...left,
  },
  {
    name: 'leaves while something is looked up',
    from: '13800000001',
    steps: ['main-menu 2', 'bill hangs-up'],
    ...left,
  },
  {
    name: 'leaves in the middle of an answer',
    from: '13800000001',
    steps: ['main-menu 2', 'bill-menu 1', 'last-bill hangs-up'],
    ...left,
  },
  {
    name: 'works at the own account',
    from: '13800000004',
    steps: ['main-menu 3', 'after-outage hangs-up'],
    ...served,
    hears: ['outage-planned'],
  },
  {
    name: 'works announced',
    from: '13800000005',
    steps: ['main-menu 3', 'after-service hangs-up'],
    ...served,
    hears: [
      'notice',
      'cause-upgrade',
      'notice-on',
      'notice-from',
      'time-early',
      'hour-8',
      'notice-until',
      'time-afternoon',
      'hour-5',
    ],
  },
  {
    name: 'nothing announced',
    from: '13800000001',
    steps: ['main-menu 3', 'after-service .'],
    ...served,
    hears: ['no-outage'],
  },
  {
    name: 'outages by account of 13 digits',
    steps: ['main-menu 3', 'outages-where 1', 'outages-account 3701000000006', 'after-service hangs-up'],
    ...served,
    hears: ['no-outage'],
  },
  {
    name: 'outage in an area',
    steps: ['main-menu 3', 'outages-where 2', 'outages-area 250003', 'after-outage hangs-up'],
    ...served,
    hears: ['outage-fault', 'cause-storm'],
  },
  {
    name: 'announced in an area',
    steps: ['main-menu 3', 'outages-where 2', 'outages-area 250005', 'after-service hangs-up'],
    ...served,
    hears: ['notice', 'cause-upgrade'],
  },
  {
    name: 'nothing in an area',
    steps: ['main-menu 3', 'outages-where 2', 'outages-area 250006', 'after-service hangs-up'],
    ...served,
    hears: ['no-outage'],
  },
  {
    name: 'new supply',
    steps: ['main-menu 4', 'advice 1', 'after-service hangs-up'],
    ...served,
    hears: ['advice-new-supply'],
  },
  {
    name: 'prices',
    steps: ['main-menu 4', 'advice 2', 'after-service 1', 'main-menu hangs-up'],
    ...served,
    hears: ['advice-tariffs'],
  },
  {
    name: 'ways to pay',
    steps: ['main-menu 4', 'advice 3', 'after-service 0', 'person-next hangs-up'],
    ...gaveUpWaiting,
    hears: ['advice-payment'],
  },
  {
    name: 'an appointment',
    steps: ['main-menu 4', 'advice 4', 'ask-order 2600000006', 'after-service hangs-up'],
    ...served,
    hears: ['order-new-supply', 'order-appointment', 'time-afternoon', 'hour-2'],
  },
  {
    name: 'an order unknown, then one under way',
    steps: [
      'main-menu 4',
      'advice 4',
      'ask-order 1234567890',
      'order-unknown',
      'ask-order 2600000007',
      'after-service hangs-up',
    ],
    ...served,
    hears: ['order-unknown', 'order-meter-check', 'order-under-way'],
  },
  open('business-desk')
    ? { name: 'an adviser', steps: ['main-menu 4', 'advice 5', 'advice-agent hangs-up'], ...gaveUpWaiting }
    : { name: 'no adviser', steps: ['main-menu 4', 'advice 5', 'desk-closed .'], outcome: 'closed' },
  {
    name: 'complaint',
    steps: ['main-menu 5', 'complaint-agent hangs-up'],
    ...gaveUpWaiting,
    queue: 'power-complaints',
  },
  open('english-desk')
    ? {
        name: 'English',
        steps: ['main-menu 8', 'main-menu 0', 'person-english hangs-up'],
        ...gaveUpWaiting,
        queue: 'english-service',
      }
    : {
        name: 'English',
        steps: ['main-menu 8', 'main-menu 0', 'person-next hangs-up'],
        ...gaveUpWaiting,
        queue: 'power-service',
      },
  {
    name: 'a bill in English',
    from: '13800000001',
    steps: ['welcome 8', 'main-menu 2', 'bill-menu 1', 'after-service hangs-up'],
    ...served,
    hears: [
      'in-credit',
      'n-1',
      'n-hundred',
      'n-and',
      'n-20',
      'n-8',
      'unit-yuan',
      'n-and',
      'n-50',
      'unit-fen',
    ],
  },
  {
    name: 'a callback that cannot be promised without a trunk: back in the queue',
    steps: ['main-menu 0', 'person-next 1', 'callback-menu 1', 'person-again hangs-up'],
    ...gaveUpWaiting,
    hears: ['callback-not-possible'],
  },
  {
    name: 'a callback elsewhere',
    steps: [
      'main-menu 0',
      'person-next 1',
      'callback-menu 2',
      'callback-number 053186668888#',
      'person-again hangs-up',
    ],
    ...gaveUpWaiting,
  },
  {
    name: 'leaves while being asked for a message',
    steps: ['main-menu 0', 'person-next 2', 'message hangs-up'],
    // The queue has been left by choice: the visit is a flow-out, and nobody kept this caller waiting.
    ...left,
  },
];

/** Of 10050. */
const telecom = (): Omit<FlowCaller, 'to'>[] => [
  { name: 'black list', from: '13800000007', steps: [], outcome: 'blocked', hears: ['blocked'] },
  {
    name: 'a person',
    steps: ['main-menu 0', 'person-next hangs-up'],
    ...gaveUpWaiting,
    queue: 'telecom-service',
  },
  { name: 'VIP', from: '13800000002', steps: ['welcome 0', 'person-vip hangs-up'], ...gaveUpWaiting },
  {
    name: 'bill in credit',
    from: '13800000001',
    steps: ['main-menu 1', 'bill-menu 1', 'after-service hangs-up'],
    ...served,
    hears: [
      'own-line',
      'in-credit',
      'n-30',
      'n-6',
      'unit-yuan',
      'n-8',
      'unit-jiao',
      'last-bill',
      'n-90',
      'n-9',
      'unit-yuan',
    ],
  },
  {
    name: 'bill in arrears',
    from: '13800000004',
    steps: ['main-menu 1', 'bill-menu 1', 'after-service .'],
    ...served,
    hears: ['in-arrears', 'n-50', 'n-8', 'unit-yuan', 'pay-soon', 'bill-due'],
  },
  {
    name: 'bill settled',
    from: '13800000002',
    steps: ['main-menu 1', 'bill-menu 1', 'after-service hangs-up'],
    ...served,
    hears: ['settled'],
  },
  {
    name: 'plan and data',
    from: '13800000001',
    steps: ['main-menu 1', 'bill-menu 2', 'after-service hangs-up'],
    ...served,
    hears: ['plan-family', 'data-left', 'n-10', 'n-2', 'measure-gb'],
  },
  {
    name: 'another line, unknown at first',
    from: '13800000001',
    steps: [
      'main-menu 1',
      'bill-menu 3',
      'bill-line 053188888888',
      'bill-menu 1',
      'line-unknown',
      'bill-line 13800000003#',
      'bill-menu 2',
      'after-service hangs-up',
    ],
    ...served,
    hears: ['line-unknown', 'plan-broadband'],
  },
  {
    name: 'a number that is none',
    steps: ['main-menu 1', 'bill-line 123456789#', 'bill-line hangs-up'],
    ...left,
    hears: ['invalid-entry'],
  },
  ...(['1', '2', '3'] as const).map((key, index) =>
    open('business-desk')
      ? {
          name: `order ${key}, by a person`,
          steps: ['main-menu 2', `orders ${key}`, 'order-offer 1', 'order-queue hangs-up'],
          ...gaveUpWaiting,
          hears: [['advice-new-line', 'advice-move', 'advice-plans'][index] ?? ''],
        }
      : {
          name: `order ${key}, at night`,
          steps: ['main-menu 2', `orders ${key}`, 'desk-closed .'],
          ...served,
          hears: [['advice-new-line', 'advice-move', 'advice-plans'][index] ?? ''],
        },
  ),
  {
    name: 'a known fault',
    from: '13800000003',
    steps: ['main-menu 3', 'fault-which 1', 'after-outage hangs-up'],
    ...served,
    hears: ['line-fault', 'line-cause-cable-cut', 'line-restored-by', 'day-tomorrow', 'time-noon', 'hour-12'],
  },
  {
    name: 'suspended',
    from: '13800000004',
    steps: ['main-menu 3', 'fault-which 1', 'after-service .'],
    ...served,
    hears: ['line-suspended'],
  },
  {
    name: 'no signal',
    from: '13800000005',
    steps: ['main-menu 3', 'fault-which 1', 'fault-agent hangs-up'],
    ...gaveUpWaiting,
    hears: ['line-no-signal', 'fault-desk'],
  },
  {
    name: 'works, and it helped',
    from: '13800000001',
    steps: ['main-menu 3', 'fault-which 1', 'line-works 1', 'after-service hangs-up'],
    ...served,
    hears: ['line-works-menu', 'fault-solved'],
  },
  {
    name: 'works, and it did not help',
    from: '13800000001',
    steps: ['main-menu 3', 'fault-which 1', 'line-works 2', 'fault-agent hangs-up'],
    ...gaveUpWaiting,
  },
  {
    name: 'another line',
    from: '13800000001',
    steps: ['main-menu 3', 'fault-which 2', 'fault-line 13800000004#', 'after-service hangs-up'],
    ...served,
  },
  {
    name: 'a line nobody knows',
    steps: ['main-menu 3', 'fault-line 13911111111#', 'fault-agent hangs-up'],
    ...gaveUpWaiting,
  },
  {
    name: 'complaint',
    steps: ['main-menu 4', 'complaint-agent hangs-up'],
    ...gaveUpWaiting,
    queue: 'telecom-complaints',
  },
  {
    name: 'a move with an appointment',
    steps: ['main-menu 5', 'progress 2600000002', 'after-service hangs-up'],
    ...served,
    hears: ['order-move', 'order-appointment', 'day-tomorrow', 'time-morning', 'hour-9', 'time-half'],
  },
  {
    name: 'an order done',
    steps: ['main-menu 5', 'progress 2600000004', 'after-service .'],
    ...served,
    hears: ['order-plan-change', 'order-done'],
  },
  {
    name: 'an order cancelled',
    steps: ['main-menu 5', 'progress 2600000005', 'after-service hangs-up'],
    ...served,
    hears: ['order-cancelled'],
  },
  {
    name: 'an order unknown, and back',
    steps: ['main-menu 5', 'progress 1234567890', 'order-unknown', 'progress *', 'main-menu hangs-up'],
    ...left,
  },
  {
    name: 'English',
    steps: ['main-menu 8', 'main-menu 5', 'progress 2600000001', 'after-service hangs-up'],
    ...served,
    hears: ['order-installation', 'order-received'],
  },
];

test('every menu path of both hotlines, by real keys, to outcome and record', {
  timeout: 240_000,
}, async () => {
  const callers = [
    ...power().map((caller) => ({ ...caller, to: '95598' })),
    ...telecom().map((caller) => ({ ...caller, to: '10050' })),
  ];
  // The longest first: a caller who says nothing stays for more than a minute.
  callers.sort((a, b) => Number(b.name === 'three silences') - Number(a.name === 'three silences'));
  const stories = await callThroughFlows(hotline, callers);
  expect(stories.flatMap(disappointments).join('\n')).toBe('');
  await hotline.nothingLeft({ withinMs: 20_000 });
});

test('a switch holds for the next caller of that hotline, and no other', { timeout: 120_000 }, async () => {
  const turn = async (name: string, on: boolean) =>
    expect(await hotline.lead.send('PUT', 'switches', { hotline: '95598', name, on })).toMatchObject({
      status: 200,
    });
  onTestFinished(async () => {
    await turn('emergency-closed', false);
    await turn('surge', false);
  });
  await turn('emergency-closed', true);
  const closed = await callThroughFlows(hotline, [
    { name: 'closed', to: '95598', steps: [], outcome: 'closed', hears: ['closed-95598'] },
    { name: 'open', to: '10050', steps: ['main-menu hangs-up'], ...left },
  ]);
  await turn('emergency-closed', false);
  await turn('surge', true);
  const surge = await callThroughFlows(hotline, [
    {
      name: 'surge',
      to: '95598',
      steps: ['surge', 'main-menu hangs-up'],
      ...left,
      hears: ['welcome-95598', 'surge-95598', 'menu-95598'],
    },
  ]);
  expect([...closed, ...surge].flatMap(disappointments).join('\n')).toBe('');
});

test('who has called within a day is told of a person, and waits before others there', {
  timeout: 120_000,
}, async () => {
  const from = '13700000024';
  const call = (steps: string[], more: Pick<FlowCaller, 'outcome' | 'hears'>) =>
    callThroughFlows(hotline, [{ name: 'one and the same', to: '95598', from, steps, ...more }]);
  const first = await call(['welcome 0', 'person-next hangs-up'], {
    ...gaveUpWaiting,
    hears: ['recording-notice', 'queue-enter'],
  });
  const again = await call(['main-menu 0', 'person-repeat hangs-up'], {
    ...gaveUpWaiting,
    hears: ['called-before', 'menu-95598', 'recording-notice', 'queue-enter'],
  });
  expect([...first, ...again].flatMap(disappointments).join('\n')).toBe('');
  const visits = await hotline.instance.query<{ priority: number }>(
    'select priority from queue_visit join call_record using (call_id) where caller_number = $1 order by queued_at',
    [from],
  );
  expect(visits.map(({ priority }) => priority)).toEqual([0, 8]);
});

test('a waiting caller leaves a message, by real sound', { timeout: 120_000 }, async () => {
  const stories = await callThroughFlows(
    hotline,
    [
      {
        name: 'message',
        to: '95598',
        steps: ['main-menu 0', 'person-next 2', 'message speaks'],
        outcome: 'voicemail',
        hears: ['message-intro', 'message-kept'],
      },
    ],
    { audio: true },
  );
  expect(stories.flatMap(disappointments).join('\n')).toBe('');
});

test('with Postgres standing still callers go on to a person in time, and their records come later', {
  timeout: 180_000,
}, async () => {
  const letPostgresGoOn = holdPostgres(hotline.instance);
  try {
    const stories = await callThroughFlows(
      hotline,
      [
        {
          name: 'bill',
          to: '95598',
          steps: ['main-menu 2', 'bill-failed', 'person-next hangs-up'],
          ...gaveUpWaiting,
          hears: ['lookup-failed'],
        },
        {
          name: 'fault',
          to: '95598',
          steps: ['main-menu 1', 'fault 2', 'fault-agent hangs-up'],
          ...gaveUpWaiting,
          hears: ['fault-desk'],
        },
        {
          name: 'outages',
          to: '95598',
          steps: ['main-menu 3', 'person-next hangs-up'],
          ...gaveUpWaiting,
          hears: ['lookup-failed'],
        },
        {
          name: 'order',
          to: '10050',
          steps: ['main-menu 5', 'progress 2600000001', 'person-next hangs-up'],
          ...gaveUpWaiting,
          hears: ['lookup-failed'],
        },
        {
          name: 'line',
          to: '10050',
          steps: ['main-menu 3', 'fault-agent hangs-up'],
          ...gaveUpWaiting,
          hears: ['fault-desk'],
        },
        {
          name: 'advice',
          to: '95598',
          steps: ['main-menu 4', 'advice 3', 'after-service hangs-up'],
          ...served,
        },
      ],
      { whenOver: letPostgresGoOn },
    );
    expect(stories.flatMap(disappointments).join('\n')).toBe('');
  } finally {
    letPostgresGoOn();
  }
});

test('agents hang up first, and callers rate the service or do not', { timeout: 120_000 }, async () => {
  const agents = await startRobotAgents(hotline, ['1001', '1002'], () => ({
    kind: 'answers',
    afterMs: 300,
    hangsUpAfterMs: 800,
  }));
  const stories = await callThroughFlows(
    hotline,
    [
      {
        name: 'very satisfied',
        to: '95598',
        steps: ['main-menu 0', 'survey 1'],
        outcome: 'answered',
        score: 5,
        hears: ['survey', 'survey-thanks'],
      },
      {
        name: 'very dissatisfied',
        to: '10050',
        steps: ['main-menu 0', 'survey 5'],
        outcome: 'answered',
        score: 1,
        hears: ['survey', 'survey-thanks'],
      },
      {
        name: 'a wrong key, then neither',
        to: '95598',
        steps: ['main-menu 0', 'survey 7', 'survey 3'],
        outcome: 'answered',
        score: 3,
        hears: ['invalid-key'],
      },
      {
        name: 'leaves in the survey',
        to: '10050',
        steps: ['main-menu 0', 'survey hangs-up'],
        outcome: 'answered',
      },
    ],
    { ratePerSecond: 0.5 },
  );
  await agents.settled();
  expect(stories.flatMap(disappointments).join('\n')).toBe('');
  const [task] = await until('a task for the dissatisfied caller', async () => {
    const rows = await hotline.instance.query<{ kind: string }>(
      "select kind from hotline.task where kind = 'dissatisfied'",
    );
    return rows.length > 0 ? rows : null;
  });
  expect(task).toBeDefined();
  await hotline.tidyUp();
});
