import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { followLink, pathOf } from '../../shared/ui/router.ts';
import { CallControls } from './call-controls.tsx';
import { usePhone } from './phone-context.tsx';
import './phone.css';

/** On the other pages: the call of this browser's phone, so that a ring is never missed for looking elsewhere. */
export function PhoneBar(): ReactNode {
  const { t } = useTranslation();
  const { call } = usePhone();
  if (call === null) return null;
  const doing = call.state === 'ringing' ? 'ringing' : call.held ? 'on-hold' : 'on-call';
  return (
    <aside className={`panel phone-bar st st-${doing}`} aria-label={t('desk.myCall')}>
      <a href={pathOf({ page: 'desk' })} onClick={followLink}>
        {t('desk.myCall')} · {t(`state.${doing}`)}
      </a>
      <CallControls />
    </aside>
  );
}
