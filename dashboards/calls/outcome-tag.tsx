import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallRow } from '../../services/adapters/http/contract/calls.ts';
import type { CallOutcome } from '../../services/events/vocabulary.ts';

const tone: Record<CallOutcome, 'ok' | 'warn' | 'bad' | 'plain'> = {
  answered: 'ok',
  self_served: 'ok',
  voicemail: 'plain',
  callback_requested: 'plain',
  closed: 'plain',
  blocked: 'plain',
  abandoned_in_ivr: 'plain',
  abandoned_in_queue: 'warn',
  failed: 'bad',
};

/** What became of the call, or that it lasts. */
export function OutcomeTag({ call }: { call: Pick<CallRow, 'outcome' | 'degraded'> }): ReactNode {
  const { t } = useTranslation();
  const { outcome, degraded } = call;
  return (
    <>
      <span className={`outcome outcome-${outcome === null ? 'open' : tone[outcome]}`}>
        {outcome === null ? t('calls.lasting') : t(`outcome.${outcome}`)}
      </span>
      {degraded && (
        <span className="outcome outcome-warn" title={t('calls.degradedWhat')}>
          {t('calls.degraded')}
        </span>
      )}
    </>
  );
}
