import { App, Switch } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveQueueView } from '../../services/adapters/http/contract/live.ts';
import { setReserve } from '../shared/api/endpoints.ts';
import { failureText } from '../shared/api/failure-text.ts';
import { dateTime } from '../shared/format/time.ts';
import { currentLanguage } from '../shared/i18n.ts';
import { serverNow } from '../shared/live/clock.ts';
import { useSignedIn } from '../shared/session/session-context.tsx';

/** The queue's reserve: how many there are, how many could be rung, who called them in; leads call in and let go (KPI-05). */
export function ReserveSwitch({ queue }: { queue: LiveQueueView }): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { role } = useSignedIn();
  const [busy, setBusy] = useState(false);
  const { agents, available, calledIn } = queue.reserve;
  if (agents === 0) return null;
  const turn = async (on: boolean) => {
    setBusy(true);
    try {
      await setReserve(queue.queue, { on });
    } catch (error) {
      message.error(failureText(error), 6);
    }
    setBusy(false);
  };
  return (
    <div className="queue-reserve" data-reserve={calledIn === null ? 'off' : 'on'}>
      {role !== 'agent' && (
        <Switch
          checked={calledIn !== null}
          loading={busy}
          onChange={(on) => void turn(on)}
          aria-label={t('reserve.set', { queue: queue.name[currentLanguage()] })}
        />
      )}
      <span>{t(calledIn === null ? 'reserve.off' : 'reserve.on')}</span>
      <small className="num">
        {t('reserve.count', { agents, available })}
        {calledIn !== null &&
          ` · ${t('switch.turned', { by: calledIn.by, time: dateTime(calledIn.since, serverNow()) })}`}
      </small>
    </div>
  );
}
