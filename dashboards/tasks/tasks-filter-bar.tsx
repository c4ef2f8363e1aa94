import { ReloadOutlined } from '@ant-design/icons';
import { Button, Segmented } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveSnapshot } from '../../services/adapters/http/contract/live.ts';
import { taskKinds } from '../../services/events/vocabulary.ts';
import { currentLanguage } from '../shared/i18n.ts';
import { useSignedIn } from '../shared/session/session-context.tsx';
import { type FilterOption, FilterSelect } from '../shared/ui/filter-select.tsx';
import { assignees } from './assignees.ts';
import type { TasksChoice } from './use-tasks.ts';

/** The filters over the list; each takes effect when it is chosen. */
export function TasksFilterBar(props: {
  choice: TasksChoice;
  onChange: (choice: TasksChoice) => void;
  onReload: () => void;
  loading: boolean;
  snapshot: LiveSnapshot | null;
}): ReactNode {
  const { choice, onChange, onReload, loading, snapshot } = props;
  const { t } = useTranslation();
  const session = useSignedIn();
  const language = currentLanguage();
  const select = (field: 'kind' | 'queue' | 'assignedTo', options: FilterOption[]) => (
    <FilterSelect
      className="tasks-select"
      label={t(`tasks.${field}`)}
      value={choice[field]}
      onChange={(value) => onChange({ ...choice, [field]: value } as TasksChoice)}
      options={options}
    />
  );
  return (
    <search className="tasks-filter">
      <Segmented<TasksChoice['state']>
        aria-label={t('tasks.state')}
        value={choice.state}
        onChange={(state) => onChange({ ...choice, state })}
        options={(['open', 'done'] as const).map((value) => ({ value, label: t(`tasks.${value}`) }))}
      />
      {select(
        'kind',
        taskKinds.map((value) => ({ value, label: t(`taskKind.${value}`) })),
      )}
      {select(
        'queue',
        (snapshot?.queues ?? []).map((q) => ({ value: q.queue, label: q.name[language] })),
      )}
      {session.role !== 'agent' && select('assignedTo', assignees(snapshot, session))}
      <Button icon={<ReloadOutlined />} onClick={onReload} loading={loading} aria-label={t('tasks.reload')} />
    </search>
  );
}
