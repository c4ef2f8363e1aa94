import { Alert, Button, Spin } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { failureText } from '../shared/api/failure-text.ts';
import { localDate } from '../shared/format/time.ts';
import { serverNow } from '../shared/live/clock.ts';
import { useLive } from '../shared/live/live-context.tsx';
import { useBack } from '../shared/live/use-back.ts';
import { Hint } from '../shared/ui/hint.tsx';
import { navigate, pathOf } from '../shared/ui/router.ts';
import { CallDrawer } from './call-drawer.tsx';
import type { CallsChoice } from './calls-choice.ts';
import { CallsFilterBar } from './calls-filter-bar.tsx';
import { CallsTable } from './calls-table.tsx';
import { useCalls } from './use-calls.ts';
import './calls.css';

const openCall = (callId: string | null) => navigate(pathOf({ page: 'calls', callId }));

/** The calls of a day, filtered; one call's timeline beside them. Agents see their own calls only. */
export default function CallsPage({ callId }: { callId: string | null }): ReactNode {
  const { t } = useTranslation();
  const { snapshot } = useLive();
  const [choice, setChoice] = useState<CallsChoice>(() => ({ date: localDate(serverNow()) }));
  const { calls, loading, failure, more, reload } = useCalls(choice);
  const databaseIsBack = useBack(snapshot?.parts.postgres);
  useEffect(() => {
    if (databaseIsBack > 0) reload();
  }, [databaseIsBack, reload]);
  return (
    <div className="calls">
      <h1 className="visually-hidden">{t('frame.calls')}</h1>
      <CallsFilterBar
        choice={choice}
        onChange={setChoice}
        onReload={reload}
        loading={loading}
        snapshot={snapshot}
      />
      {failure !== null && (
        <Alert
          type="error"
          showIcon
          title={failureText(failure)}
          action={<Button onClick={reload}>{t('failure.again')}</Button>}
        />
      )}
      <section className="panel calls-panel" aria-busy={loading}>
        {calls.length > 0 && (
          <CallsTable calls={calls} snapshot={snapshot} onOpen={openCall} openId={callId} />
        )}
        {calls.length === 0 && loading && (
          <div className="calls-loading">
            <Spin />
          </div>
        )}
        {calls.length === 0 && !loading && failure === null && (
          <Hint title={t('calls.none')}>{t('calls.noneWhat')}</Hint>
        )}
        {more !== null && (
          <div className="calls-more">
            <Button onClick={more} loading={loading}>
              {t('calls.more')}
            </Button>
          </div>
        )}
      </section>
      <CallDrawer callId={callId} snapshot={snapshot} onClose={() => openCall(null)} />
    </div>
  );
}
