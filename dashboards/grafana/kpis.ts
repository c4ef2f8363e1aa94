import { lines, type PanelSpec } from './panels.ts';

const third = { height: 8, width: 8 } satisfies Partial<PanelSpec>;

/** The KPIs as services/kpi/ defines them, over the last 15 minutes at each point. */
export const kpiPanels = () => [
  lines({
    ...third,
    title: '及时应答率 Service level v1',
    description:
      'T 内人工应答 ÷（人工应答 + 放弃 − 短时放弃），15 分钟滑动。Answered within T ÷ (answered + abandoned − short abandoned), sliding 15 min.',
    unit: 'ratio',
    queries: [{ expr: 'queue:hotline_service_level:ratio_rate15m{queue=~"$queue"}', legend: '{{queue}}' }],
    steps: [
      { from: null, colour: 'red' },
      { from: 0.8, colour: 'green' },
    ],
  }),
  lines({
    ...third,
    title: '人工接通率 Answer rate v1',
    description:
      '人工接通 ÷（接通 + 放弃 + 溢出），15 分钟滑动。Answered ÷ (answered + abandoned + flowed out), sliding 15 min.',
    unit: 'ratio',
    queries: [{ expr: 'queue:hotline_answer_rate:ratio_rate15m{queue=~"$queue"}', legend: '{{queue}}' }],
    steps: [
      { from: null, colour: 'red' },
      { from: 0.95, colour: 'green' },
    ],
  }),
  lines({
    ...third,
    title: '放弃率 Abandon rate v1',
    description:
      '（放弃 − 短时放弃）÷（离队 − 短时放弃），15 分钟滑动。(Abandoned − short) ÷ (visits that left − short), sliding 15 min.',
    unit: 'ratio',
    queries: [{ expr: 'queue:hotline_abandon_rate:ratio_rate15m{queue=~"$queue"}', legend: '{{queue}}' }],
  }),
  lines({
    ...third,
    title: '平均应答速度 Average speed of answer v1',
    description: '自入队至应答，含振铃。From queue entry to the answer, ringing included.',
    unit: 's',
    queries: [
      {
        expr: 'queue:hotline_average_speed_of_answer_seconds:rate15m{queue=~"$queue"}',
        legend: '{{queue}}',
      },
    ],
  }),
  lines({
    ...third,
    title: '平均通话与处理时长 Talk and handle time v1',
    description:
      '通话不含保持；处理 = 通话 + 保持 + 案头。Talk excludes hold; handle = talk + hold + wrap-up.',
    unit: 's',
    queries: [
      { expr: 'queue:hotline_average_talk_seconds:rate15m{queue=~"$queue"}', legend: '{{queue}} 通话 talk' },
      {
        expr: 'queue:hotline_average_handle_seconds:rate15m{queue=~"$queue"}',
        legend: '{{queue}} 处理 handle',
      },
    ],
  }),
  lines({
    ...third,
    title: '首次呼叫解决率 First-call resolution v1',
    description:
      '首次来电后窗口期内未再来电的占比（总口径，不分诉求），取窗口已满的来电；新热线先示暂计值。First calls after which the customer did not call again within the window (gross), of those whose window is over; provisional for a new hotline.',
    unit: 'ratio',
    queries: [
      {
        expr: 'max by (hotline, window) (hotline_first_call_resolution_ratio)',
        legend: '{{hotline}} {{window}}',
      },
    ],
  }),
  lines({
    ...third,
    title: '等待时长分位 Wait of answered calls',
    description:
      '已应答来电等待时长的中位数与 95 分位。Median and 95th percentile of the wait until the answer.',
    unit: 's',
    queries: (
      [
        ['0.5', 'p50'],
        ['0.95', 'p95'],
      ] as const
    ).map(([quantile, name]) => ({
      expr: `histogram_quantile(${quantile}, sum by (le) (rate(hotline_queue_wait_seconds_bucket{queue=~"$queue",outcome="answered"}[15m])))`,
      legend: name,
    })),
  }),
];
