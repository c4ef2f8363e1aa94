import { memo, type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveCallView, LiveSnapshot } from '../../services/adapters/http/contract/live.ts';
import { reasonText } from '../calls/reason-text.ts';
import { currentLanguage } from '../shared/i18n.ts';
import { Elapsed } from '../shared/live/ticking.tsx';
import { Hint } from '../shared/ui/hint.tsx';
import { followLink, pathOf } from '../shared/ui/router.ts';
import { waitLevel } from './wait-level.ts';
import { waitingCalls } from './waiting-calls.ts';

/** Who waits, in the order of each queue; callers for whom a phone is ringing stay in the list until answered. */
export const WaitingList = memo(function WaitingList(props: {
  calls: LiveCallView[];
  queues: LiveSnapshot['queues'];
  hotlines: LiveSnapshot['hotlines'];
}): ReactNode {
  const { calls, queues, hotlines } = props;
  const { t } = useTranslation();
  const language = currentLanguage();
  const waiting = useMemo(() => waitingCalls(calls), [calls]);
  const queueOf = new Map(queues.map((queue) => [queue.queue, queue]));
  const hotlineOf = new Map(hotlines.map((hotline) => [hotline.hotline, hotline.name[language]]));
  return (
    <section className="panel" aria-label={t('waiting.title')}>
      <h2 className="panel-title">
        <span>{t('waiting.title')}</span>
        <small className="num">{t('waiting.count', { count: waiting.length })}</small>
      </h2>
      {waiting.length === 0 ? (
        <Hint title={t('waiting.none')}>{t('waiting.noneWhat')}</Hint>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        <div className="list-scroll" tabIndex={0}>
          <table className="list">
            <thead>
              <tr>
                <th scope="col">{t('waiting.position')}</th>
                <th scope="col">{t('waiting.number')}</th>
                <th scope="col" className="list-queue">
                  {t('waiting.queue')}
                </th>
                <th scope="col">{t('waiting.stage')}</th>
                <th scope="col" className="list-right">
                  {t('waiting.wait')}
                </th>
              </tr>
            </thead>
            <tbody>
              {waiting.map((call) => {
                const queue = queueOf.get(call.queue ?? '');
                return (
                  <WaitingRow
                    key={call.callId}
                    call={call}
                    queueName={queue?.name[language] ?? call.queue ?? ''}
                    hotlineName={hotlineOf.get(call.hotline ?? '') ?? call.dialledNumber}
                    thresholdMs={queue?.serviceLevelThresholdMs ?? Number.POSITIVE_INFINITY}
                  />
                );
              })}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
});

const WaitingRow = memo(function WaitingRow(props: {
  call: LiveCallView;
  queueName: string;
  hotlineName: string;
  thresholdMs: number;
}): ReactNode {
  const { call, queueName, hotlineName, thresholdMs } = props;
  const { t } = useTranslation();
  return (
    <tr data-call={call.callId}>
      <td>{call.position ?? '·'}</td>
      <td className="list-strong" title={hotlineName}>
        <a href={pathOf({ page: 'calls', callId: call.callId })} onClick={followLink}>
          {call.callerNumber === '' ? t('number.withheld') : call.callerNumber}
        </a>
        <small className="list-narrow">{queueName}</small>
      </td>
      <td className="list-clip list-queue">{queueName}</td>
      <td>
        <span className={call.stage === 'ringing' ? 'st st-ringing chip' : 'chip'}>
          {t(`stage.${call.stage}`)}
        </span>
        {call.step !== null && (
          <small className="list-step" data-step={call.step.step}>
            {reasonText(call.step.because, t)}
          </small>
        )}
        {call.ringing.length > 0 && <small className="list-step num">{call.ringing.join(', ')}</small>}
      </td>
      <td className="list-right list-strong">
        <Elapsed since={call.queuedAt ?? call.stageSince} levelOf={(ms) => waitLevel(ms, thresholdMs)} />
      </td>
    </tr>
  );
});
