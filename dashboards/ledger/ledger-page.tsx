import { Alert, Button, Spin } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { failureText } from '../shared/api/failure-text.ts';
import { useLive } from '../shared/live/live-context.tsx';
import { useBack } from '../shared/live/use-back.ts';
import { Hint } from '../shared/ui/hint.tsx';
import { KpiBooks } from './kpi-books.tsx';
import { UnexplainedList } from './unexplained-list.tsx';
import { useLedger } from './use-ledger.ts';
import './ledger.css';

/** For leads: calls that only one of two witnesses tells of, and KPIs on which counters and records differ. */
export default function LedgerPage(): ReactNode {
  const { t } = useTranslation();
  const { snapshot } = useLive();
  const books = snapshot?.books;
  const { ledger, loading, failure, reload } = useLedger(
    books?.unexplainedCalls,
    books?.kpiDifferences,
    useBack(snapshot?.parts.postgres),
  );
  return (
    <div className="ledger">
      <h1 className="visually-hidden">{t('frame.ledger')}</h1>
      {failure !== null && (
        <Alert
          type="error"
          showIcon
          title={failureText(failure)}
          action={<Button onClick={reload}>{t('failure.again')}</Button>}
        />
      )}
      {ledger === null && loading && (
        <div className="ledger-loading">
          <Spin size="large" />
        </div>
      )}
      {ledger !== null && (
        <>
          <section className="panel" aria-label={t('ledger.calls')}>
            <h2 className="panel-title">
              <span>{t('ledger.calls')}</span>
              <small className="num">{t('ledger.count', { count: ledger.unexplainedCalls })}</small>
            </h2>
            <p className="ledger-what">{t('ledger.callsWhat')}</p>
            {ledger.unexplained.length === 0 ? (
              <Hint title={t('ledger.none')}>{t('ledger.noneWhat')}</Hint>
            ) : (
              <UnexplainedList rows={ledger.unexplained} />
            )}
          </section>
          <section className="panel" aria-label={t('ledger.kpis')}>
            <h2 className="panel-title">
              <span>{t('ledger.kpis')}</span>
              <small className="num">
                {t('ledger.count', { count: ledger.kpi?.differences.length ?? 0 })}
              </small>
            </h2>
            <p className="ledger-what">{t('ledger.kpisWhat')}</p>
            <KpiBooks kpi={ledger.kpi} snapshot={snapshot} />
          </section>
        </>
      )}
    </div>
  );
}
