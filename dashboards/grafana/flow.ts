import { lines, type PanelSpec, stat } from './panels.ts';

const total = { height: 5, width: 4, unit: 'short', total: true } satisfies Partial<PanelSpec> & {
  total: true;
};
const third = { height: 8, width: 8 } satisfies Partial<PanelSpec>;
const inRange = (selector: string): string => `round(sum(increase(${selector}[$__range])))`;
const perMinute = (by: string, selector: string): string =>
  `60 * sum by (${by}) (rate(${selector}[$__rate_interval]))`;

/** How many callers came, and what became of them. Totals are of the time range on display. */
export const flowPanels = () => [
  stat({
    ...total,
    title: '人工请求量 Offered',
    description: '所选时段内进入队列的次数。Visits that entered a queue in the time range.',
    queries: [{ expr: inRange('hotline_queue_offered_total{queue=~"$queue"}'), legend: '' }],
  }),
  stat({
    ...total,
    title: '人工接通量 Answered',
    description: '所选时段内人工应答的次数。Visits an agent answered in the time range.',
    queries: [{ expr: inRange('hotline_queue_answered_total{queue=~"$queue"}'), legend: '' }],
  }),
  stat({
    ...total,
    title: '放弃 Abandoned',
    description:
      '所选时段内排队中挂机的次数，含短时放弃。Visits given up in the time range, short ones included.',
    queries: [{ expr: inRange('hotline_queue_abandoned_total{queue=~"$queue"}'), legend: '' }],
  }),
  stat({
    ...total,
    title: '短时放弃 Short abandoned',
    description: '其中未到短时门限即挂机的次数。Of these, those before the short limit.',
    queries: [{ expr: inRange('hotline_queue_abandoned_total{queue=~"$queue",short="true"}'), legend: '' }],
  }),
  stat({
    ...total,
    title: '溢出 Flowed out',
    description: '所选时段内由流程移出队列的次数。Visits the flow took elsewhere in the time range.',
    queries: [{ expr: inRange('hotline_queue_flow_out_total{queue=~"$queue"}'), legend: '' }],
  }),
  stat({
    ...total,
    title: '来电总量 Calls',
    description: '所选时段内结束的全部来电。All calls that ended in the time range.',
    queries: [{ expr: inRange('hotline_calls_total'), legend: '' }],
  }),
  lines({
    ...third,
    title: '来电结果 Calls by outcome',
    description: '每分钟结束的来电，按结果。Calls that ended per minute, by what became of them.',
    unit: 'perMinute',
    stacked: true,
    queries: [{ expr: perMinute('outcome', 'hotline_calls_total'), legend: '{{outcome}}' }],
  }),
  lines({
    ...third,
    title: '进出队列 Queue in and out',
    description: '每分钟进入与离开队列的次数。Visits per minute that entered and left.',
    unit: 'perMinute',
    queries: [
      ['offered', '进入 offered'],
      ['answered', '应答 answered'],
      ['abandoned', '放弃 abandoned'],
      ['flow_out', '溢出 flowed out'],
    ].map(([name, legend = '']) => ({
      expr: `60 * sum(rate(hotline_queue_${name}_total{queue=~"$queue"}[$__rate_interval]))`,
      legend,
    })),
  }),
  lines({
    ...third,
    title: '语音导航 IVR nodes',
    description: '每分钟进入各节点的次数，最多的 10 个。Entries per minute into flow nodes, the ten busiest.',
    unit: 'perMinute',
    queries: [
      {
        expr: `topk(10, ${perMinute('flow, node', 'hotline_ivr_node_visits_total')})`,
        legend: '{{flow}} {{node}}',
      },
    ],
  }),
];
