import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveCallView } from '../../services/adapters/http/contract/live.ts';
import { clockDuration } from '../shared/format/duration.ts';
import { useServerNow } from '../shared/live/ticking.tsx';

type Promised = NonNullable<NonNullable<LiveCallView['hold']>['promise']>;

/** So many times the promised time, and a lead is told (HLD-03). */
const overdueTimes = 1.5;

/** Why a caller is on hold and for how long they were told; half as long again, and it is overdue. */
export function HoldMore({ since, promise }: { since: number; promise: Promised }): ReactNode {
  const { t } = useTranslation();
  const overdue = useServerNow() >= since + promise.promisedMs * overdueTimes;
  const time = clockDuration(promise.promisedMs);
  return (
    <span className={overdue ? 'level-bad' : ''} data-hold={overdue ? 'overdue' : 'promised'}>
      {overdue
        ? t('hold.overdue', { time })
        : `${t(`holdReason.${promise.reason}`)} · ${t('hold.promised', { time })}`}
    </span>
  );
}
