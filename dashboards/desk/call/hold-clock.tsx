import { Alert } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveCallView } from '../../../services/adapters/http/contract/live.ts';
import { Elapsed, Remaining, useServerNow } from '../../shared/live/ticking.tsx';

type Promised = NonNullable<NonNullable<LiveCallView['hold']>['promise']>;

/** Counts down to what the caller was promised, and alerts once it is over. */
export function HoldClock({ since, promise }: { since: number; promise: Promised }): ReactNode {
  const { t } = useTranslation();
  const until = since + promise.promisedMs;
  const over = useServerNow() >= until;
  return (
    <p
      className={over ? 'desk-advice hold-line' : 'desk-quiet hold-line'}
      data-hold={over ? 'over' : 'promised'}
    >
      {/* Only the words are an alert: the clock beside them would be read out each second. */}
      <span role={over ? 'alert' : undefined}>
        {over ? t('hold.over') : t('hold.left', { reason: t(`holdReason.${promise.reason}`) })}
      </span>{' '}
      {over ? <Elapsed since={until} /> : <Remaining until={until} />}
    </p>
  );
}

/** How long what to say is shown. */
const thanksMs = 20_000;

/** What to say to a caller who has just been taken back (HLD-03), from hold or from the music while advice was taken. */
export function HoldThanks({ call }: { call: LiveCallView }): ReactNode {
  const { t } = useTranslation();
  const now = useServerNow();
  const [was, setWas] = useState({ callId: call.callId, held: call.held });
  const [backAt, setBackAt] = useState<number | null>(null);
  if (was.callId !== call.callId || was.held !== call.held) {
    const isBack = was.callId === call.callId && was.held && call.stage === 'talking';
    setWas({ callId: call.callId, held: call.held });
    setBackAt(isBack ? now : null);
  }
  if (backAt === null || call.held || now >= backAt + thanksMs) return null;
  return <Alert type="info" className="hold-line" data-hold="thanks" title={t('hold.thanks')} />;
}
