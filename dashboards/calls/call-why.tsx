import { Alert, Spin } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type {
  CallWhy as CallWhyView,
  RingExplainedView,
  WaitExplainedView,
} from '../../services/adapters/http/contract/why.ts';
import { callWhy } from '../shared/api/endpoints.ts';
import { failureText } from '../shared/api/failure-text.ts';
import { clockDuration } from '../shared/format/duration.ts';
import { timeOfDay } from '../shared/format/time.ts';
import type { Names } from './describe-event.ts';
import { reasonText } from './reason-text.ts';
import { alsoFreeText, endingText, waitSpanText } from './why-text.ts';

/** Why the caller waited, why these agents were rung, and why the call ended. Read again with each `reading` of the call. */
export function CallWhy(props: { callId: string; reading: unknown; names: Names }): ReactNode {
  const { callId, reading, names } = props;
  const { t } = useTranslation();
  const [why, setWhy] = useState<CallWhyView | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  useEffect(() => {
    const abort = new AbortController();
    const load = async () => {
      try {
        setWhy(await callWhy(callId, abort.signal));
        setFailure(null);
      } catch (error) {
        if (!abort.signal.aborted) setFailure(error);
      }
    };
    void load();
    return () => abort.abort();
  }, [callId, reading]);

  if (failure !== null) return <Alert type="error" showIcon title={failureText(failure)} />;
  if (why?.callId !== callId) return <Spin />;
  const asOfNow = countedAsOfNow(why);
  return (
    <div className="why" data-why={callId}>
      {why.waits.map((wait) => (
        <Wait key={wait.visitId} wait={wait} names={names} />
      ))}
      {why.rings.length > 0 && (
        <>
          <h4>{t('whyCall.agents')}</h4>
          <ul>
            {why.rings.map((ring) => (
              <Ring key={`${ring.at} ${ring.agent}`} ring={ring} names={names} />
            ))}
          </ul>
        </>
      )}
      {why.ending !== null && (
        <>
          <h4>{t('whyCall.end')}</h4>
          <p data-why-end={why.ending.code}>{endingText(why.ending, t, names)}</p>
        </>
      )}
      {asOfNow !== null && (
        <p className="why-note" data-why-centre={asOfNow}>
          {t(`whyCall.centre.${asOfNow}`)}
        </p>
      )}
    </div>
  );
}

/** Where who may serve may have been otherwise than it is counted. */
function countedAsOfNow({ waits }: CallWhyView): 'changed' | 'unknown' | null {
  if (waits.some(({ centreSince }) => centreSince === 'changed')) return 'changed';
  return waits.some(({ centreSince }) => centreSince === 'unknown') ? 'unknown' : null;
}

function Wait({ wait, names }: { wait: WaitExplainedView; names: Names }): ReactNode {
  const { t } = useTranslation();
  const { queuedAt, waitMs, position, skills } = wait;
  const headline = { queue: names.queue(wait.queue), time: clockDuration(waitMs) };
  const entered = [
    t('whyCall.position', { position }),
    ...(skills.length === 0 ? [] : [t('whyCall.skills', { skills: skills.join(t('whyCall.comma')) })]),
  ];
  return (
    <>
      <h4>{t(wait.leftAt === null ? 'whyCall.waiting' : 'whyCall.wait', headline)}</h4>
      <p className="why-note">{entered.join(' · ')}</p>
      <ol>
        {wait.spans.map((span) => (
          <li key={`${span.from} ${span.code}`} data-why-span={span.code}>
            <b className="num">{clockDuration(span.to - span.from)}</b>
            <span>{waitSpanText(span, t, names)}</span>
          </li>
        ))}
      </ol>
      {wait.steps.map((one) => (
        <p className="why-note" key={`${one.at} ${one.step}`} data-why-step={one.step}>
          {t('whyCall.step', {
            after: clockDuration(one.at - queuedAt),
            because: reasonText(one.because, t),
          })}
        </p>
      ))}
      {wait.told.map((one) => {
        const after = clockDuration(one.at - queuedAt);
        return (
          <p className="why-note" key={one.at}>
            {one.expectedWaitMs === null
              ? t('whyCall.told', { after, position: one.position })
              : t('whyCall.toldWait', {
                  after,
                  position: one.position,
                  time: clockDuration(one.expectedWaitMs),
                })}
          </p>
        );
      })}
    </>
  );
}

function Ring({ ring, names }: { ring: RingExplainedView; names: Names }): ReactNode {
  const { t } = useTranslation();
  const more = alsoFreeText(ring, t, names);
  return (
    <li>
      <b className="num">{timeOfDay(ring.at)}</b>
      <span>
        {names.agent(ring.agent)} · {reasonText(ring.because, t)}
        {more !== '' && <small>{more}</small>}
      </span>
    </li>
  );
}
