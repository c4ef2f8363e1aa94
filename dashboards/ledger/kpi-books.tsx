import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LedgerView } from '../../services/adapters/http/contract/ledger.ts';
import type { LiveSnapshot } from '../../services/adapters/http/contract/live.ts';
import { whole } from '../shared/format/numbers.ts';
import { timeOfDay } from '../shared/format/time.ts';
import { currentLanguage } from '../shared/i18n.ts';
import { Hint } from '../shared/ui/hint.tsx';

/** The day's counters against the records: what each says where they differ. */
export function KpiBooks(props: { kpi: LedgerView['kpi']; snapshot: LiveSnapshot | null }): ReactNode {
  const { kpi, snapshot } = props;
  const { t } = useTranslation();
  if (kpi === null) return <Hint title={t('ledger.kpiNotYet')}>{t('ledger.kpiNotYetWhat')}</Hint>;
  const checked = t('ledger.checked', { date: kpi.day, time: timeOfDay(kpi.checkedAt) });
  if (kpi.differences.length === 0) return <Hint title={t('ledger.kpiAgree')}>{checked}</Hint>;
  const names = new Map(snapshot?.queues.map((queue) => [queue.queue, queue.name[currentLanguage()]]));
  return (
    <>
      <p className="ledger-small ledger-checked">{checked}</p>
      <ul className="ledger-list">
        {kpi.differences.map((one) => (
          <li key={`${one.queue} ${one.kpi}`} data-kpi={one.kpi}>
            <div className="ledger-line">
              <b>{t(`ledger.kpi.${one.kpi}`)}</b>
              <span>{names.get(one.queue) ?? one.queue}</span>
            </div>
            <p className="num">
              {t('ledger.figures', {
                live: figures(one.kpi, one.live),
                recorded: figures(one.kpi, one.recorded),
              })}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Numerator ÷ denominator, or a single count; the first is milliseconds where the KPI is a time. */
function figures(kpi: string, [first = 0, ...rest]: readonly number[]): string {
  const isTime = kpi.startsWith('average_') || kpi.endsWith('_time');
  return [`${whole(first)}${isTime ? ' ms' : ''}`, ...rest.map(whole)].join(' ÷ ');
}
