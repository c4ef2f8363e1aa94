import { App, Button, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveSnapshot } from '../../services/adapters/http/contract/live.ts';
import type { ChangeTask, TaskRow } from '../../services/adapters/http/contract/tasks.ts';
import { changeTask } from '../shared/api/endpoints.ts';
import { failureText } from '../shared/api/failure-text.ts';
import { dateTime } from '../shared/format/time.ts';
import { currentLanguage } from '../shared/i18n.ts';
import { serverNow } from '../shared/live/clock.ts';
import { useSignedIn } from '../shared/session/session-context.tsx';
import { RecordedMessage } from '../shared/ui/recorded-message.tsx';
import { followLink, pathOf } from '../shared/ui/router.ts';
import { assignees } from './assignees.ts';
import { TaskNumber } from './task-number.tsx';
import { taskBecause } from './task-text.ts';

/** One task: what it is about, whom to call, who is to do it, and what can be done with it. */
export function TaskItem(props: {
  task: TaskRow;
  snapshot: LiveSnapshot | null;
  onChanged: (task: TaskRow) => void;
  /** Asks what was done. */
  onDone: (task: TaskRow) => void;
}): ReactNode {
  const { task, snapshot, onChanged, onDone } = props;
  const { t } = useTranslation();
  const session = useSignedIn();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const language = currentLanguage();
  const hotline = snapshot?.hotlines.find((one) => one.hotline === task.hotline)?.name[language];
  const queue = snapshot?.queues.find((one) => one.queue === task.queue)?.name[language] ?? task.queue;
  const kind = t(`taskKind.${task.kind}`);
  const open = task.doneAt === null;
  const change = async (body: ChangeTask) => {
    setBusy(true);
    try {
      onChanged(await changeTask(task.taskId, body));
    } catch (error) {
      message.error(failureText(error));
    }
    setBusy(false);
  };
  return (
    <li className="task" data-task={task.taskId}>
      <div className="task-what">
        <div className="task-line">
          <b className={`task-kind task-${task.kind}`}>{kind}</b>
          <span>{taskBecause(task.because, t)}</span>
        </div>
        <div className="task-line task-small">
          <time dateTime={new Date(task.openedAt).toISOString()}>{dateTime(task.openedAt, serverNow())}</time>
          {(queue ?? hotline) !== undefined && <span>{queue ?? hotline}</span>}
          {task.agent !== null && <span>{t('tasks.of', { agent: task.agent })}</span>}
          {task.callId !== null && (
            <a href={pathOf({ page: 'calls', callId: task.callId })} onClick={followLink}>
              {t('tasks.call')}
            </a>
          )}
        </div>
        {task.recording !== null && <RecordedMessage recording={task.recording} label={t('tasks.hear')} />}
        {task.note !== '' && <p className="task-note">{task.note}</p>}
        {task.doneAt !== null && (
          <p className="task-small">
            {t('tasks.doneBy', { by: task.doneBy ?? '', time: dateTime(task.doneAt, serverNow()) })}
          </p>
        )}
      </div>
      <TaskNumber task={task} />
      <div className="task-do">
        {session.role !== 'agent' && open && (
          <Select<string>
            className="task-assign"
            aria-label={t('tasks.assign', { task: kind })}
            placeholder={t('tasks.nobody')}
            allowClear
            showSearch={{ optionFilterProp: 'label' }}
            disabled={busy}
            value={task.assignedTo}
            onChange={(user: string | undefined) => void change({ assignedTo: user ?? null })}
            options={assignees(snapshot, session)}
          />
        )}
        {open ? (
          <Button type="primary" onClick={() => onDone(task)} disabled={busy}>
            {t('tasks.do')}
          </Button>
        ) : (
          <Button onClick={() => void change({ state: 'open' })} loading={busy}>
            {t('tasks.reopen')}
          </Button>
        )}
      </div>
    </li>
  );
}
