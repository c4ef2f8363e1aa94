import { Spin } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '../shared/live/live-context.tsx';
import { stalePartsOf } from '../shared/live/stale-parts.ts';
import { FreezeClocks } from '../shared/live/ticking.tsx';
import { Hint } from '../shared/ui/hint.tsx';
import { AgentsGrid } from './agents-grid.tsx';
import { CertificatesPanel } from './certificates-panel.tsx';
import { LedgerNotice } from './ledger-notice.tsx';
import { QueueCard } from './queue-card.tsx';
import { SwitchNotices } from './switch-notices.tsx';
import { SwitchesPanel } from './switches-panel.tsx';
import { TodayStrip } from './today-strip.tsx';
import { WaitingList } from './waiting-list.tsx';
import './board.css';

/** The live page, to be read from two metres: queues, who waits, which agent is in which state, today's numbers. */
export default function BoardPage(): ReactNode {
  const { t } = useTranslation();
  const { snapshot, stream } = useLive();
  if (snapshot === null) {
    return (
      <div className="board-loading">
        <Spin size="large" />
        <p>{t('board.loading')}</p>
      </div>
    );
  }
  const stale = stalePartsOf(snapshot, stream.phase).some(
    (part) => part === 'stream' || part === 'telephony',
  );
  return (
    <FreezeClocks when={stale}>
      {/* Old numbers are shown paler: nobody should take them for the truth from across the room. */}
      <div className={stale ? 'board board-stale' : 'board'}>
        <h1 className="visually-hidden">{t('frame.board')}</h1>
        <SwitchNotices switches={snapshot.switches} hotlines={snapshot.hotlines} />
        <LedgerNotice books={snapshot.books} />
        <TodayStrip overall={snapshot.overall} calls={snapshot.calls} today={snapshot.today} />
        <div className="board-queues">
          {snapshot.queues.length === 0 && (
            <section className="panel">
              <Hint title={t('board.noQueues')}>{t('board.noQueuesWhat')}</Hint>
            </section>
          )}
          {snapshot.queues.map((queue) => (
            <QueueCard key={queue.queue} queue={queue} at={snapshot.at} />
          ))}
        </div>
        <div className="board-lists">
          <WaitingList calls={snapshot.calls} queues={snapshot.queues} hotlines={snapshot.hotlines} />
          <AgentsGrid agents={snapshot.agents} calls={snapshot.calls} />
        </div>
        <CertificatesPanel agents={snapshot.agents} at={snapshot.at} />
        <SwitchesPanel switches={snapshot.switches} hotlines={snapshot.hotlines} />
      </div>
    </FreezeClocks>
  );
}
