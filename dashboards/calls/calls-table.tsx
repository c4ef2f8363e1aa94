import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallRow } from '../../services/adapters/http/contract/calls.ts';
import type { LiveSnapshot } from '../../services/adapters/http/contract/live.ts';
import { clockDuration } from '../shared/format/duration.ts';
import { noValue } from '../shared/format/numbers.ts';
import { dateTime } from '../shared/format/time.ts';
import { currentLanguage } from '../shared/i18n.ts';
import { serverNow } from '../shared/live/clock.ts';
import { OutcomeTag } from './outcome-tag.tsx';

/** The list itself. On a narrow screen the lesser columns are left out; the timeline has all of it. */
export function CallsTable(props: {
  calls: CallRow[];
  snapshot: LiveSnapshot | null;
  openId: string | null;
  onOpen: (callId: string) => void;
}): ReactNode {
  const { calls, snapshot, openId, onOpen } = props;
  const { t } = useTranslation();
  const language = currentLanguage();
  const hotlines = new Map(snapshot?.hotlines.map((h) => [h.hotline, h.name[language]]));
  const agents = new Map(snapshot?.agents.map((a) => [a.agent, a.name]));
  return (
    <table className="calls-table">
      <thead>
        <tr>
          <th scope="col">{t('calls.startedAt')}</th>
          <th scope="col">{t('calls.number')}</th>
          <th scope="col" className="calls-wide">
            {t('calls.hotline')}
          </th>
          <th scope="col">{t('calls.outcome')}</th>
          <th scope="col" className="calls-wide">
            {t('calls.agent')}
          </th>
          <th scope="col" className="calls-right calls-wide">
            {t('calls.wait')}
          </th>
          <th scope="col" className="calls-right">
            {t('calls.talk')}
          </th>
          <th scope="col" className="calls-right calls-wide">
            {t('calls.wrapUp')}
          </th>
        </tr>
      </thead>
      <tbody>
        {calls.map((call) => (
          <tr
            key={call.callId}
            data-call={call.callId}
            className={call.callId === openId ? 'calls-open' : ''}
          >
            <td>
              <button type="button" className="calls-link" onClick={() => onOpen(call.callId)}>
                {dateTime(call.startedAt, serverNow())}
              </button>
            </td>
            <td>{call.callerNumber === '' ? t('number.withheld') : call.callerNumber}</td>
            <td className="calls-wide">{hotlines.get(call.hotline ?? '') ?? call.dialledNumber}</td>
            <td>
              <OutcomeTag call={call} />
            </td>
            <td className="calls-wide">
              {call.agent === null ? noValue : `${agents.get(call.agent) ?? ''} ${call.agent}`}
            </td>
            <td className="calls-right calls-wide">{clockDuration(call.waitMs)}</td>
            <td className="calls-right">{clockDuration(call.talkMs)}</td>
            <td className="calls-right calls-wide">
              {call.wrapUpMs === null ? noValue : clockDuration(call.wrapUpMs)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
