import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { localDate } from '../shared/format/time.ts';
import { serverNow } from '../shared/live/clock.ts';
import { useLive } from '../shared/live/live-context.tsx';
import { useBack } from '../shared/live/use-back.ts';
import { Hint } from '../shared/ui/hint.tsx';
import { PagedPanel } from '../shared/ui/paged-panel.tsx';
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
  const pages = useCalls(choice, useBack(snapshot?.parts.postgres));
  return (
    <div className="calls">
      <h1 className="visually-hidden">{t('frame.calls')}</h1>
      <CallsFilterBar
        choice={choice}
        onChange={setChoice}
        onReload={pages.reload}
        loading={pages.loading}
        snapshot={snapshot}
      />
      <PagedPanel
        pages={pages}
        className="panel calls-panel"
        empty={<Hint title={t('calls.none')}>{t('calls.noneWhat')}</Hint>}
        moreText={t('calls.more')}
      >
        <CallsTable calls={pages.rows} snapshot={snapshot} onOpen={openCall} openId={callId} />
      </PagedPanel>
      <CallDrawer callId={callId} snapshot={snapshot} onClose={() => openCall(null)} />
    </div>
  );
}
