import { wavFile } from '../../infra/prompts/sound.ts';
import type { BrowserPhones } from '../../services/adapters/http/options.ts';
import { plainServing } from '../../services/calls/serving-plans.ts';
import type { AgentStateInterval, CallRecord } from '../../services/cdr/call-record.ts';
import type { HotlineEvent } from '../../services/events/events.ts';
import { asId, type HotlineId, type QueueId } from '../../services/events/ids.ts';
import { type Instant, instant } from '../../services/events/instant.ts';
import { type AgentStateName, agentStates } from '../../services/events/vocabulary.ts';
import { noCounts } from '../../services/kpi/counts.ts';
import type { Application, Books, Health } from '../../services/runtime/application.ts';
import type { Command, CommandResult } from '../../services/runtime/commands.ts';
import type {
  LiveAgent,
  LiveCall,
  LiveCallback,
  LiveSwitch,
  LiveView,
} from '../../services/runtime/live-view.ts';
import type {
  AuditEntry,
  AuditPort,
  AuthPort,
  CallsCursor,
  CallsQuery,
  CallWithTimeline,
  KpiReportRow,
  Person,
  RecordsPort,
  UnexplainedEntry,
} from '../../services/runtime/people-port.ts';
import type { PromptOnShelf, PromptsPort } from '../../services/runtime/prompts-port.ts';
import type { Task, TasksCursor, TasksPort, TasksQuery } from '../../services/runtime/tasks-port.ts';

export const noon = instant(Date.parse('2026-05-01T12:00:00+08:00'));

/** A centre with one hotline, one queue and agents 1001 and 1002, driven by the test. */
export function fakeApplication() {
  const listeners = new Set<(events: readonly HotlineEvent[]) => void>();
  const commands: Command[] = [];
  const state = {
    now: noon as Instant,
    seq: 7,
    health: {
      ready: true,
      telephony: 'up',
      postgres: 'up',
      journalBacklogEvents: 0,
      journal: 'up',
    } as Health,
    books: { unexplainedCalls: 0, kpi: null } as Books,
    calls: [liveCall('13812341234')] as LiveCall[],
    agents: [liveAgent('1001'), liveAgent('1002')] as LiveAgent[],
    switches: [liveSwitch('emergency-closed')] as LiveSwitch[],
    callbacks: [] as LiveCallback[],
    answer: (_command: Command): Promise<CommandResult> => Promise.resolve({ ok: true }),
  };
  const definition = {
    name: { 'zh-CN': '供电', en: 'Electricity' },
    ringTimeoutMs: 20_000,
    wrapUpMs: 10_000,
    maxWaitMs: 600_000,
    maxWaiting: 500,
    maxMissedRings: 1,
    serviceLevelThresholdMs: 15_000,
    shortAbandonMs: 5000,
    callbacks: { first: 'agent' as const, attempts: 3, everyMs: 300_000, hours: null, most: 200 },
    serving: plainServing(asId('power-service')),
  };
  const queue = asId<QueueId>('power-service');
  const hotline = asId<HotlineId>('95598');
  const agents = ['1001', '1002'].map(
    (id) => ({ id: asId(id), name: `Agent ${id}`, queues: [queue], skills: [], reserve: false }) as const,
  );
  const application: Application = {
    centre: {
      hotlines: new Map([
        [
          hotline,
          { id: hotline, name: definition.name, numbers: ['95598'], flow: asId('95598'), language: 'zh-CN' },
        ],
      ]),
      queues: new Map([[queue, { id: queue, ...definition }]]),
      agents: new Map(agents.map((agent) => [asId(agent.id), { ...agent, id: asId(agent.id) }])),
      users: [{ user: 'lead', name: '班长', role: 'lead' }],
      outbound: { numbers: [], wrapUpMs: 10_000 },
    },
    now: () => state.now,
    live: () => liveView(state),
    command(command) {
      commands.push(command);
      return state.answer(command);
    },
    onEvents(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    health: () => state.health,
    books: () => state.books,
  };
  return {
    application,
    state,
    commands,
    /** Something happened: the sequence number grows and listeners are told. */
    step() {
      state.seq += 1;
      for (const listener of listeners) listener([]);
    },
    listeners,
  };
}

function liveView(
  state: Pick<LiveView, 'seq' | 'calls' | 'agents' | 'switches' | 'callbacks'> & { now: Instant },
): LiveView {
  const counts = Object.fromEntries(agentStates.map((one) => [one, 0])) as Record<AgentStateName, number>;
  return {
    at: state.now,
    seq: state.seq,
    today: '2026-05-01',
    nodes: [{ nodeId: 'n1', connected: true }],
    hotlines: [{ hotline: '95598', name: { 'zh-CN': '供电', en: 'Electricity' } }],
    queues: [
      {
        queue: 'power-service',
        name: { 'zh-CN': '供电', en: 'Electricity' },
        waiting: 1,
        callbacks: 0,
        longestWaitMs: 4000,
        expectedWaitMs: null,
        agents: { ...counts, available: 2 },
        serviceLevelThresholdMs: 15_000,
        shortAbandonMs: 5000,
        mayServe: { atWork: 1, free: 1 },
        reserve: { agents: 0, available: 0, calledIn: null },
        countsToday: { ...noCounts(), offered: 10, answered: 8, answeredInThreshold: 6, abandoned: 2 },
      },
    ],
    agents: state.agents,
    calls: state.calls,
    switches: state.switches,
    callbacks: state.callbacks,
  };
}

export const liveAgent = (agent: string): LiveAgent => ({
  agent,
  name: `Agent ${agent}`,
  queues: ['power-service'],
  state: 'available',
  reason: null,
  since: noon,
  callId: null,
  devices: ['sip'],
  skills: [],
  reserve: false,
  until: null,
  afterWork: null,
});

export const liveSwitch = (name: string, more: Partial<LiveSwitch> = {}): LiveSwitch => ({
  hotline: '95598',
  name,
  label: { 'zh-CN': '紧急关闭', en: 'Closed for an emergency' },
  on: false,
  by: null,
  since: null,
  ...more,
});

export const liveCall = (callerNumber: string): LiveCall => ({
  callId: 'n1-1.1',
  hotline: '95598',
  source: 'trunk',
  callerNumber,
  dialledNumber: '95598',
  stage: 'waiting',
  stageSince: noon,
  startedAt: noon,
  queue: 'power-service',
  queuedAt: noon,
  position: 1,
  step: null,
  ringing: [],
  agent: null,
  held: false,
  hold: null,
  consult: null,
  passing: null,
  node: 'service-info',
});

export const callRecord = (callId: string, agent: string, startedAt: Instant = noon): CallRecord => ({
  callId: asId(callId),
  callerNumber: '13812341234',
  dialledNumber: '95598',
  hotline: asId('95598'),
  startedAt,
  endedAt: instant(startedAt + 60_000),
  outcome: 'answered',
  releaseParty: 'caller',
  queue: asId('power-service'),
  agent: asId(agent),
  waitMs: 4000,
  ringMs: 2000,
  talkMs: 30_000,
  holdMs: 0,
  wrapUpMs: 5000,
  transfers: 0,
  disposition: null,
  resolved: null,
  surveyScore: null,
  recording: null,
  degraded: false,
  sipCallId: 'abc@127.0.0.2',
});

const people: Record<string, { password: string; person: Person }> = {
  '1001': {
    password: 'agent-password',
    person: { user: '1001', name: '王芳', role: 'agent', agent: asId('1001') },
  },
  lead: { password: 'lead-password', person: { user: 'lead', name: '班长', role: 'lead', agent: null } },
  admin: {
    password: 'admin-password',
    person: { user: 'admin', name: '管理员', role: 'admin', agent: null },
  },
};
export type UserName = '1001' | 'lead' | 'admin';
export const passwordOf = (user: UserName): string => people[user]?.password ?? '';

/** Three prompts; one has a recording, one has not been rendered. */
export const fakePrompts = (): PromptsPort => {
  const prompts: PromptOnShelf[] = [
    {
      language: 'zh-CN',
      id: 'goodbye',
      text: '感谢您的来电，再见。',
      fragment: false,
      recorded: false,
      lengthMs: 2_340,
    },
    {
      language: 'zh-CN',
      id: 'welcome',
      text: '欢迎致电。',
      fragment: false,
      recorded: true,
      lengthMs: 1_200,
    },
    { language: 'zh-CN', id: 'n-2', text: '二', fragment: true, recorded: false, lengthMs: 300 },
    { language: 'en', id: 'goodbye', text: 'Goodbye.', fragment: false, recorded: false, lengthMs: null },
  ];
  return {
    list: () => prompts,
    sound: async (language, id) =>
      prompts.some((one) => one.language === language && one.id === id && one.lengthMs !== null)
        ? wavFile(new Int16Array(16_000), 16_000)
        : null,
  };
};

/** Agent 1001 has a phone account; nobody listens at the addresses. */
export const fakeBrowserPhones = (): BrowserPhones => ({
  accountOf: (agent) => (agent === '1001' ? { account: '1001-web', password: 'sip-password-of-1001' } : null),
  webSocketUrl: 'ws://127.0.0.1:9/ws',
  secureWebSocketUrl: 'wss://127.0.0.1:9/ws',
});

/** Sign-ins, records, tasks and audit in memory, with the promises of Postgres (tests/adapters/store-contract.ts); reports say what the test gives them. `away` makes all of them fail as a lost database does, `hang` never answers. */
export function fakeStore() {
  const sessions = new Map<string, { user: string; expiresAt: Instant }>();
  const audited: AuditEntry[] = [];
  const queries: CallsQuery[] = [];
  const state = {
    mode: 'up' as 'up' | 'away' | 'hang',
    calls: [] as CallRecord[],
    details: new Map<string, CallWithTimeline>(),
    agentStates: [] as AgentStateInterval[] | null,
    report: [] as KpiReportRow[],
    unexplained: [] as UnexplainedEntry[],
    tasks: [] as Task[],
    verifications: 0,
    lookUps: 0,
  };
  const reach = async () => {
    if (state.mode === 'away') throw new Error('connect ECONNREFUSED postgres://secret-host');
    if (state.mode === 'hang') await new Promise(() => undefined);
  };
  const auth: AuthPort = {
    async verifyPassword(user, password) {
      state.verifications += 1;
      await reach();
      const found = Object.hasOwn(people, user) ? people[user] : undefined;
      return found && found.password === password ? found.person : null;
    },
    async createSession(token, user, _now, expiresAt) {
      await reach();
      sessions.set(token, { user, expiresAt });
    },
    async findSession(token, now) {
      state.lookUps += 1;
      await reach();
      const session = sessions.get(token);
      const found = session && people[session.user];
      return session && found && session.expiresAt > now
        ? { person: found.person, expiresAt: session.expiresAt }
        : null;
    },
    async deleteSession(token) {
      await reach();
      sessions.delete(token);
    },
  };
  const store: RecordsPort = {
    async listCalls(query) {
      await reach();
      queries.push(query);
      const { from, to, number, agent, queue, hotline, outcome, after, limit } = query;
      const turned = query.order === 'newest-first' ? -1 : 1;
      const inOrder = (a: CallsCursor, b: CallsCursor) =>
        turned * (a.startedAt - b.startedAt || (a.callId < b.callId ? -1 : 1));
      return state.calls
        .filter(
          (call) =>
            (from === null || call.startedAt >= from) &&
            (to === null || call.startedAt < to) &&
            (number === null || call.callerNumber === number) &&
            (agent === null || call.agent === agent) &&
            (queue === null || call.queue === queue) &&
            (hotline === null || call.hotline === hotline) &&
            (outcome === null || call.outcome === outcome) &&
            (after === null || (call.callId !== after.callId && inOrder(after, call) < 0)),
        )
        .toSorted(inOrder)
        .slice(0, limit);
    },
    async callWithTimeline(callId) {
      await reach();
      return state.details.get(callId) ?? null;
    },
    async agentStates() {
      await reach();
      return state.agentStates;
    },
    async kpiReport() {
      await reach();
      return state.report;
    },
    async unexplained(limit) {
      await reach();
      return state.unexplained.slice(0, limit);
    },
  };
  const tasks: TasksPort = {
    async list(query) {
      await reach();
      const turned = query.state === 'open' ? 1 : -1;
      const inOrder = (a: TasksCursor, b: TasksCursor) =>
        turned * (a.openedAt - b.openedAt || (a.taskId < b.taskId ? -1 : 1));
      const { after } = query;
      return state.tasks
        .filter((task) => fits(task, query))
        .filter((task) => after === null || (task.taskId !== after.taskId && inOrder(after, task) < 0))
        .toSorted(inOrder)
        .slice(0, query.limit);
    },
    async one(taskId) {
      await reach();
      return state.tasks.find((task) => task.taskId === taskId) ?? null;
    },
    async isToHear(user, recording) {
      await reach();
      return state.tasks.some((one) => one.assignedTo === user && one.recording === recording);
    },
    async change(taskId, { done, ...rest }, entry) {
      await reach();
      const task = state.tasks.find((each) => each.taskId === taskId);
      if (task === undefined) return null;
      if (done !== undefined)
        Object.assign(task, { doneAt: done ? entry.at : null, doneBy: done ? entry.user : null });
      Object.assign(task, rest);
      audited.push(entry);
      return task;
    },
  };
  const audit: AuditPort = {
    async record(entry) {
      await reach();
      audited.push(entry);
    },
  };
  return { auth, store, tasks, audit, sessions, audited, queries, state };
}

/** A task of agent 1001's conversation, an hour old unless said otherwise. */
export const task = (taskId: string, more: Partial<Task> = {}): Task => ({
  taskId: asId(taskId),
  openedAt: instant(noon - 3_600_000),
  kind: 'dissatisfied',
  callId: asId('n1-1.1'),
  hotline: asId('95598'),
  queue: asId('power-service'),
  agent: '1001',
  number: '13812341234',
  because: 'score 1',
  recording: null,
  assignedTo: null,
  doneAt: null,
  doneBy: null,
  note: '',
  ...more,
});

const fits = (task: Task, { state, kind, queue, assignedTo }: TasksQuery): boolean =>
  (state === null || (task.doneAt === null) === (state === 'open')) &&
  (kind === null || task.kind === kind) &&
  (queue === null || task.queue === queue) &&
  (assignedTo === null || task.assignedTo === assignedTo);
