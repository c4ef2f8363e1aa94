import { ReloadOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveSnapshot } from '../../services/adapters/http/contract/live.ts';
import { callOutcomes } from '../../services/events/vocabulary.ts';
import { currentLanguage } from '../shared/i18n.ts';
import { useSignedIn } from '../shared/session/session-context.tsx';
import { type FilterOption, FilterSelect } from '../shared/ui/filter-select.tsx';
import type { CallsChoice } from './calls-choice.ts';

/** The filters over the list. A field takes effect when it is chosen; the number when Enter is pressed. */
export function CallsFilterBar(props: {
  choice: CallsChoice;
  onChange: (choice: CallsChoice) => void;
  onReload: () => void;
  loading: boolean;
  snapshot: LiveSnapshot | null;
}): ReactNode {
  const { choice, onChange, onReload, loading, snapshot } = props;
  const { t } = useTranslation();
  const { role } = useSignedIn();
  const language = currentLanguage();
  const [number, setNumber] = useState(choice.number ?? '');
  const numberWrong = number.trim() !== '' && !/^\+?[\d -]{3,24}$/.test(number.trim());

  const applyNumber = (value: string) => {
    if (value.trim() === '' || !numberWrong) onChange({ ...choice, number: value.trim() });
  };
  const select = (field: 'agent' | 'queue' | 'hotline' | 'outcome', options: FilterOption[]) => (
    <FilterSelect
      className="calls-select"
      label={t(`calls.${field}`)}
      value={choice[field]}
      onChange={(value) => onChange({ ...choice, [field]: value } as CallsChoice)}
      options={options}
    />
  );
  return (
    <search className="calls-filter">
      <Input
        type="date"
        className="calls-date"
        aria-label={t('calls.date')}
        value={choice.date}
        onChange={(event) => onChange({ ...choice, date: event.target.value })}
      />
      {select(
        'outcome',
        callOutcomes.map((value) => ({ value, label: t(`outcome.${value}`) })),
      )}
      {select(
        'hotline',
        (snapshot?.hotlines ?? []).map((h) => ({ value: h.hotline, label: h.name[language] })),
      )}
      {select(
        'queue',
        (snapshot?.queues ?? []).map((q) => ({ value: q.queue, label: q.name[language] })),
      )}
      {role !== 'agent' &&
        select(
          'agent',
          (snapshot?.agents ?? []).map((a) => ({ value: a.agent, label: `${a.name} ${a.agent}` })),
        )}
      <Input.Search
        className="calls-number"
        aria-label={t('calls.number')}
        placeholder={t('calls.numberWhole')}
        allowClear
        status={numberWrong ? 'error' : ''}
        value={number}
        onChange={(event) => setNumber(event.target.value)}
        onSearch={applyNumber}
      />
      <Button icon={<ReloadOutlined />} onClick={onReload} loading={loading} aria-label={t('calls.reload')} />
    </search>
  );
}
