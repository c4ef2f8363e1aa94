import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveAgentView } from '../../services/adapters/http/contract/live.ts';
import { BrowserPhoneSwitch } from './phone/browser-phone-switch.tsx';

/** Whether a phone of mine can be rung now, and what to do when not. */
export function PhoneCard({ me }: { me: LiveAgentView }): ReactNode {
  const { t } = useTranslation();
  const reachable = me.devices.length > 0;
  return (
    <section className="panel desk-card" data-phone={reachable ? 'reachable' : 'unreachable'}>
      <h2>{t('desk.myPhone')}</h2>
      <p className={reachable ? 'desk-phone-ok' : 'desk-phone-bad'}>
        {reachable ? <CheckCircleFilled /> : <CloseCircleFilled />}{' '}
        {reachable ? me.devices.map((device) => t(`device.${device}`)).join(' · ') : t('desk.noPhone')}
      </p>
      {!reachable && <p className="desk-quiet">{t('desk.noPhoneWhat', { agent: me.agent })}</p>}
      <BrowserPhoneSwitch />
    </section>
  );
}
