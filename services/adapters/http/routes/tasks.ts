import { asId, type TaskId } from '../../../events/ids.ts';
import type { Application } from '../../../runtime/application.ts';
import type { Person } from '../../../runtime/people-port.ts';
import type { Task, TasksPort, TasksQuery } from '../../../runtime/tasks-port.ts';
import { roles } from '../contract/common.ts';
import {
  type ChangeTask,
  changeTaskSchema,
  type TasksFilter,
  taskPathSchema,
  taskQuerySchema,
  taskSchema,
  tasksPageSchema,
  tasksQuerySchema,
} from '../contract/tasks.ts';
import { cursorFrom, cursorText } from '../cursor.ts';
import { fromStore } from '../deadline.ts';
import { Refusal } from '../errors.ts';
import { ownNumbers } from '../live-snapshot.ts';
import { maskNumber, maskNumbersIn } from '../mask-number.ts';
import type { HttpLimits } from '../options.ts';
import type { Reveal } from '../reveal.ts';
import { type Route, route } from '../route.ts';

const usualLimit = 50;

/** What people have to see to. Leads see and give out all of it; agents see and do what is given to them. */
export function taskRoutes(parts: {
  application: Application;
  tasks: TasksPort;
  /** For whoever may see the task at all. */
  reveal: Reveal;
  limits: HttpLimits;
}): Route[] {
  const { application, tasks, reveal, limits } = parts;
  const own = ownNumbers(application.centre);
  const masked = (task: Task): Task => ({
    ...maskNumbersIn(task, task.number, own),
    number: maskNumber(task.number),
  });

  /** The same answer for a task of somebody else: who may not see it need not know that it exists. */
  const seen = async (person: Person, id: string): Promise<Task> => {
    const task = await fromStore(tasks.one(asId<TaskId>(id)), limits.answerMs);
    if (task === null || (person.role === 'agent' && task.assignedTo !== person.user)) throw unknownTask();
    return task;
  };

  const list = route({
    method: 'get',
    path: '/api/v1/tasks',
    operationId: 'listTasks',
    summary: 'What people have to see to, page by page (agents: what is given to them)',
    tag: 'records',
    access: roles,
    query: tasksQuerySchema,
    replies: { 200: { description: 'One page of tasks', schema: tasksPageSchema } },
    refusals: ['store-unavailable'],
    async handle({ res, query, visitor }) {
      const wanted = storeQuery(query, visitor.person);
      // One more than asked for tells whether there is a next page.
      const found = await fromStore(tasks.list({ ...wanted, limit: wanted.limit + 1 }), limits.answerMs);
      const page = found.slice(0, wanted.limit);
      const last = page.at(-1);
      const more = found.length > wanted.limit && last;
      res.json({
        tasks: page.map(masked),
        nextCursor: more ? cursorText({ startedAt: last.openedAt, callId: asId(last.taskId) }) : null,
      });
    },
  });

  const one = route({
    method: 'get',
    path: '/api/v1/tasks/{id}',
    operationId: 'getTask',
    summary: 'One task; with `reveal=numbers` and a reason the whole number to call, which is kept on record',
    tag: 'records',
    access: roles,
    params: taskPathSchema,
    query: taskQuerySchema,
    replies: { 200: { description: 'The task', schema: taskSchema } },
    refusals: ['unknown-task', 'store-unavailable'],
    async handle(call) {
      const task = await seen(call.visitor.person, call.params.id);
      const numbers = await reveal(call, `tasks/${task.taskId}`);
      call.res.json(numbers === 'whole' ? task : masked(task));
    },
  });

  const change = route({
    method: 'put',
    path: '/api/v1/tasks/{id}',
    operationId: 'changeTask',
    summary: 'Say that a task is done or open again, add a note, or give it to someone (leads)',
    tag: 'records',
    access: roles,
    params: taskPathSchema,
    body: changeTaskSchema,
    replies: { 200: { description: 'The task as it is now', schema: taskSchema } },
    refusals: ['unknown-task', 'store-unavailable'],
    async handle({ req, res, params, body, visitor }) {
      const { person } = visitor;
      if (body.assignedTo !== undefined) requireAssignable(application, person, body.assignedTo);
      const task = await seen(person, params.id);
      const audit = {
        at: application.now(),
        user: person.user,
        role: person.role,
        action: 'change-task',
        resource: `tasks/${task.taskId}`,
        reason: inWords(body),
        address: req.ip ?? '',
      } as const;
      const { state, ...rest } = body;
      const changes = {
        ...(state === undefined ? {} : { done: state === 'done' }),
        ...(rest.assignedTo === undefined ? {} : { assignedTo: rest.assignedTo }),
        ...(rest.note === undefined ? {} : { note: rest.note }),
      };
      const changed = await fromStore(tasks.change(task.taskId, changes, audit), limits.answerMs);
      if (changed === null) throw unknownTask();
      res.json(masked(changed));
    },
  });
  return [list, one, change];
}

const unknownTask = () => new Refusal('unknown-task', 'There is no task with this id.');

function requireAssignable({ centre }: Application, person: Person, assignedTo: string | null): void {
  if (person.role === 'agent')
    throw new Refusal('not-allowed', 'Only leads and administrators may give tasks out.');
  if (assignedTo === null || centre.agents.has(asId(assignedTo))) return;
  if (centre.users.some(({ user }) => user === assignedTo)) return;
  const message = `"${assignedTo}" is nobody of this centre`;
  throw new Refusal('invalid-body', `assignedTo: ${message}`, { errors: [{ path: 'assignedTo', message }] });
}

/** What was changed, for the audit; what a note says stands in the task. */
function inWords({ state, assignedTo, note }: ChangeTask): string {
  return [
    ...(state === undefined ? [] : [state]),
    ...(assignedTo === undefined ? [] : [`given to ${assignedTo ?? 'nobody'}`]),
    ...(note === undefined ? [] : ['note']),
  ].join(', ');
}

function storeQuery(filter: TasksFilter, person: Person): TasksQuery {
  const agent = person.role === 'agent';
  if (agent && filter.assignedTo !== undefined && filter.assignedTo !== person.user)
    throw new Refusal('not-allowed', 'Agents may see their own tasks only.');
  const after = filter.cursor === undefined ? null : cursorFrom(filter.cursor);
  return {
    state: filter.state ?? null,
    kind: filter.kind ?? null,
    queue: filter.queue === undefined ? null : asId(filter.queue),
    assignedTo: agent ? person.user : (filter.assignedTo ?? null),
    after: after && { openedAt: after.startedAt, taskId: asId(after.callId) },
    limit: filter.limit === undefined ? usualLimit : Number(filter.limit),
  };
}
