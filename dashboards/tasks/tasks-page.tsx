import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TaskRow } from '../../services/adapters/http/contract/tasks.ts';
import { useLive } from '../shared/live/live-context.tsx';
import { useBack } from '../shared/live/use-back.ts';
import { useSignedIn } from '../shared/session/session-context.tsx';
import { Hint } from '../shared/ui/hint.tsx';
import { PagedPanel } from '../shared/ui/paged-panel.tsx';
import { DoneDialog } from './done-dialog.tsx';
import { TaskItem } from './task-item.tsx';
import { TasksFilterBar } from './tasks-filter-bar.tsx';
import { type TasksChoice, useTasks } from './use-tasks.ts';
import './tasks.css';

/** What an empty list says. */
const nothing = {
  open: { title: 'tasks.none', what: 'tasks.noneWhat' },
  done: { title: 'tasks.noneDone', what: 'tasks.noneDoneWhat' },
  own: { title: 'tasks.noneOwn', what: 'tasks.noneOwnWhat' },
} as const;

/** What people have to see to: messages, low scores, callbacks that failed, dropped calls. Agents see what is given to them. */
export default function TasksPage(): ReactNode {
  const { t } = useTranslation();
  const { role } = useSignedIn();
  const { snapshot } = useLive();
  const [choice, setChoice] = useState<TasksChoice>({ state: 'open' });
  const [closing, setClosing] = useState<TaskRow | null>(null);
  const { changed, ...pages } = useTasks(choice, useBack(snapshot?.parts.postgres));
  const none = choice.state === 'done' ? nothing.done : role === 'agent' ? nothing.own : nothing.open;
  return (
    <div className="tasks">
      <h1 className="visually-hidden">{t('frame.tasks')}</h1>
      <TasksFilterBar
        choice={choice}
        onChange={setChoice}
        onReload={pages.reload}
        loading={pages.loading}
        snapshot={snapshot}
      />
      <PagedPanel
        pages={pages}
        className="panel"
        label={t('frame.tasks')}
        empty={<Hint title={t(none.title)}>{t(none.what)}</Hint>}
        moreText={t('tasks.more')}
      >
        <ul className="tasks-list">
          {pages.rows.map((task) => (
            <TaskItem
              key={task.taskId}
              task={task}
              snapshot={snapshot}
              onChanged={changed}
              onDone={setClosing}
            />
          ))}
        </ul>
      </PagedPanel>
      {closing !== null && (
        <DoneDialog
          key={closing.taskId}
          task={closing}
          onChanged={changed}
          onClose={() => setClosing(null)}
        />
      )}
    </div>
  );
}
