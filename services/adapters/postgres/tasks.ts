import { type Selectable, sql } from 'kysely';
import type { TaskTable } from '../../../db/schema.ts';
import type { EventOf } from '../../events/events.ts';
import { asId } from '../../events/ids.ts';
import { type Instant, toIso } from '../../events/instant.ts';
import type { TaskKind } from '../../events/vocabulary.ts';
import type { Task, TaskChange, TasksPort, TasksQuery } from '../../runtime/tasks-port.ts';
import { auditRow } from './audit.ts';
import type { Db, Postgres } from './connect.ts';
import { named } from './errors.ts';
import { toInstant } from './rows.ts';
import { type Target, upsert } from './upsert.ts';

/** More tasks than this are never given at once. */
const mostTasks = 1_000;

/** Tasks: opened with the events they come of (`writeTasks`), looked at and done by people. */
export function createTasks({ db, where }: Postgres): TasksPort {
  return {
    list: (query) => named(where, 'Listing tasks', () => list(db, query)),
    one: (taskId) => named(where, `Reading task ${taskId}`, () => one(db, taskId)),
    isToHear: (user, recording) =>
      named(where, `Reading whose recording ${recording} is`, async () => {
        const found = await db
          .selectFrom('task')
          .innerJoin('call', 'call.call_id', 'task.call_id')
          .select('task.task_id')
          .where('task.assigned_to', '=', user)
          .where('task.kind', '=', 'voicemail')
          .where('call.recording', '=', recording)
          .limit(1)
          .executeTakeFirst();
        return found !== undefined;
      }),
    change: (taskId, change, audit) =>
      named(where, `Changing task ${taskId}`, () =>
        db.transaction().execute(async (trx) => {
          const found = await trx
            .updateTable('task')
            .set(columnsOf(change, audit.user, toIso(audit.at)))
            .where('task_id', '=', taskId)
            .returning('task_id')
            .executeTakeFirst();
          if (found === undefined) return null;
          await trx.insertInto('audit_entry').values(auditRow(audit)).execute();
          return one(trx, taskId);
        }),
      ),
  };
}

/** Removed at once at most; what is more goes the next time. */
const mostRemoved = 10_000;

/** Removes tasks that were done before then; open ones never, however old. What opened them stays among the events. @returns how many */
export async function removeTasksDoneBefore({ db, where }: Postgres, then: Instant): Promise<number> {
  return named(where, 'Removing old tasks', async () => {
    const old = db
      .selectFrom('task')
      .select('task_id')
      .where('done_at', '<', new Date(then))
      .orderBy('done_at')
      .limit(mostRemoved);
    const { numDeletedRows } = await db.deleteFrom('task').where('task_id', 'in', old).executeTakeFirst();
    return Number(numDeletedRows);
  });
}

function columnsOf({ done, assignedTo, note }: TaskChange, by: string, at: string) {
  return {
    ...(done === undefined ? {} : { done_at: done ? at : null, done_by: done ? by : null }),
    ...(assignedTo === undefined ? {} : { assigned_to: assignedTo }),
    ...(note === undefined ? {} : { note }),
  };
}

async function list(db: Db, query: TasksQuery): Promise<Task[]> {
  let tasks = withRecording(db);
  const oldestFirst = query.state === 'open';
  if (query.state !== null) tasks = tasks.where('done_at', query.state === 'open' ? 'is' : 'is not', null);
  if (query.kind !== null) tasks = tasks.where('kind', '=', query.kind);
  if (query.queue !== null) tasks = tasks.where('queue', '=', query.queue);
  if (query.assignedTo !== null) tasks = tasks.where('assigned_to', '=', query.assignedTo);
  if (query.after !== null) {
    const { openedAt, taskId } = query.after;
    const behind = sql.raw(oldestFirst ? '>' : '<');
    tasks = tasks.where(
      sql<boolean>`(opened_at, task_id) ${behind} (${toIso(openedAt)}::timestamptz, ${taskId})`,
    );
  }
  const direction = oldestFirst ? 'asc' : 'desc';
  const rows = await tasks
    .orderBy('opened_at', direction)
    .orderBy('task_id', direction)
    .limit(Math.min(query.limit, mostTasks))
    .execute();
  return rows.map(toTask);
}

async function one(db: Db, taskId: string): Promise<Task | null> {
  const row = await withRecording(db).where('task_id', '=', taskId).executeTakeFirst();
  return row === undefined ? null : toTask(row);
}

/** With the recording of the task's call, for tasks that are about one. */
const withRecording = (db: Db) =>
  db
    .selectFrom('task')
    .selectAll()
    .select((it) =>
      it
        .selectFrom('call')
        .select('call.recording')
        .whereRef('call.call_id', '=', 'task.call_id')
        .where('task.kind', '=', 'voicemail')
        .limit(1)
        .as('recording'),
    );

const toTask = (row: Selectable<TaskTable> & { recording: string | null }): Task => ({
  taskId: asId(row.task_id),
  openedAt: toInstant(row.opened_at),
  kind: row.kind as TaskKind,
  callId: row.call_id === null ? null : asId(row.call_id),
  hotline: row.hotline === null ? null : asId(row.hotline),
  queue: row.queue === null ? null : asId(row.queue),
  agent: row.agent,
  number: row.number,
  because: row.because,
  recording: row.recording === null ? null : asId(row.recording),
  assignedTo: row.assigned_to,
  doneAt: row.done_at === null ? null : toInstant(row.done_at),
  doneBy: row.done_by,
  note: row.note,
});

/** Keeps the tasks that these events open. One that is there already stays as people left it. */
export async function writeTasks(db: Db, opened: readonly EventOf<'TaskOpened'>[]): Promise<void> {
  await upsert(db, target, opened.map(openedRow), 'keep');
}

type OpenedRow = ReturnType<typeof openedRow>;
const target: Target<OpenedRow> = {
  table: 'task',
  columns: {
    task_id: 'text',
    opened_at: 'timestamptz',
    kind: 'text',
    call_id: 'text',
    hotline: 'text',
    queue: 'text',
    agent: 'text',
    number: 'text',
    because: 'text',
    assigned_to: 'text',
  },
  key: ['task_id'],
};
const openedRow = (event: EventOf<'TaskOpened'>) => ({
  task_id: event.taskId,
  opened_at: toIso(event.at),
  kind: event.kind,
  call_id: event.callId,
  hotline: event.hotline,
  queue: event.queue,
  agent: event.agent,
  number: event.number,
  because: event.because,
  // Who knows what it was about calls back (CLS-05); a lead may give it to someone else.
  assigned_to: event.kind === 'dropped-call' ? event.agent : null,
});
