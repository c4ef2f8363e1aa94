import { plainServing } from '../../../services/calls/serving-plans.ts';
import { asId } from '../../../services/events/ids.ts';
import { type Instant, instant } from '../../../services/events/instant.ts';
import { type AgentStateName, agentStates, notReadyReasons } from '../../../services/events/vocabulary.ts';
import { type KpiCounts, noCounts } from '../../../services/kpi/counts.ts';
import type { Centre } from '../../../services/runtime/centre.ts';
import type { LiveAgent, LiveCall, LiveQueue, LiveView } from '../../../services/runtime/live-view.ts';

/** What a centre looks like at some moment, for screens to show. No randomness: the same size gives the same floor. */
const names = ['王芳', '李强', '张敏', '刘洋', '陈静', '杨磊', '赵霞', '黄涛', '周丽', '吴军'];
const queueNames = [
  { queue: 'power-service', name: { 'zh-CN': '供电人工服务', en: 'Electricity service' } },
  { queue: 'telecom-service', name: { 'zh-CN': '电信人工服务', en: 'Telecom service' } },
];
const hotlines = [
  { hotline: '95598', name: { 'zh-CN': '供电服务热线', en: 'Electricity hotline' } },
  { hotline: '10050', name: { 'zh-CN': '电信服务热线', en: 'Telecom hotline' } },
];

const switchLabels = [
  { name: 'emergency-closed', label: { 'zh-CN': '紧急关闭', en: 'Closed for an emergency' } },
  { name: 'surge', label: { 'zh-CN': '话务激增提示', en: 'Surge message' } },
];

/** Nobody signed in, nobody calling, nothing counted. */
export function emptyFloor(now: number): LiveView {
  return withQueues({
    ...frame(now),
    agents: agentsOf(10, now, () => 'signed-out'),
    calls: [],
  });
}

/** A full shift: agents in every state, callers in every stage. */
export function busyFloor(now: number, size: { agents: number; calls: number }): LiveView {
  const mix: AgentStateName[] = [
    'on-call',
    'on-call',
    'available',
    'on-call',
    'wrapping-up',
    'not-ready',
    'ringing',
  ];
  const rare: AgentStateName[] = ['on-hold', 'unreachable', 'signed-out'];
  const agents = agentsOf(size.agents, now, (i) => (i % 10 === 9 ? pick(rare, i / 10) : pick(mix, i)));
  const calls = callsOf(size.calls, now);
  for (const agent of agents) joinWithCall(agent, calls);
  return withQueues({ ...frame(now), agents, calls });
}

/** The centre these floors belong to, for the server. */
export function centreOf(view: LiveView): Centre {
  const shared = {
    ringTimeoutMs: 20_000,
    wrapUpMs: 10_000,
    maxWaitMs: 600_000,
    maxWaiting: 500,
    maxMissedRings: 1,
    callbacks: { first: 'agent' as const, attempts: 3, everyMs: 300_000, hours: null, most: 200 },
  };
  return {
    hotlines: new Map(
      view.hotlines.map(({ hotline, name }) => [
        asId(hotline),
        { id: asId(hotline), name, numbers: [hotline], flow: asId(hotline), language: 'zh-CN' as const },
      ]),
    ),
    queues: new Map(
      view.queues.map(({ queue, name, serviceLevelThresholdMs, shortAbandonMs }) => [
        asId(queue),
        {
          id: asId(queue),
          name,
          ...shared,
          serviceLevelThresholdMs,
          shortAbandonMs,
          serving: plainServing(asId(queue)),
        },
      ]),
    ),
    agents: new Map(
      view.agents.map(({ agent, name, queues }) => [
        asId(agent),
        { id: asId(agent), name, queues: queues.map((queue) => asId(queue)), skills: [], reserve: false },
      ]),
    ),
    users: [],
    outbound: { numbers: [], wrapUpMs: 10_000 },
  };
}

/** The same with one agent changed, and the queues' counts along with it. */
export function withAgent(view: LiveView, agent: string, change: Partial<LiveAgent>): LiveView {
  return withQueues({
    ...view,
    agents: view.agents.map((each) => (each.agent === agent ? { ...each, ...change } : each)),
  });
}

/** The same with another set of calls. */
export const withCalls = (view: LiveView, calls: LiveCall[]): LiveView => withQueues({ ...view, calls });

/** A caller in line. */
export function waitingCall(now: number, i: number, more: Partial<LiveCall> = {}): LiveCall {
  return {
    callId: `node-1-1790000000.${i}`,
    hotline: hotlines[i % 2]?.hotline ?? null,
    source: 'trunk',
    callerNumber: `138${String(10_000_000 + i * 7919).slice(0, 8)}`,
    dialledNumber: hotlines[i % 2]?.hotline ?? '',
    stage: 'waiting',
    stageSince: instant(now - 4000 - i * 1700),
    startedAt: instant(now - 24_000 - i * 1700),
    queue: queueNames[i % 2]?.queue ?? null,
    queuedAt: instant(now - 4000 - i * 1700),
    position: 1 + Math.floor(i / 2),
    step: null,
    ringing: [],
    agent: null,
    held: false,
    hold: null,
    consult: null,
    passing: null,
    node: null,
    ...more,
  };
}

function frame(now: number): Omit<LiveView, 'queues' | 'agents' | 'calls'> {
  return {
    at: instant(now),
    seq: 100,
    today: new Date(now + 8 * 3600_000).toISOString().slice(0, 10),
    nodes: [{ nodeId: 'node-1', connected: true }],
    hotlines,
    callbacks: [],
    switches: hotlines.flatMap(({ hotline }) =>
      switchLabels.map((one) => ({ hotline, ...one, on: false, by: null, since: null })),
    ),
  };
}

function agentsOf(count: number, now: number, stateOf: (i: number) => AgentStateName): LiveAgent[] {
  return Array.from({ length: count }, (_, i) => {
    const state = stateOf(i);
    return {
      agent: String(1001 + i),
      name: names[i % names.length] ?? '',
      queues: queueNames.map(({ queue }) => queue),
      skills: skillsOf(i, now),
      reserve: i % 10 === 8,
      state,
      reason: state === 'not-ready' ? pick([...notReadyReasons], i) : null,
      since: instant(now - ((i * 37) % 900) * 1000 - 3000),
      callId: null,
      devices: state === 'unreachable' || state === 'signed-out' ? [] : ['sip'],
      until: state === 'wrapping-up' ? instant(now + 10_000) : null,
      afterWork: ['ringing', 'on-call', 'on-hold', 'wrapping-up'].includes(state)
        ? i % 4 === 0
          ? { state: 'not-ready', reason: 'meal' }
          : { state: 'available', reason: null }
        : null,
    };
  });
}

/** Every other agent holds one; of every sixth it expires within days. */
function skillsOf(i: number, now: number): LiveAgent['skills'] {
  if (i % 2 === 1) return [];
  const expiresAt = i % 6 === 0 ? instant(now + 5 * 24 * 3600_000) : null;
  return [
    { skill: 'english', level: 1 + (i % 5), expiresAt },
    ...(i % 4 === 0 ? [{ skill: 'billing', level: 3, expiresAt: null }] : []),
  ];
}

function callsOf(count: number, now: number): LiveCall[] {
  const stages = ['talking', 'talking', 'waiting', 'ivr', 'waiting', 'ringing'] as const;
  const inLine = [0, 0];
  return Array.from({ length: count }, (_, i) => {
    const stage = pick([...stages], i);
    const queued = stage === 'waiting' || stage === 'ringing';
    const line = i % 2;
    if (queued) inLine[line] = (inLine[line] ?? 0) + 1;
    return waitingCall(now, i, {
      stage,
      position: queued ? (inLine[line] ?? 0) : null,
      queue: stage === 'ivr' ? null : (queueNames[i % 2]?.queue ?? null),
      ...(i === 4 ? { callerNumber: '' } : {}),
    });
  });
}

function joinWithCall(agent: LiveAgent, calls: LiveCall[]): void {
  const stage = agent.state === 'ringing' ? 'ringing' : agent.state === 'available' ? null : 'talking';
  if (!['ringing', 'on-call', 'on-hold'].includes(agent.state)) return;
  const call = calls.find((each) => each.stage === stage && each.agent === null);
  if (call === undefined) return;
  call.agent = agent.agent;
  agent.callId = call.callId;
}

function withQueues(view: Omit<LiveView, 'queues'>): LiveView {
  const quiet = view.calls.length === 0;
  const queues = queueNames.map(({ queue, name }, i): LiveQueue => {
    const line = view.calls.filter(
      (call) => call.queue === queue && (call.stage === 'waiting' || call.stage === 'ringing'),
    );
    const agents = Object.fromEntries(agentStates.map((state) => [state, 0])) as Record<
      AgentStateName,
      number
    >;
    for (const agent of view.agents) agents[agent.state] += 1;
    return {
      queue,
      name,
      waiting: line.length,
      callbacks: 0,
      expectedWaitMs: quiet ? null : line.length * 40_000,
      mayServe: { atWork: view.agents.length - agents['signed-out'], free: agents.available },
      longestWaitMs: Math.max(0, ...line.map((call) => view.at - call.stageSince)),
      agents,
      serviceLevelThresholdMs: 15_000,
      shortAbandonMs: 5000,
      reserve: reserveOf(view, i),
      countsToday: quiet ? noCounts() : busyCounts(i),
    };
  });
  return { ...view, queues };
}

/** The first queue's has been called in. */
function reserveOf(view: Pick<LiveView, 'agents' | 'at'>, i: number): LiveQueue['reserve'] {
  const theirs = view.agents.filter(({ reserve }) => reserve);
  return {
    agents: theirs.length,
    available: theirs.filter(({ state }) => state === 'available').length,
    calledIn: i === 0 && view.agents.length > 10 ? { by: 'lead', since: view.at } : null,
  };
}

function busyCounts(i: number): KpiCounts {
  return {
    offered: 1204 - i * 391,
    answered: 1098 - i * 377,
    answeredInThreshold: 921 - i * 402,
    abandoned: 71 + i * 6,
    shortAbandoned: 12,
    flowOut: 9,
    waitAnsweredMs: 11_540_000,
    waitAbandonedMs: 2_100_000,
    ringMs: 4_392_000,
    handled: 1070 - i * 370,
    talkMs: 190_000_000,
    holdMs: 4_000_000,
    wrapUpMs: 26_000_000,
    wrappedUp: 1061 - i * 369,
    handleMs: 219_000_000,
  };
}

const pick = <T>(from: readonly T[], i: number): T => from[Math.floor(i) % from.length] as T;

/** The moment of a floor, typed. */
export const at = (ms: number): Instant => instant(ms);
