import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  connect,
  createHistory,
  createTasks,
  DatabaseError,
  migrate,
  type Postgres,
  removeTasksDoneBefore,
} from '../../services/adapters/postgres/index.ts';
import type { EventOf } from '../../services/events/events.ts';
import { asId, type RecordingId } from '../../services/events/ids.ts';
import { type Instant, instant } from '../../services/events/instant.ts';
import type { AuditEntry } from '../../services/runtime/people-port.ts';
import type { TasksPort, TasksQuery } from '../../services/runtime/tasks-port.ts';
import { historyOf } from '../support/histories.ts';
import { command, startPostgres, type TestPostgres } from '../support/postgres.ts';

const now = instant(Date.parse('2026-03-02T12:00:00+08:00'));

let server: TestPostgres;
let template: string;
beforeAll(async () => {
  server = await startPostgres();
  template = await server.createDatabase();
  await migrate(template, now);
});
afterAll(() => server?.stop());

let url: string;
let postgres: Postgres;
let tasks: TasksPort;
beforeEach(async () => {
  url = await server.createDatabase(template);
  postgres = connect(url);
  tasks = createTasks(postgres);
  return () => postgres.close();
});

const opened = (seq: number, more: Partial<EventOf<'TaskOpened'>> = {}): EventOf<'TaskOpened'> => ({
  type: 'TaskOpened',
  eventId: asId(`j-${seq}`),
  seq,
  at: instant(now + seq * 1000),
  taskId: asId(`task-${seq}`),
  kind: 'dissatisfied',
  callId: asId('n1-1.1'),
  hotline: asId('95598'),
  queue: asId('power-service'),
  agent: '1001',
  number: '13812341234',
  because: 'score 1',
  ...more,
});
const any: TasksQuery = { state: null, kind: null, queue: null, assignedTo: null, after: null, limit: 100 };
const ids = async (query: Partial<TasksQuery> = {}) =>
  (await tasks.list({ ...any, ...query })).map(({ taskId }) => taskId);
const audit = (at: Instant, user = 'lead'): AuditEntry => ({
  at,
  user,
  role: 'lead',
  action: 'change-task',
  resource: 'tasks/task-1',
  reason: 'done',
  address: '127.0.0.1',
});
const entries = () => command(url, 'select user_name, action, resource from hotline.audit_entry');

test('a task is opened with its event, once however often it is shipped, and stays as people left it', async () => {
  const history = createHistory(postgres);
  await history.write('j', [opened(1)]);
  await tasks.change(asId('task-1'), { done: true, note: '已致歉' }, audit(now));
  await history.write('j', [opened(1), opened(2)]);
  // The same task told by another journal: a controller that took over from an older snapshot.
  await history.write('k', [opened(1)]);
  expect(await ids({ state: 'open' })).toEqual(['task-2']);
  expect(await tasks.one(asId('task-1'))).toEqual({
    taskId: 'task-1',
    openedAt: now + 1000,
    kind: 'dissatisfied',
    callId: 'n1-1.1',
    hotline: '95598',
    queue: 'power-service',
    agent: '1001',
    number: '13812341234',
    because: 'score 1',
    recording: null,
    assignedTo: null,
    doneAt: now,
    doneBy: 'lead',
    note: '已致歉',
  });
});

test('whose conversation broke off is to call back', async () => {
  await createHistory(postgres).write('j', [opened(1, { kind: 'dropped-call' })]);
  expect(await tasks.one(asId('task-1'))).toMatchObject({ agent: '1001', assignedTo: '1001' });
});

test('open ones come oldest first, others newest first, each page behind the one before', async () => {
  const history = createHistory(postgres);
  const more = {
    kind: 'voicemail',
    queue: asId<never>('telecom-service'),
    callId: null,
    agent: null,
  } as const;
  await history.write('j', [opened(1), opened(2, more), opened(3, { at: instant(now + 2000) }), opened(4)]);
  expect(await ids({ state: 'open' })).toEqual(['task-1', 'task-2', 'task-3', 'task-4']);
  expect(await ids()).toEqual(['task-4', 'task-3', 'task-2', 'task-1']);
  const after = { openedAt: instant(now + 2000), taskId: asId<never>('task-2') };
  expect(await ids({ state: 'open', after })).toEqual(['task-3', 'task-4']);
  expect(await ids({ after })).toEqual(['task-1']);
  expect(await ids({ state: 'open', limit: 2 })).toEqual(['task-1', 'task-2']);
  expect(await ids({ kind: 'voicemail' })).toEqual(['task-2']);
  expect(await ids({ queue: asId('telecom-service') })).toEqual(['task-2']);
  await tasks.change(asId('task-3'), { assignedTo: '1002' }, audit(now));
  expect(await ids({ assignedTo: '1002' })).toEqual(['task-3']);
});

test('a change and who made it are kept together, or neither', async () => {
  await createHistory(postgres).write('j', [opened(1)]);
  expect(await tasks.change(asId('task-9'), { done: true }, audit(now))).toBeNull();
  expect(await entries()).toEqual([]);
  const broken = { ...audit(now), user: 'a\0b' };
  await expect(tasks.change(asId('task-1'), { assignedTo: '1001' }, broken)).rejects.toThrow(DatabaseError);
  expect((await tasks.one(asId('task-1')))?.assignedTo).toBeNull();
  const changed = await tasks.change(asId('task-1'), { done: true }, audit(now, 'admin'));
  expect(changed).toMatchObject({ doneAt: now, doneBy: 'admin' });
  const again = await tasks.change(asId('task-1'), { done: false }, audit(now));
  expect(again).toMatchObject({ doneAt: null, doneBy: null });
  expect(await entries()).toMatchObject([{ user_name: 'admin' }, { user_name: 'lead' }]);
});

test('tasks go when they were done long ago; open ones stay, however old, and so do those opened again', async () => {
  await createHistory(postgres).write('j', [opened(1), opened(2), opened(3), opened(4)]);
  const day = 24 * 3_600_000;
  const doneAt = (ms: number) => audit(instant(now + ms));
  await tasks.change(asId('task-1'), { done: true }, doneAt(day));
  await tasks.change(asId('task-2'), { done: true }, doneAt(2 * day));
  await tasks.change(asId('task-3'), { done: true }, doneAt(day));
  await tasks.change(asId('task-3'), { done: false }, doneAt(day));
  expect(await removeTasksDoneBefore(postgres, instant(now + day))).toBe(0);
  expect(await removeTasksDoneBefore(postgres, instant(now + day + 1))).toBe(1);
  expect(await ids({ state: 'open' })).toEqual(['task-3', 'task-4']);
  expect(await ids({ state: 'done' })).toEqual(['task-2']);
  expect(await removeTasksDoneBefore(postgres, instant(now + 9 * day))).toBe(1);
  expect(await ids()).toEqual(['task-4', 'task-3']);
});

test('a message belongs to its call: whoever the task is given to may hear it, and nobody else', async () => {
  const [arrived] = historyOf([{ call: 'n1-1.9', arrivedAt: now, callerNumber: '13800138000', visits: [] }]);
  if (arrived?.type !== 'CallArrived') throw new Error('a call begins with its arrival');
  const left: EventOf<'VoicemailEnded'> = {
    ...{ type: 'VoicemailEnded', eventId: asId('j-2'), seq: 2, at: instant(now + 9000) },
    ...{ callId: arrived.callId, queue: asId('power-service'), result: 'kept', durationMs: 8000 },
    recordingId: asId('recording-a1-7'),
  };
  const asked = opened(3, { callId: arrived.callId, kind: 'voicemail', agent: null });
  await createHistory(postgres).write('j', [{ ...arrived, seq: 1 }, left, asked]);
  const recording = asId<RecordingId>('recording-a1-7');
  expect(await tasks.list(any)).toMatchObject([{ taskId: 'task-3', recording }]);
  expect(await tasks.isToHear('1001', recording)).toBe(false);
  await tasks.change(asId('task-3'), { assignedTo: '1001' }, audit(now));
  expect(await tasks.isToHear('1001', recording)).toBe(true);
  expect(await tasks.isToHear('1002', recording)).toBe(false);
});
