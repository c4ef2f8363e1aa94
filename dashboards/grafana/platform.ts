import { lines, type PanelSpec } from './panels.ts';

const quarter = { height: 7, width: 6 } satisfies Partial<PanelSpec>;
const p99 = (by: string, bucket: string): string =>
  `histogram_quantile(0.99, sum by (le, ${by}) (rate(${bucket}[$__rate_interval])))`;

/** The machine behind it: are we quick, and do we stay small. */
export const platformPanels = () => [
  lines({
    ...quarter,
    title: '座席接续 Agent connect p99',
    description:
      '座席空闲至发出 INVITE，目标 20 ms。An agent becomes free, to the INVITE sent; 20 ms is the budget.',
    unit: 's',
    queries: [{ expr: p99('queue', 'hotline_agent_connect_seconds_bucket'), legend: '{{queue}}' }],
    steps: [
      { from: null, colour: 'green' },
      { from: 0.02, colour: 'red' },
    ],
  }),
  lines({
    ...quarter,
    title: 'ARI 请求 ARI requests p99',
    description: '对 Asterisk 的请求耗时，按操作。Requests to Asterisk, by operation.',
    unit: 's',
    queries: [{ expr: p99('operation', 'hotline_ari_request_seconds_bucket'), legend: '{{operation}}' }],
  }),
  lines({
    ...quarter,
    title: '控制器内存 Controller memory',
    description: '常驻内存，预算 200 MB。Resident memory; 200 MB is the budget.',
    unit: 'bytes',
    queries: [{ expr: 'hotline_controller_process_resident_memory_bytes', legend: 'RSS' }],
    steps: [
      { from: null, colour: 'green' },
      { from: 200_000_000, colour: 'red' },
    ],
  }),
  lines({
    ...quarter,
    title: '控制器 CPU 与事件循环 CPU and event loop',
    description: 'CPU 占用（核·秒/秒）与事件循环延迟 p99。CPU seconds per second, and event-loop delay p99.',
    unit: 's',
    queries: [
      { expr: 'rate(hotline_controller_process_cpu_seconds_total[$__rate_interval])', legend: 'CPU' },
      { expr: 'hotline_controller_nodejs_eventloop_lag_p99_seconds', legend: 'event loop p99' },
    ],
  }),
];
