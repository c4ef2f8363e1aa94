import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type {
  LiveAgentView,
  LiveCallView,
  LiveSnapshot,
} from '../../services/adapters/http/contract/live.ts';
import { currentLanguage } from '../shared/i18n.ts';
import { Elapsed } from '../shared/live/ticking.tsx';
import { followLink, pathOf } from '../shared/ui/router.ts';
import { CallControls } from './phone/call-controls.tsx';

/** The call that rings or is talked to, or was until wrap-up. */
export function CallCard(props: {
  me: LiveAgentView;
  call: LiveCallView | null;
  hotlines: LiveSnapshot['hotlines'];
  queues: LiveSnapshot['queues'];
}): ReactNode {
  const { me, call, hotlines, queues } = props;
  const { t } = useTranslation();
  const language = currentLanguage();
  if (me.callId === null) {
    return (
      <section className="panel desk-card">
        <h2>{t('desk.myCall')}</h2>
        <p className="desk-quiet">{t(me.state === 'available' ? 'desk.noCallReady' : 'desk.noCall')}</p>
        <CallControls />
      </section>
    );
  }
  const hotline = hotlines.find((each) => each.hotline === call?.hotline);
  const queue = queues.find((each) => each.queue === call?.queue);
  return (
    <section className={`panel desk-card st st-${me.state}`} data-call={me.callId}>
      <h2>{t('desk.myCall')}</h2>
      {call === null ? (
        <p className="desk-quiet">{t('desk.callOver')}</p>
      ) : (
        <>
          <p className="desk-big num">
            {call.callerNumber === '' ? t('number.withheld') : call.callerNumber}
          </p>
          <p>
            {hotline?.name[language] ?? call.dialledNumber}
            {queue !== undefined && ` · ${queue.name[language]}`}
          </p>
          <p className="desk-call-state">
            {t(`state.${me.state}`)} <Elapsed since={me.since} />
          </p>
        </>
      )}
      <CallControls />
      <p>
        <a href={pathOf({ page: 'calls', callId: me.callId })} onClick={followLink}>
          {t('desk.openCall')}
        </a>
      </p>
    </section>
  );
}
