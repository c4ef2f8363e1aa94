import { useCallback, useEffect, useState } from 'react';
import type { TaskRow, TasksFilter } from '../../services/adapters/http/contract/tasks.ts';
import { listTasks } from '../shared/api/endpoints.ts';

/** What a person chose to see. */
export type TasksChoice = Pick<TasksFilter, 'kind' | 'queue' | 'assignedTo'> & { state: 'open' | 'done' };

export type Tasks = {
  tasks: TaskRow[];
  loading: boolean;
  failure: unknown;
  /** Loads the next page; null when there is none. */
  more: (() => void) | null;
  reload: () => void;
  /** Puts a task that was changed in its place; one that does not fit the choice any more goes. */
  changed: (task: TaskRow) => void;
};

/** The tasks that fit the choice, page after page; read anew when `trigger` changes. */
export function useTasks(choice: TasksChoice, trigger: unknown): Tasks {
  const [tasks, setTasks] = useState<TaskRow[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [loading, setLoading] = useState(true);
  const [wanted, setWanted] = useState<{ choice: TasksChoice; cursor: string | null }>({
    choice,
    cursor: null,
  });

  // The trigger is not used: it only says that there may be something new.
  useEffect(() => setWanted({ choice, cursor: null }), [choice, trigger]);
  useEffect(() => {
    const abort = new AbortController();
    setLoading(true);
    const load = async () => {
      try {
        const page = await listTasks(filterOf(wanted.choice, wanted.cursor), abort.signal);
        setTasks((before) => (wanted.cursor === null ? page.tasks : [...before, ...page.tasks]));
        setCursor(page.nextCursor);
        setFailure(null);
      } catch (error) {
        if (abort.signal.aborted) return;
        setFailure(error);
        setCursor(null);
      }
      if (!abort.signal.aborted) setLoading(false);
    };
    void load();
    return () => abort.abort();
  }, [wanted]);

  const reload = useCallback(() => setWanted({ choice, cursor: null }), [choice]);
  const changed = useCallback(
    (task: TaskRow) =>
      setTasks((before) =>
        before.flatMap((each) => (each.taskId !== task.taskId ? [each] : fits(task, choice) ? [task] : [])),
      ),
    [choice],
  );
  const more = cursor === null ? null : () => setWanted({ choice, cursor });
  return { tasks, loading, failure, more, reload, changed };
}

const fits = (task: TaskRow, { state, assignedTo }: TasksChoice): boolean =>
  (task.doneAt === null) === (state === 'open') &&
  (assignedTo === undefined || task.assignedTo === assignedTo);

function filterOf(choice: TasksChoice, cursor: string | null): TasksFilter {
  const given = Object.entries(choice).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), ...(cursor === null ? {} : { cursor }), limit: '50' };
}
