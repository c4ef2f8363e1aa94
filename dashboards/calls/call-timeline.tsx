import { Timeline } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveSnapshot } from '../../services/adapters/http/contract/live.ts';
import type { HotlineEvent } from '../../services/events/events.ts';
import { clockDuration } from '../shared/format/duration.ts';
import { timeOfDay } from '../shared/format/time.ts';
import { describeEvent } from './describe-event.ts';
import { namesOf } from './names-of.ts';

/** What happened in a call, oldest first: the time, how far into the call, and words. */
export function CallTimeline(props: {
  events: HotlineEvent[];
  startedAt: number;
  snapshot: LiveSnapshot | null;
}): ReactNode {
  const { events, startedAt, snapshot } = props;
  const { t } = useTranslation();
  const names = namesOf(snapshot);
  if (events.length === 0) return <p>{t('call.noEvents')}</p>;
  return (
    <Timeline
      items={events.map((event) => {
        const { title, detail, tone } = describeEvent(event, t, names);
        return {
          key: event.eventId,
          color: tone,
          content: (
            <div className="call-event" data-event={event.type}>
              <b>{title}</b>
              <time className="num" dateTime={new Date(event.at).toISOString()}>
                {timeOfDay(event.at)} · +{clockDuration(event.at - startedAt)}
              </time>
              {detail !== '' && <p>{detail}</p>}
            </div>
          ),
        };
      })}
    />
  );
}
