import { lines, type PanelSpec, stat } from './panels.ts';

const small = { height: 5, width: 4 } satisfies Partial<PanelSpec>;
const half = { height: 8, width: 12 } satisfies Partial<PanelSpec>;

/** What is true at this moment: is anybody waiting, is anybody there to answer, does everything run. */
export const nowPanels = () => [
  stat({
    ...small,
    title: '排队人数 Waiting',
    description: '正在排队（含振铃）的来电者。Callers in the queue, their agent’s ringing included.',
    unit: 'short',
    queries: [{ expr: 'sum(hotline_queue_waiting{queue=~"$queue"})', legend: '' }],
    steps: [
      { from: null, colour: 'green' },
      { from: 5, colour: 'yellow' },
      { from: 20, colour: 'red' },
    ],
  }),
  stat({
    ...small,
    title: '最长等待 Longest wait',
    description: '当前等待最久的来电者已等待的时间。Wait so far of the caller who has waited longest.',
    unit: 's',
    queries: [{ expr: 'max(hotline_queue_longest_wait_seconds{queue=~"$queue"})', legend: '' }],
    steps: [
      { from: null, colour: 'green' },
      { from: 15, colour: 'yellow' },
      { from: 60, colour: 'red' },
    ],
  }),
  stat({
    ...small,
    title: '空闲座席 Available agents',
    description:
      '示闲且话机可达的座席；同时属于多个队列的座席在每个队列中各计一次，此处取最大值。Agents free to take a call. One who serves several queues counts in each, so the largest queue is shown.',
    unit: 'short',
    queries: [{ expr: 'max(hotline_agents{queue=~"$queue",state="available"})', legend: '' }],
    steps: [
      { from: null, colour: 'red' },
      { from: 1, colour: 'yellow' },
      { from: 3, colour: 'green' },
    ],
  }),
  stat({
    ...small,
    title: '通话中 Calls now',
    description: '系统中的全部来电（导航、排队、振铃、通话）。All calls in the system, at any stage.',
    unit: 'short',
    queries: [{ expr: 'sum(hotline_calls_active)', legend: '' }],
  }),
  stat({
    ...small,
    title: 'Asterisk 节点 Nodes up',
    description: '控制器已连接的 Asterisk 节点。Asterisk nodes the controller is connected to.',
    unit: 'short',
    queries: [{ expr: 'sum(hotline_controller_node_connected)', legend: '' }],
    steps: [
      { from: null, colour: 'red' },
      { from: 1, colour: 'green' },
    ],
  }),
  stat({
    ...small,
    title: '未入库事件 Backlog',
    description: '尚未写入 Postgres 的事件数。Events that are not in Postgres yet.',
    unit: 'short',
    queries: [{ expr: 'hotline_journal_backlog_events', legend: '' }],
    steps: [
      { from: null, colour: 'green' },
      { from: 1000, colour: 'yellow' },
      { from: 10000, colour: 'red' },
    ],
  }),
  lines({
    ...half,
    title: '各队列排队人数 Waiting by queue',
    description:
      '正在排队的来电者；班长已启用后备组的队列另画一条线。Callers in each queue; a line at 1 for each queue whose reserve a lead has called in.',
    unit: 'short',
    queries: [
      { expr: 'hotline_queue_waiting{queue=~"$queue"}', legend: '{{queue}}' },
      // Drawn only while it is so.
      {
        expr: 'hotline_queue_reserve_called_in{queue=~"$queue"} > 0',
        legend: '{{queue}} 已启用后备组 reserve called in',
      },
    ],
  }),
  lines({
    ...half,
    title: '座席状态 Agents by state',
    description:
      '各状态的座席数；属于多个队列的座席取其所在队列中的最大值。Agents by state, the largest queue counted.',
    unit: 'short',
    stacked: true,
    queries: [
      {
        expr: 'max by (state) (hotline_agents{queue=~"$queue",state!="signed-out"})',
        legend: '{{state}}',
      },
    ],
  }),
];
