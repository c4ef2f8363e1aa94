import { useCallback } from 'react';
import type { TaskRow, TasksFilter } from '../../services/adapters/http/contract/tasks.ts';
import { listTasks } from '../shared/api/endpoints.ts';
import { type Pages, usePages } from '../shared/api/use-pages.ts';

/** What a person chose to see. */
export type TasksChoice = Pick<TasksFilter, 'kind' | 'queue' | 'assignedTo'> & { state: 'open' | 'done' };

export type Tasks = Pages<TaskRow> & {
  /** Puts a task that was changed in its place; one that does not fit the choice any more goes. */
  changed: (task: TaskRow) => void;
};

/** The tasks that fit the choice, page after page; read anew when `trigger` changes. */
export function useTasks(choice: TasksChoice, trigger: unknown): Tasks {
  const load = useCallback(
    async (cursor: string | null, signal: AbortSignal) => {
      const { tasks, nextCursor } = await listTasks(filterOf(choice, cursor), signal);
      return { rows: tasks, nextCursor };
    },
    [choice],
  );
  const pages = usePages(load, trigger);
  const { setRows } = pages;
  const changed = useCallback(
    (task: TaskRow) =>
      setRows((before) =>
        before.flatMap((each) => (each.taskId !== task.taskId ? [each] : fits(task, choice) ? [task] : [])),
      ),
    [choice, setRows],
  );
  return { ...pages, changed };
}

const fits = (task: TaskRow, { state, assignedTo }: TasksChoice): boolean =>
  (task.doneAt === null) === (state === 'open') &&
  (assignedTo === undefined || task.assignedTo === assignedTo);

function filterOf(choice: TasksChoice, cursor: string | null): TasksFilter {
  const given = Object.entries(choice).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), ...(cursor === null ? {} : { cursor }), limit: '50' };
}
