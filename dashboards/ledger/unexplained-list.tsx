import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { UnexplainedRow } from '../../services/adapters/http/contract/ledger.ts';
import { dateTime } from '../shared/format/time.ts';
import { serverNow } from '../shared/live/clock.ts';
import { followLink, pathOf } from '../shared/ui/router.ts';
import { whyText } from './why-text.ts';

/** What only one of the two witnesses tells of, the newest first. */
export function UnexplainedList({ rows }: { rows: UnexplainedRow[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <ul className="ledger-list">
      {rows.map((row) => (
        <li key={`${row.kind} ${row.id}`} data-unexplained={row.id}>
          <div className="ledger-line">
            <b>{t(`ledger.kind.${row.kind}`)}</b>
            <time dateTime={new Date(row.startedAt).toISOString()}>
              {dateTime(row.startedAt, serverNow())}
            </time>
          </div>
          <p>{whyText(row.reason, t)}</p>
          <p className="ledger-small">
            {t('calls.callId')}{' '}
            {row.recorded ? (
              <a href={pathOf({ page: 'calls', callId: row.callId })} onClick={followLink}>
                {row.callId}
              </a>
            ) : (
              row.callId
            )}
            {' · '}
            {t('ledger.foundAt', { time: dateTime(row.foundAt, serverNow()) })}
          </p>
        </li>
      ))}
    </ul>
  );
}
